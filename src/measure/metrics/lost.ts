import { isMissing, missing } from './figure.ts'
import { lostIncrements } from './lost-increments.ts'
import { lostSessions } from './lost-sessions.ts'
import type { Metric } from './metric.ts'

/** One column for what every pattern can lose. */
export const lost: Metric = {
  name: 'lost',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['sessions', 'leaderboard'],
  askedOfFaults: true,
  head: 'lost',
  summary: 'Acknowledged and gone: sessions of a session store, increments of a leaderboard.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure(sample) {
    const sessions = lostSessions.measure(sample)
    if (!isMissing(sessions)) return sessions
    const increments = lostIncrements.measure(sample)
    return isMissing(increments) ? missing('the pattern keeps nothing in the cache alone that could be lost') : increments
  },
}
