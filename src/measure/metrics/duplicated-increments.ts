import { readBack } from './lost-increments.ts'
import type { Metric } from './metric.ts'

export const duplicatedIncrements: Metric = {
  name: 'duplicated_increments',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['leaderboard'],
  askedOfFaults: true,
  head: 'applied twice',
  summary:
    'Increments of a leaderboard applied more often than they were asked for: as the answers show, else the fewest that explain the final scores.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => readBack(sample, ({ duplicatedIncrements: duplicated }) => duplicated),
}
