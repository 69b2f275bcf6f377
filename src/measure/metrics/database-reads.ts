import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, callsOf, sumOf, totalOf } from './tally-sums.ts'

const PER_READS = 1000

/** What is left of the database's load: the same fact as its offload, but one that doubles when the load doubles. */
export const databaseReads: Metric = {
  name: 'database_reads',
  unit: 'number',
  better: 'less',
  layer: 'database',
  needs: 'tallies',
  head: 'database reads',
  summary: 'Database reads for each 1,000 application reads.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure(sample) {
    const reads = sumOf(appClasses(sample), ({ kind, ok }) => (kind === 'read' ? ok : 0))
    if (reads === 0 || callsOf(sample, 'database').length === 0) return missing('there were no application reads with a database behind them')
    return exactly((totalOf(callsOf(sample, 'database', 'read')) * PER_READS) / reads)
  },
}
