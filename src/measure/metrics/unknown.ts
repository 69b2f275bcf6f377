import { exactly } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, sumOf } from './tally-sums.ts'

export const unknown: Metric = {
  name: 'unknown',
  unit: 'count',
  better: 'less',
  layer: 'app',
  needs: 'tallies',
  head: 'unknown',
  summary: 'Application operations whose outcome is unknown (a timeout, a connection lost under way), and those that were due and never started.',
  leavesFaultsOut: true,
  definition: 2,
  needsGenerator: false,
  measure: (sample) => exactly(sumOf(appClasses(sample), ({ info }) => info)),
}
