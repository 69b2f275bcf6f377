import { checkedField } from './checked-field.ts'
import type { Metric } from './metric.ts'

export const staleReads: Metric = {
  name: 'stale_reads',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['staleness'],
  head: 'stale reads',
  summary: 'Reads that were stale for certain.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => checkedField(sample, ({ staleness }) => staleness?.staleReads, 'the pattern has no versions to judge by'),
}
