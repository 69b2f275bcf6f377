import { longestOutage } from './longest-outage.ts'
import type { Metric } from './metric.ts'

export const readUnavailable: Metric = {
  name: 'read_unavailable',
  unit: 'nanos',
  better: 'less',
  layer: 'app',
  needs: 'tallies',
  head: 'no reads',
  summary:
    'The longest time without a successful read around a fault, without end if none came back; 0 if no gap was longer than usual, or no fault injected.',
  askedOfFaults: true,
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: ({ cells }) => longestOutage(cells, 'readUnavailableNanos'),
}
