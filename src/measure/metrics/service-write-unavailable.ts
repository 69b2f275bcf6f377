import { longestOutage } from './longest-outage.ts'
import type { Metric } from './metric.ts'

export const serviceWriteUnavailable: Metric = {
  name: 'service_write_unavailable',
  unit: 'nanos',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'server: no writes',
  summary:
    'The longest time around a fault in which the server itself answered no write, as a probe of our own saw it every 5 ms: without what the client waits for before it connects again.',
  askedOfFaults: true,
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: ({ cells }) => longestOutage(cells, 'serviceWriteUnavailableNanos'),
}
