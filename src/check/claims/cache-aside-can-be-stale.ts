import type { Cell } from '../../measure/run-result.ts'
import { staleShare } from '../../measure/stale-share.ts'
import { countInWords, shareInWords } from '../../measure/words.ts'
import { noneOf, upperBound } from '../rule-of-three.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, counterexampleOf, type Finding } from './finding.ts'
import { leavesToTtl } from './strategies.ts'

export const cacheAsideCanBeStale: Claim = {
  id: 'cache-aside-can-be-stale',
  sentence: 'With cache-aside a read can return data that is stale.',
  source: "Cloud vendors' caching guides on lazy loading: data in the cache can become stale",
  threshold: 'one read that began after a newer version was acknowledged and returned an older one',
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, (cell) => isCacheAside(cell) && cell.staleness !== undefined, { timing: false })
    const findings = cells.map((cell): Finding => {
      const { judgedReads, refutableReads = judgedReads, staleReads, staleAtEnd, readBack } = cell.staleness!
      const staleRatio = staleShare(cell.staleness!) ?? 0
      if (staleReads + staleAtEnd === 0) {
        const few = tooFew(cell, {
          observations: refutableReads,
          of: 'reads that began after a commit to their key',
          testedBy: 'cache-aside-overwrite',
        })
        return {
          outcome: 'undecided',
          observations: refutableReads,
          notTested: few,
          text: `${nameOf(cell)}: stale reads ${noneOf(refutableReads, 'that could have been')}`,
          numbers: { judgedReads, refutableReads, staleReads, upperBound: upperBound(refutableReads) },
          cells: [cell],
        }
      }
      return {
        outcome: 'supported',
        observations: refutableReads,
        text:
          `${nameOf(cell)}: ${countInWords(staleReads)} of ${countInWords(judgedReads)} reads were stale for certain (${shareInWords(staleRatio)}), ` +
          `and ${staleAtEnd} of ${readBack} keys read back after the load were still stale`,
        numbers: { judgedReads, staleReads, staleRatio, staleAtEnd, readBack },
        cells: [cell],
        counterexample: counterexampleOf(evidence, 'checker/stale-reads', cell),
      }
    })
    return claimVerdict(cacheAsideCanBeStale, findings, leftOut, 'no cache-aside workload has a history that freshness could be judged by')
  },
}

/** That entries which nobody touches grow old needs no proof. */
function isCacheAside(cell: Cell): boolean {
  return cell.pattern === 'cache-aside' && !leavesToTtl(cell)
}
