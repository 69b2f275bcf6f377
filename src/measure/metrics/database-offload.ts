import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, callsOf, sumOf, totalOf } from './tally-sums.ts'

/** A baseline has a database and takes nothing off it; a pattern that never asked one has nothing to take load off. */
export const databaseOffload: Metric = {
  name: 'database_offload',
  unit: 'ratio',
  better: 'more',
  layer: 'database',
  needs: 'tallies',
  head: 'offload',
  summary: 'Database offload, 1 - database reads / application reads: the load the cache takes off the database.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure(sample) {
    if (sample.cells.every(({ role }) => role === 'baseline')) return missing('there is no cache that could take load off the database')
    const reads = sumOf(appClasses(sample), ({ kind, ok }) => (kind === 'read' ? ok : 0))
    const calls = callsOf(sample, 'database')
    if (reads === 0 || calls.length === 0) return missing('there were no application reads with a database behind them')
    return exactly(1 - totalOf(callsOf(sample, 'database', 'read')) / reads)
  },
}
