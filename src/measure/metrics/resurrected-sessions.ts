import { checkedField } from './checked-field.ts'
import type { Metric } from './metric.ts'

export const resurrectedSessions: Metric = {
  name: 'resurrected_sessions',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['sessions'],
  askedOfFaults: true,
  head: 'resurrected',
  summary: 'Acknowledged logouts after which a read still found the session, with no login in between.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => checkedField(sample, ({ sessions }) => sessions?.resurrectedSessions, 'the pattern has no sessions'),
}
