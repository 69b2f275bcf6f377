import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { cacheCalls, notOk, sumOf } from './tally-sums.ts'

/** A pattern may answer in spite of them, from the database; the cache is broken all the same. */
export const cacheErrors: Metric = {
  name: 'cache_errors',
  unit: 'count',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'cache errors',
  summary: 'Calls to the cache that failed, or whose outcome is unknown; the application may have survived them.',
  leavesFaultsOut: true,
  definition: 2,
  needsGenerator: false,
  measure(sample) {
    const calls = cacheCalls(sample)
    return calls.length === 0 ? missing('the cache was not called') : exactly(sumOf(calls, notOk))
  },
}
