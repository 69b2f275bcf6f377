import { longestOutage } from './longest-outage.ts'
import type { Metric } from './metric.ts'

export const serviceReadUnavailable: Metric = {
  name: 'service_read_unavailable',
  unit: 'nanos',
  better: 'less',
  layer: 'cache',
  needs: 'tallies',
  head: 'server: no reads',
  summary:
    'The longest time around a fault in which the server itself answered no read, as a probe of our own saw it every 5 ms: without what the client waits for before it connects again.',
  askedOfFaults: true,
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: ({ cells }) => longestOutage(cells, 'serviceReadUnavailableNanos'),
}
