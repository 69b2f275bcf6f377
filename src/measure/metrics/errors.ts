import { exactly } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, notOk, sumOf } from './tally-sums.ts'

/** A timeout is one: whoever waited got nothing, and a run full of timeouts has errors. */
export const errors: Metric = {
  name: 'errors',
  unit: 'count',
  better: 'less',
  layer: 'app',
  needs: 'tallies',
  head: 'errors',
  summary: 'Application operations that failed, or whose outcome is unknown (a timeout, a connection lost, never started).',
  leavesFaultsOut: true,
  definition: 2,
  needsGenerator: false,
  measure: (sample) => exactly(sumOf(appClasses(sample), notOk)),
}
