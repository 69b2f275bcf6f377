import { countInWords } from '../../measure/words.ts'
import { noneOf, upperBound } from '../rule-of-three.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { okCount, readClasses } from './row-patterns.ts'

const MIN_READS = 30

/** A board on which no rank ever moves proves nothing: that is the classic benchmark that adds the same scores again. */
export const sortedSetUniqueAndRanked: Claim = {
  id: 'sorted-set-unique-and-ranked',
  sentence: 'A sorted set keeps each member once and all of them in order of their scores while scores change.',
  source: "Cloud vendors' caching guides on leaderboards: sorted sets guarantee uniqueness and element ordering",
  threshold: `no answer unsorted or with a member twice in at least ${MIN_READS} reads while ranks moved; contradicted by one`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const cells = usableCells(evidence.cells, leftOut, (cell) => cell.leaderboard !== undefined, { timing: false })
    const findings = cells.map((cell): Finding => {
      const { unsortedReads, rankChanges, examples } = cell.leaderboard!
      const reads = okCount(readClasses(cell))
      const numbers = { reads, unsortedReads, rankChanges }
      if (unsortedReads > 0) {
        const text = `${nameOf(cell)}: ${countInWords(unsortedReads)} of ${countInWords(reads)} answers were unsorted or named a member twice`
        return { outcome: 'contradicted', observations: reads, text, numbers, cells: [cell], counterexample: examples }
      }
      const text = `${nameOf(cell)}: unsorted or repeating answers ${noneOf(reads)}, while ${countInWords(rankChanges)} reads found a member's rank moved`
      // Where no rank moves there was no order to keep.
      const observations = rankChanges > 0 ? reads : 0
      const few = tooFew(cell, { observations, least: MIN_READS, of: 'reads while ranks moved', testedBy: 'leaderboard' })
      return {
        outcome: few ? 'undecided' : 'supported',
        observations,
        notTested: few,
        text,
        numbers: { ...numbers, upperBound: upperBound(reads) },
        cells: [cell],
      }
    })
    return claimVerdict(sortedSetUniqueAndRanked, findings, leftOut, 'nothing that ran was a leaderboard')
  },
}
