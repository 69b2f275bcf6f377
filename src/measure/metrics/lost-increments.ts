import type { Leaderboard } from '../run-result.ts'
import { checkedField } from './checked-field.ts'
import { type Figure, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import type { Sample } from './sample.ts'

export const lostIncrements: Metric = {
  name: 'lost_increments',
  unit: 'count',
  better: 'less',
  layer: 'check',
  needs: 'checked history',
  checkers: ['leaderboard'],
  askedOfFaults: true,
  head: 'lost increments',
  summary: 'Acknowledged increments of a leaderboard that the final scores lack: the fewest that explain them.',
  leavesFaultsOut: false,
  needsGenerator: false,
  measure: (sample) => readBack(sample, ({ lostIncrements: lost }) => lost),
}

/** A field of the leaderboard's check, which needs the final scores. */
export function readBack(sample: Sample, field: (board: Leaderboard) => number): Figure {
  if (sample.cells.some(({ leaderboard }) => leaderboard?.members === 0)) return missing('no final score was read back')
  return checkedField(sample, ({ leaderboard }) => leaderboard && field(leaderboard), 'the pattern has no leaderboard')
}
