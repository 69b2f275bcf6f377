import type { Cell, Sessions } from '../../measure/run-result.ts'
import { countInWords, plural } from '../../measure/words.ts'
import { noneOf, upperBound } from '../rule-of-three.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

const MIN_READS = 30

export const sessionsSharedBetweenInstances: Claim = {
  id: 'sessions-shared-between-instances',
  sentence: 'A session written by one application instance is seen by every other.',
  source: "Cloud vendors' caching guides on session stores: any server can serve any user",
  threshold: `no session or update missed by an instance that did not write it, in at least ${MIN_READS} such reads; contradicted by one; only what was over before anything was broken counts`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, (cell) => cell.sessions !== undefined && cell.instances >= 2, { timing: false })
    const findings = cells.map((cell): Finding => {
      const { sharedReads, sharedReadsLost, examples } = beforeFaults(cell)
      const numbers = { sharedReads, sharedReadsLost }
      if (sharedReadsLost > 0) {
        const text = `${nameOf(cell)}: ${plural(sharedReadsLost, 'read')} of ${countInWords(sharedReads)} by another instance than wrote last missed it`
        return { outcome: 'contradicted', observations: sharedReads, text, numbers, cells: [cell], counterexample: examples }
      }
      const text = `${nameOf(cell)}: missed by another instance: ${noneOf(sharedReads)}`
      const few = tooFew(cell, {
        observations: sharedReads,
        least: MIN_READS,
        of: 'reads by another instance than wrote last',
        testedBy: 'session-store',
      })
      return {
        outcome: few ? 'undecided' : 'supported',
        observations: sharedReads,
        notTested: few,
        text,
        numbers: { ...numbers, upperBound: upperBound(sharedReads) },
        cells: [cell],
      }
    })
    return claimVerdict(sessionsSharedBetweenInstances, findings, leftOut, 'nothing that ran keeps sessions for two instances or more')
  },
}

/** What breaks a server or ends an instance also ends sessions: that is another claim's matter. */
function beforeFaults({ sessions, events }: Cell): Pick<Sessions, 'sharedReads' | 'sharedReadsLost' | 'examples'> {
  const { sharedReads, sharedReadsLost, sharedReadsBeforeFaults, sharedReadsLostBeforeFaults, examples } = sessions!
  if (sharedReadsBeforeFaults !== undefined && sharedReadsLostBeforeFaults !== undefined)
    return { sharedReads: sharedReadsBeforeFaults, sharedReadsLost: sharedReadsLostBeforeFaults, examples }
  // A run of before the two were counted apart.
  return events.some(({ kind }) => kind === 'fault')
    ? { sharedReads: 0, sharedReadsLost: 0, examples: [] }
    : { sharedReads, sharedReadsLost, examples }
}
