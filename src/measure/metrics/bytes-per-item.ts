import { meanOfCost } from './cost-fields.ts'
import type { Metric } from './metric.ts'

export const bytesPerItem: Metric = {
  name: 'bytes_per_item',
  unit: 'bytes',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'bytes/item',
  summary: 'Memory for each item that the cache held when the load was over, less what the empty server used.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) =>
    meanOfCost(sample, ({ beforeBytes, afterBytes, items }) => (items === 0 ? undefined : Math.max(0, afterBytes - beforeBytes) / items)),
}
