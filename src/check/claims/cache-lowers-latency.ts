import { meanResponse } from '../../measure/metrics/miss-penalty.ts'
import type { Cell } from '../../measure/run-result.ts'
import { digits, nanosInWords } from '../../measure/words.ts'
import { tooFew } from '../too-few.ts'
import type { Claim } from './claim.ts'
import { baselineOf, blocksInWords, byBlocks, nameOf, unanimous, usableCells } from './evidence.ts'
import { claimVerdict, type Finding } from './finding.ts'
import { isCachedRows, okCount, readClasses } from './row-patterns.ts'

const MIN_READS = 100
const SUPPORTED_RATIO = 0.9

/** Mean response of all reads, hits and misses together, against the same load on the database alone. */
export const cacheLowersLatency: Claim = {
  id: 'cache-lowers-latency',
  sentence: 'A cache in front of the database lowers the response time of reads.',
  source: "Cloud vendors' caching guides: in-memory reads take under a millisecond, database reads several",
  threshold: `mean response of all reads at most ${SUPPORTED_RATIO} of the baseline's in every block; contradicted from 1.0 in every block; at least ${MIN_READS} reads each`,
  measure(evidence) {
    const leftOut = { reasons: [] }
    const findings = byBlocks(usableCells(evidence.cells, leftOut, isCachedRows)).flatMap((blocks) => {
      const pairs = blocks.flatMap((cell) => {
        const baseline = baselineOf(evidence.cells, cell, leftOut)
        return baseline ? [{ cell, baseline }] : []
      })
      return pairs.length === 0 ? [] : [findingOf(pairs)]
    })
    return claimVerdict(cacheLowersLatency, findings, leftOut, 'nothing that ran with a cache and a database has a baseline beside it')
  },
}

function findingOf(pairs: readonly { readonly cell: Cell; readonly baseline: Cell }[]): Finding {
  const cells = pairs.flatMap(({ cell, baseline }) => [cell, baseline])
  const name = nameOf(pairs[0]!.cell)
  const reads = Math.min(...cells.map((cell) => okCount(readClasses(cell))))
  const few = tooFew(pairs[0]!.cell, { observations: reads, least: MIN_READS, of: 'reads in a block', testedBy: 'cache-aside' })
  if (few) return { outcome: 'undecided', observations: reads, notTested: few, text: `${name}: only ${reads} reads in a block`, cells }
  const ratios = pairs.map(({ cell, baseline }) => meanResponse(readClasses(cell))! / meanResponse(readClasses(baseline))!)
  const outcome = unanimous(ratios.map((ratio) => (ratio <= SUPPORTED_RATIO ? 'supported' : ratio >= 1 ? 'contradicted' : 'undecided')))
  const cachedMeanNanos = meanResponse(pairs.flatMap(({ cell }) => readClasses(cell)))!
  const baselineMeanNanos = meanResponse(pairs.flatMap(({ baseline }) => readClasses(baseline)))!
  return {
    outcome,
    observations: reads,
    text:
      `${name}: reads took ${nanosInWords(cachedMeanNanos)} on average with the cache and ${nanosInWords(baselineMeanNanos)} without ` +
      `(${digits(cachedMeanNanos / baselineMeanNanos)} times, ${outcome === 'undecided' ? `${ratios.length} block(s)` : blocksInWords(ratios.length)})`,
    numbers: { cachedMeanNanos, baselineMeanNanos, ratio: cachedMeanNanos / baselineMeanNanos, blocks: ratios.length },
    cells,
  }
}
