import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, sumOf } from './tally-sums.ts'

export const hitRatio: Metric = {
  name: 'hit_ratio',
  unit: 'ratio',
  better: 'more',
  layer: 'cache',
  needs: 'tallies',
  head: 'hit ratio',
  summary: 'Reads answered from the cache / all reads that asked it.',
  leavesFaultsOut: true,
  needsGenerator: false,
  measure(sample) {
    const app = appClasses(sample)
    const hits = sumOf(app, ({ cache, ok }) => (cache === 'hit' ? ok : 0))
    const misses = sumOf(app, ({ cache, ok }) => (cache === 'miss' ? ok : 0))
    return hits + misses === 0 ? missing('no read asked the cache') : exactly(hits / (hits + misses))
  },
}
