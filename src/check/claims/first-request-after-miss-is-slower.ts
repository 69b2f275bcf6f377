import { meanResponse } from '../../measure/metrics/miss-penalty.ts'
import { digits, nanosInWords } from '../../measure/words.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { nameOf, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows, okCount, plainHits, plainMisses } from './row-patterns.ts'

const MIN_READS = 30
const SUPPORTED_RATIO = 1.2

export const firstRequestAfterMissIsSlower: Claim = {
  id: 'first-request-after-miss-is-slower',
  sentence: 'A request that misses the cache is slower than one that hits: it asks the cache, then the database, then stores what it found.',
  source: "Cloud vendors' caching guides on lazy loading: a miss costs three trips",
  threshold: `mean response of a read miss at least ${SUPPORTED_RATIO} times that of a read hit; contradicted up to 1.0 times; at least ${MIN_READS} of each`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const findings = usableCells(evidence.cells, leftOut, isCachedRows).flatMap((cell): Finding[] => {
      const hits = okCount(plainHits(cell))
      const misses = okCount(plainMisses(cell))
      const observations = Math.min(hits, misses)
      const few = tooFew(cell, { observations, least: MIN_READS, of: misses < hits ? 'misses' : 'hits', testedBy: 'cache-aside' })
      if (few) {
        const text = `${nameOf(cell)}: ${hits} hits and ${misses} misses are too few`
        return [{ outcome: 'undecided', observations, notTested: few, text, cells: [cell] }]
      }
      const missMeanNanos = meanResponse(plainMisses(cell))!
      const hitMeanNanos = meanResponse(plainHits(cell))!
      const ratio = missMeanNanos / hitMeanNanos
      return [
        {
          observations,
          outcome: ratio >= SUPPORTED_RATIO ? 'supported' : ratio <= 1 ? 'contradicted' : 'undecided',
          text: `${nameOf(cell)}: a miss took ${nanosInWords(missMeanNanos)} on average and a hit ${nanosInWords(hitMeanNanos)} (${digits(ratio)} times; n = ${misses} and ${hits})`,
          numbers: { missMeanNanos, hitMeanNanos, ratio, misses, hits },
          cells: [cell],
        },
      ]
    })
    return claimVerdict(firstRequestAfterMissIsSlower, findings, leftOut, 'nothing that ran has a cache in front of a database')
  },
}
