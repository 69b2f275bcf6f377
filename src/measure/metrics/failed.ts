import { exactly } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, sumOf } from './tally-sums.ts'

export const failed: Metric = {
  name: 'failed',
  unit: 'count',
  better: 'less',
  layer: 'app',
  needs: 'tallies',
  head: 'failed',
  summary: 'Application operations that failed for certain: nothing was applied.',
  leavesFaultsOut: true,
  needsGenerator: false,
  measure: (sample) => exactly(sumOf(appClasses(sample), ({ fail }) => fail)),
}
