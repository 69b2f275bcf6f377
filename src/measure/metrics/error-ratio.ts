import { exactly, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, notOk, sumOf, totalOf } from './tally-sums.ts'

export const errorRatio: Metric = {
  name: 'error_ratio',
  unit: 'ratio',
  better: 'less',
  layer: 'app',
  needs: 'tallies',
  head: 'error ratio',
  summary: 'Application operations that failed or whose outcome is unknown / all application operations.',
  leavesFaultsOut: true,
  definition: 2,
  needsGenerator: false,
  measure(sample) {
    const app = appClasses(sample)
    const all = totalOf(app)
    return all === 0 ? missing('no operation was due') : exactly(sumOf(app, notOk) / all)
  },
}
