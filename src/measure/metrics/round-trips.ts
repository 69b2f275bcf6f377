import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, callsOf, sumOf, totalOf } from './tally-sums.ts'

/** What was never started has asked nothing of the cache. */
export const roundTrips: Metric = {
  name: 'round_trips',
  unit: 'number',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'round trips',
  summary: 'Round trips to the cache for each operation of the application.',
  leavesFaultsOut: false,
  definition: 2,
  needsGenerator: false,
  measure(sample) {
    const app = appClasses(sample)
    const started = totalOf(app) - sumOf(app, ({ unstarted }) => unstarted)
    const calls = callsOf(sample, 'cache')
    if (started === 0 || calls.length === 0) return missing('the cache was not called')
    return exactly(totalOf(calls) / started)
  },
}
