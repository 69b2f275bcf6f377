import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, sumOf } from './tally-sums.ts'

export const degradedReads: Metric = {
  name: 'degraded_reads',
  unit: 'count',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'degraded reads',
  summary: 'Reads that the database served because the cache refused or did not answer.',
  leavesFaultsOut: true,
  definition: 2,
  needsGenerator: false,
  measure(sample) {
    const degraded = appClasses(sample).filter((one) => one.degraded)
    return degraded.length === 0 ? missing('the pattern has no second place to read from') : exactly(sumOf(degraded, ({ ok }) => ok))
  },
}
