import { checkedField } from './checked-field.ts'
import type { Metric } from './metric.ts'

export const lostSessions: Metric = {
  name: 'lost_sessions',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['sessions'],
  askedOfFaults: true,
  head: 'lost sessions',
  summary: 'Acknowledged logins whose session, with lifetime left and no logout, a later read did not find.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => checkedField(sample, ({ sessions }) => sessions?.lostSessions, 'the pattern has no sessions'),
}
