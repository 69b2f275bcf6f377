import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, sumOf } from './tally-sums.ts'

const SECOND = 1e9

/**
 * Only what was due and answered in the measured time: a backlog of the warm-up, and answers that came when the load
 * was over, would make a slow target look fast.
 */
export const rate: Metric = {
  name: 'rate',
  unit: 'rate',
  better: 'more',
  layer: 'app',
  needs: 'tallies',
  head: 'rate',
  summary: 'Application operations answered with success, a second.',
  leavesFaultsOut: true,
  definition: 2,
  needsGenerator: true,
  measure(sample) {
    if (sample.measuredNanos <= 0) return missing('no phase was measured')
    return exactly((sumOf(appClasses(sample), ({ inTime }) => inTime) * SECOND) / sample.measuredNanos)
  },
}
