import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { boardHistory, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkedCell, checkerContract, LATE_NANOS, PLANTED_KEY } from './checker.contract.ts'
import { checkLeaderboard, leaderboard } from './leaderboard.ts'

type Row = Partial<HistoryRow>
const submit = (member: number, points: number, more: Row = {}): Row => ({ fn: 'submit', outcome: 'submit', key: member, arg: points, ...more })
const final = (member: number, score: number): Row => ({ layer: 'probe', fn: 'final score', key: member, ret: score, sent: 1e9 })
const unknown: Row = { status: 'info', done: -1 }
const times = (count: number, row: Row): Row[] => Array.from({ length: count }, () => row)

describe('checkLeaderboard', () => {
  it('is content when every acknowledged increment counts once', () => {
    const board = checkLeaderboard(historyOf([submit(1, 3), submit(1, 4), submit(2, 5), submit(2, 9, { status: 'fail' }), final(1, 7), final(2, 5)]))
    expect(board).toMatchObject({ increments: 4, acknowledged: 3, unknown: 0, members: 2, lostIncrements: 0, duplicatedIncrements: 0, examples: [] })
  })

  it('counts increments applied twice (50 acknowledged, 60 on the board)', () => {
    const board = checkLeaderboard(historyOf([...times(50, submit(1, 1)), final(1, 60)]))
    expect(board).toMatchObject({ lostIncrements: 0, duplicatedIncrements: 10 })
    expect(board.examples[0]).toContain('at least 10 increments applied twice')
  })

  it('counts lost increments', () => {
    expect(checkLeaderboard(historyOf([...times(50, submit(1, 2)), final(1, 94)]))).toMatchObject({ lostIncrements: 3, duplicatedIncrements: 0 })
    expect(checkLeaderboard(historyOf([submit(1, 2), submit(1, 10), submit(1, 3), final(1, 3)]))).toMatchObject({ lostIncrements: 2 })
    expect(checkLeaderboard(historyOf([submit(1, 2), final(1, 0)]))).toMatchObject({ lostIncrements: 1 })
  })

  it('lets increments of unknown outcome count either way', () => {
    for (const score of [5, 8]) {
      expect(checkLeaderboard(historyOf([submit(1, 5), submit(1, 3, unknown), final(1, score)]))).toMatchObject({
        unknown: 1,
        lostIncrements: 0,
        duplicatedIncrements: 0,
      })
    }
    expect(checkLeaderboard(historyOf([submit(1, 5), submit(1, 3, unknown), final(1, 9)]))).toMatchObject({ duplicatedIncrements: 1 })
    expect(checkLeaderboard(historyOf([submit(1, 5), submit(1, 3, unknown), final(1, 4)]))).toMatchObject({ lostIncrements: 1 })
  })

  it('says nothing of members that were not read back', () => {
    expect(checkLeaderboard(historyOf([submit(1, 5)]))).toMatchObject({ members: 0, lostIncrements: 0, acknowledged: 1 })
  })

  it('counts moved ranks and answers out of order', () => {
    const rank = (member: number, ret: number): Row => ({ fn: 'rank', outcome: 'rank', key: member, ret })
    const top = (outcome: string): Row => ({ fn: 'top', outcome, key: 9 })
    const board = checkLeaderboard(historyOf([rank(1, 4), rank(1, 4), rank(1, 2), rank(2, 3), top('top'), top('top unsorted'), top('top duplicate')]))
    expect(board).toMatchObject({ rankChanges: 1, unsortedReads: 2 })
  })
})

/** Every subset, every way: the fewest increments that add up to at least so many points. */
function fewest(points: number, increments: readonly number[]): number {
  let least = Number.POSITIVE_INFINITY
  for (let subset = 0; subset < 1 << increments.length; subset++) {
    const chosen = increments.filter((_, index) => (subset & (1 << index)) !== 0)
    if (chosen.reduce((sum, one) => sum + one, 0) >= points) least = Math.min(least, chosen.length)
  }
  return least
}

describe('against every explanation', () => {
  const increments = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 7 })

  property.prop([increments, fc.nat({ max: 40 })], { seed: 20261126, numRuns: 300 })('of a loss: the fewest', (points, missing) => {
    const total = points.reduce((sum, one) => sum + one, 0)
    const lost = Math.min(missing, total)
    // Answers that tell no order.
    const rows = points.map((one) => submit(1, one))
    expect(checkLeaderboard(historyOf([...rows, final(1, total - lost)])).lostIncrements).toBe(lost === 0 ? 0 : fewest(lost, points))
  })

  property.prop([increments, fc.array(fc.nat({ max: 3 }), { minLength: 7, maxLength: 7 }), fc.array(fc.nat(), { minLength: 7, maxLength: 7 })], {
    seed: 20261126,
    numRuns: 300,
  })('of repeats whose answers tell the order: as many as there were', (points, repeats, order) => {
    let score = 0
    let repeated = 0
    const rows = points.map((one, index) => {
      const extra = index % 2 === 0 ? repeats[index]! : 0
      repeated += extra
      score += one * (1 + extra)
      return submit(1, one, { ret: score })
    })
    // However they are answered, all are over by the read-back.
    const shuffled = rows.map((row, index) => ({ ...row, op: index, sent: 0, done: 1 + (order[index]! % 1000) }))
    expect(checkLeaderboard(historyOf([...shuffled, final(1, score)]))).toMatchObject({ duplicatedIncrements: repeated, lostIncrements: 0 })
  })
})

const planted = (more: Row): Row => ({ key: PLANTED_KEY, sent: LATE_NANOS, done: LATE_NANOS + 9, ...more })
const PLANTED_SUBMIT = planted({ op: 9001, fn: 'submit', outcome: 'submit', arg: 5, ret: 5 })
const readBack = (ret: number) => planted({ layer: 'probe', fn: 'final score', outcome: 'found', ret, sent: LATE_NANOS + 99, done: LATE_NANOS + 99 })
checkerContract({
  checker: leaderboard,
  cell: checkedCell({ pattern: 'leaderboard' }),
  correct: stepsArbitrary.map(boardHistory),
  planted: {
    'a lost increment': [PLANTED_SUBMIT, readBack(0)],
    'an increment applied twice': [PLANTED_SUBMIT, readBack(10)],
    'an answer out of order': [planted({ fn: 'top', outcome: 'top unsorted', ret: 10 })],
  },
  plenty: [
    ...Array.from({ length: 40 }, (_, n): Row => submit(1, 2, { ret: 2 * n + 2, sent: n, done: n + 1 })),
    final(1, 80),
    ...Array.from({ length: 40 }, (): Row => ({ fn: 'top', outcome: 'top', key: 9, ret: 10 })),
  ],
})
