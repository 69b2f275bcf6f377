import type { Cell, Recovery } from '../../measure/run-result.ts'
import { plural } from '../../measure/words.ts'
import type { Claim } from './claim.ts'
import { nameOf } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

/** Faults that end the server's process: what persistence or a replica would have to make up for. */
const SERVER_LOSS = new Set(['kill', 'restart', 'crash'])

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
      return claimVerdict(memcachedLacksReplicasPersistenceRichTypes, [], { reasons: [] }, 'no cell ran on a Memcached target')
    const types = memcached.flatMap(richTypes)
    const losses = memcached.flatMap(survival)
    const missing = [
      ...(types.length > 0 ? [] : ['rich data types (no leaderboard was run on it)']),
      ...(losses.length > 0 ? [] : ['replicas and persistence (its server was not killed while it kept sessions)']),
    ]
    // Half of the sentence is not the sentence: what was seen stays told, but supports nothing until the rest was tried.
    const findings = [...types, ...losses].map(
      (one): Finding => (missing.length > 0 && one.outcome === 'supported' ? { ...one, outcome: 'undecided' } : one),
    )
    if (missing.length > 0) findings.push({ outcome: 'undecided', text: `Not measured: ${missing.join(' and ')}`, cells: memcached.slice(0, 1) })
    const sorted = evidence.cells.find((cell) => cell.leaderboard !== undefined && cell.target.engine !== 'memcached')
    if (sorted) findings.push({ outcome: 'undecided', text: `${nameOf(sorted)} keeps a leaderboard in a sorted set`, cells: [sorted] })
    return claimVerdict(memcachedLacksReplicasPersistenceRichTypes, findings, { reasons: [] }, '')
  },
}

function richTypes(cell: Cell): Finding[] {
  if (cell.pattern !== 'leaderboard') return []
  if (cell.notApplicable !== undefined)
    return [{ outcome: 'supported', text: `${nameOf(cell)} does not apply: ${cell.notApplicable}`, cells: [cell] }]
  if (cell.leaderboard === undefined || cell.leaderboard.acknowledged === 0) return []
  return [{ outcome: 'contradicted', text: `${nameOf(cell)} measured a leaderboard`, cells: [cell] }]
}

/** Sessions tell what a server kept: there is no database to fall back to, so what is not found is not there. */
function survival(cell: Cell): Finding[] {
  const { sessions } = cell
  const loss = cell.recovery.find((recovery) => SERVER_LOSS.has(recovery.fault) && recovery.endNanos !== undefined && recovery.lostSessions !== null)
  if (sessions === undefined || loss === undefined) return []
  const text = `${nameOf(cell)}: after ${loss.fault} ${plural(loss.lostSessions!, 'session')} with lifetime left were gone`
  if (loss.lostSessions! > 0) return [{ outcome: 'supported', text, cells: [cell] }]
  return foundAsBefore(loss) ? [{ outcome: 'contradicted', text: `${text}, and reads went on finding them`, cells: [cell] }] : []
}

/** That none was missed shows something only where they were looked for. */
function foundAsBefore({ hitRatioBefore, hitRatioLowest }: Recovery): boolean {
  return hitRatioBefore !== null && hitRatioLowest !== null && hitRatioBefore > 0.5 && hitRatioLowest > 0.5 * hitRatioBefore
}
