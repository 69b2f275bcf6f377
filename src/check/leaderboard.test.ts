import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { checkLeaderboard } from './leaderboard.ts'

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
