import { countInWords } from '../../measure/words.ts'
import { cellSettings } from '../cell-settings.ts'
import { noneOf, upperBound } from '../rule-of-three.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

const MIN_READS = 30

/** The instance is the application's. What the loss of the cache does to sessions is another question, and such cells are left out. */
export const sessionsSurviveInstanceLoss: Claim = {
  id: 'sessions-survive-instance-loss',
  sentence: 'Sessions kept in a cache survive the loss of an application instance.',
  source: "Cloud vendors' caching guides on session stores: sessions outlive the servers that made them",
  threshold: `no session lost with an instance killed under load, at least ${MIN_READS} reads by another instance than wrote last; contradicted by one`,
  measure(evidence) {
    const leftOut = { reasons: [] as string[] }
    const killed = usableCells(evidence.cells, leftOut, (cell) => cell.sessions !== undefined && cellSettings(cell).killInstance !== undefined, {
      timing: false,
    })
    const findings = killed.flatMap((cell): Finding[] => {
      if (cellSettings(cell).faults.length > 0) {
        leftOut.reasons.push(`${cell.id}, which also broke the cache`)
        return []
      }
      const { lostSessions, sharedReads, loginsAcknowledged, examples } = cell.sessions!
      const numbers = { lostSessions, sharedReads, loginsAcknowledged }
      if (lostSessions > 0) {
        const text = `${nameOf(cell)}: ${countInWords(lostSessions)} of ${countInWords(loginsAcknowledged)} sessions were lost`
        return [{ outcome: 'contradicted', text, numbers, cells: [cell], counterexample: examples }]
      }
      const text = `${nameOf(cell)}: lost sessions ${noneOf(loginsAcknowledged)}, ${countInWords(sharedReads)} reads by another instance than wrote last`
      return [
        {
          outcome: sharedReads >= MIN_READS ? 'supported' : 'undecided',
          text,
          numbers: { ...numbers, upperBound: upperBound(loginsAcknowledged) },
          cells: [cell],
        },
      ]
    })
    return claimVerdict(sessionsSurviveInstanceLoss, findings, leftOut, 'no cell keeps sessions and kills an application instance')
  },
}
