import { meanOfCost } from './cost-fields.ts'
import type { Metric } from './metric.ts'

/** Without what the empty server takes: that is the program's and not the strategy's. */
export const memory: Metric = {
  name: 'memory',
  unit: 'bytes',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'memory',
  summary: "The most memory that the cache's data took (used_memory; of Memcached, the bytes of its items), less what the empty server used.",
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => meanOfCost(sample, ({ beforeBytes, peakBytes }) => Math.max(0, peakBytes - beforeBytes)),
}
