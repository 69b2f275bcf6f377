import { checkedField } from './checked-field.ts'
import type { Metric } from './metric.ts'

export const lostUpdates: Metric = {
  name: 'lost_updates',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['sessions'],
  askedOfFaults: true,
  head: 'lost updates',
  summary: 'Acknowledged updates of a session that a later read did not see or another update overwrote unseen.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => checkedField(sample, ({ sessions }) => sessions?.lostUpdates, 'the pattern has no sessions'),
}
