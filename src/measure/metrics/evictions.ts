import { meanOfCost } from './cost-fields.ts'
import type { Metric } from './metric.ts'

export const evictions: Metric = {
  name: 'evictions',
  unit: 'count',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'evictions',
  summary: 'Entries that the cache threw out to make room, warm-up included; the mean of the blocks.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => meanOfCost(sample, (cost) => cost.evictions),
}
