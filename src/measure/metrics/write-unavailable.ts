import { longestOutage } from './longest-outage.ts'
import type { Metric } from './metric.ts'

export const writeUnavailable: Metric = {
  name: 'write_unavailable',
  unit: 'nanos',
  better: 'less',
  layer: 'app',
  needs: 'tallies',
  head: 'no writes',
  summary:
    'The longest time without a successful write around a fault, without end if none came back; 0 if no gap was longer than usual, or no fault injected.',
  askedOfFaults: true,
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: ({ cells }) => longestOutage(cells, 'writeUnavailableNanos'),
}
