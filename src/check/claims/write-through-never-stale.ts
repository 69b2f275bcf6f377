import { staleShare } from '../../measure/stale-share.ts'
import { countInWords, shareInWords } from '../../measure/words.ts'
import { noneOf, upperBound } from '../rule-of-three.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, counterexampleOf, type Finding } from './finding.ts'
import { writesThrough } from './strategies.ts'

/** A universal sentence: one stale read contradicts it, and no number of fresh ones proves it. */
export const writeThroughNeverStale: Claim = {
  id: 'write-through-never-stale',
  sentence: 'With write-through, data in the cache is never stale.',
  source: "A cloud vendor's caching guide on write-through, word for word",
  threshold:
    'contradicted by one read that was stale for certain or one key that stayed stale; without one the rate is bounded and "never" stays open',
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, (cell) => writesThrough(cell) && cell.staleness !== undefined, { timing: false })
    const findings = cells.map((cell): Finding => {
      const { judgedReads, refutableReads = judgedReads, staleReads, staleAtEnd, readBack } = cell.staleness!
      const staleRatio = staleShare(cell.staleness!) ?? 0
      if (staleReads + staleAtEnd === 0) {
        const few = tooFew(cell, { observations: refutableReads, of: 'reads that began after a commit to their key', testedBy: 'write-through' })
        return {
          outcome: 'undecided',
          observations: refutableReads,
          notTested: few,
          text: `${nameOf(cell)}: no counterexample observed, stale reads ${noneOf(refutableReads, 'that could have been')}`,
          numbers: { judgedReads, refutableReads, staleReads, upperBound: upperBound(refutableReads) },
          cells: [cell],
        }
      }
      return {
        outcome: 'contradicted',
        observations: refutableReads,
        text:
          `${nameOf(cell)}: ${countInWords(staleReads)} of ${countInWords(judgedReads)} reads were stale for certain (${shareInWords(staleRatio)}), ` +
          `and ${staleAtEnd} of ${readBack} keys read back after the load were still stale`,
        numbers: { judgedReads, staleReads, staleRatio, staleAtEnd, readBack },
        cells: [cell],
        counterexample: counterexampleOf(evidence, 'checker/stale-reads', cell),
      }
    })
    return claimVerdict(writeThroughNeverStale, findings, leftOut, 'no write-through workload has a history that freshness could be judged by')
  },
}
