import { countInWords } from '../../measure/words.ts'
import { cellSettings } from '../cell-settings.ts'
import { noneOf, upperBound } from '../rule-of-three.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'

const MIN_READS = 30

/**
 * The instance is the application's. What the loss of the cache does to sessions is another question, and such cells are
 * left out. Only sessions that the dead instance wrote last could have gone with it.
 */
export const sessionsSurviveInstanceLoss: Claim = {
  id: 'sessions-survive-instance-loss',
  sentence: 'Sessions kept in a cache survive the loss of an application instance.',
  source: "Cloud vendors' caching guides on session stores: sessions outlive the servers that made them",
  threshold: `no session missed that a killed instance had written last, in at least ${MIN_READS} reads of such sessions after the kill; contradicted by one`,
  measure(evidence) {
    const leftOut = { reasons: [] as string[] }
    const killed = usableCells(
      evidence.cells,
      leftOut,
      (cell) => cell.sessions?.orphanReads !== undefined && cellSettings(cell).killInstance !== undefined,
      { timing: false },
    )
    const findings = killed.flatMap((cell): Finding[] => {
      if (cellSettings(cell).faults.length > 0) {
        leftOut.reasons.push(`${cell.id}, which also broke the cache`)
        return []
      }
      const { orphanReads = 0, orphanReadsLost = 0, examples } = cell.sessions!
      const numbers = { orphanReads, orphanReadsLost }
      if (orphanReadsLost > 0) {
        const text = `${nameOf(cell)}: ${countInWords(orphanReadsLost)} of ${countInWords(orphanReads)} reads missed a session that the killed instance had written last`
        return [{ outcome: 'contradicted', observations: orphanReads, text, numbers, cells: [cell], counterexample: examples }]
      }
      const of = 'reads, after the kill, of sessions that the killed instance had written last'
      const few = tooFew(cell, { observations: orphanReads, least: MIN_READS, of, testedBy: 'session-store' })
      return [
        {
          outcome: few ? 'undecided' : 'supported',
          observations: orphanReads,
          notTested: few,
          text: `${nameOf(cell)}: sessions of the killed instance that were missed: ${noneOf(orphanReads, 'reads of them')}`,
          numbers: { ...numbers, upperBound: upperBound(orphanReads) },
          cells: [cell],
        },
      ]
    })
    return claimVerdict(sessionsSurviveInstanceLoss, findings, leftOut, 'nothing that ran keeps sessions and kills an application instance')
  },
}
