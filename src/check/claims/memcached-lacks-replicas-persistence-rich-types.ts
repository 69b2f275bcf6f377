import type { Cell } from '../../measure/run-result.ts'
import { countInWords } from '../../measure/words.ts'
import { suitesOn } from '../test-command.ts'
import { ENOUGH_OBSERVATIONS } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

/** Judged by what happened in the run alone; a lack that nothing in the run would have shown is named as not measured. */
export const memcachedLacksReplicasPersistenceRichTypes: Claim = {
  id: 'memcached-lacks-replicas-persistence-rich-types',
  sentence: 'Memcached has no replicas, no persistence and no rich data types; Redis and Valkey have.',
  source: "Cloud vendors' comparisons of Memcached with Redis and Valkey",
  threshold:
    'each lack shown by what a Memcached target did in this run: a leaderboard that does not apply, and sessions gone after the server was killed and came back; ' +
    'contradicted by a leaderboard measured on Memcached, or sessions kept over a kill; what was not tried is named and keeps the claim open',
  measure(evidence) {
    const memcached = evidence.cells.filter((cell) => cell.role === 'measured' && cell.target.engine === 'memcached')
    if (memcached.length === 0)
      return claimVerdict(memcachedLacksReplicasPersistenceRichTypes, [], { reasons: [] }, 'nothing ran on a Memcached target')
    const types = memcached.flatMap(richTypes)
    const losses = memcached.flatMap(survival)
    const missing = [
      ...(types.length > 0 ? [] : ['rich data types (no leaderboard was run on it)']),
      ...(losses.length > 0 ? [] : ['replicas and persistence (its server was not killed while it kept sessions)']),
    ]
    const suites = [...(types.length > 0 ? [] : ['leaderboard']), ...(losses.length > 0 ? [] : ['restart-without-persistence'])]
    const notTested = missing.length > 0 ? { why: missing.join(' and '), command: suitesOn(memcached[0]!, ...suites) } : undefined
    // Half of the sentence is not the sentence: what was seen stays told, but supports nothing until the rest was tried.
    const findings = [...types, ...losses].map(
      (one): Finding => (notTested && one.outcome === 'supported' ? { ...one, outcome: 'undecided', notTested } : one),
    )
    if (notTested) findings.push({ outcome: 'undecided', observations: 0, notTested, text: `Not measured: ${notTested.why}`, cells: [memcached[0]!] })
    const sorted = evidence.cells.find((cell) => cell.leaderboard !== undefined && cell.target.engine !== 'memcached')
    if (sorted) {
      const text = `${nameOf(sorted)} keeps a leaderboard in a sorted set`
      findings.push({ outcome: 'undecided', observations: 0, notTested, text, cells: [sorted] })
    }
    return claimVerdict(memcachedLacksReplicasPersistenceRichTypes, findings, { reasons: [] }, '')
  },
}

function richTypes(cell: Cell): Finding[] {
  if (cell.pattern !== 'leaderboard') return []
  if (cell.notApplicable !== undefined)
    return [{ outcome: 'supported', observations: 1, text: `${nameOf(cell)} does not apply: ${cell.notApplicable}`, cells: [cell] }]
  if (cell.leaderboard === undefined || cell.leaderboard.acknowledged === 0) return []
  return [{ outcome: 'contradicted', observations: 1, text: `${nameOf(cell)} measured a leaderboard`, cells: [cell] }]
}

/** Sessions tell what a server kept: there is no database to fall back to, so what is not found is not there. */
function survival(cell: Cell): Finding[] {
  const { readsAfterServerLoss: reads = 0, foundAfterServerLoss: found = 0 } = cell.sessions ?? {}
  if (reads < ENOUGH_OBSERVATIONS) return []
  const text = `${nameOf(cell)}: after its server was killed, ${countInWords(found)} of ${countInWords(reads)} reads found a session of before`
  return [{ outcome: found === 0 ? 'supported' : 'contradicted', observations: reads, text, numbers: { reads, found }, cells: [cell] }]
}
