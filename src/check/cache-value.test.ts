import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { measureCacheValue } from './cache-value.ts'
import { cellFixture, classFixture } from './cell-fixture.contract.ts'

const CELL = cellFixture({
  classes: [
    classFixture('app', 'read hit', 'read', 80, 1),
    classFixture('app', 'read miss', 'read', 10, 5),
    classFixture('app', 'read absent miss', 'read', 10, 100),
    classFixture('app', 'write', 'write', 25, 4),
    classFixture('cache', 'get', 'read', 100),
    classFixture('cache', 'set', 'write', 50),
    classFixture('database', 'read', 'read', 20),
    classFixture('database', 'write', 'write', 25),
  ],
})
const set = (key: number, bytes: number, sent: number, more: Partial<HistoryRow> = {}): Partial<HistoryRow> => ({
  layer: 'cache',
  fn: 'set',
  outcome: 'stored',
  key,
  bytesOut: bytes,
  bytesIn: 5,
  sent,
  ...more,
})
const get = (key: number, outcome: string, sent: number): Partial<HistoryRow> => ({
  layer: 'cache',
  fn: 'get',
  outcome,
  key,
  bytesOut: 10,
  bytesIn: 20,
  sent,
})

describe('measureCacheValue', () => {
  it('takes counts and latencies from the classes', () => {
    expect(measureCacheValue(CELL, historyOf([]))).toMatchObject({
      reads: 100,
      hits: 80,
      misses: 20,
      hitRatio: 0.8,
      missPenaltyNanos: 4 * MILLISECOND,
      databaseReads: 20,
      databaseWrites: 25,
      databaseOffload: 0.8,
      roundTrips: 150 / 125,
    })
  })

  it('follows each stored value until it is read, overwritten, deleted or the end', () => {
    const rows = [
      set(1, 100, 1),
      get(1, 'hit', 2),
      set(1, 200, 3), // overwritten unread
      set(1, 400, 4),
      get(1, 'hit', 5),
      set(2, 1000, 6), // deleted unread
      { ...get(2, '', 7), fn: 'delete', outcome: 'deleted' },
      set(3, 5000, 8), // never read
      get(3, 'miss', 9),
      set(4, 70_000, 10, { status: 'fail', outcome: '' }),
    ]
    expect(measureCacheValue(CELL, historyOf(rows))).toMatchObject({
      storedBytes: 6700,
      neverReadBytes: 6200,
      bytesOut: 76_700 + 40,
      bytesIn: 30 + 80,
    })
  })

  it('leaves warm-up out of the bytes, but lets it read and be read', () => {
    const cell = {
      ...CELL,
      events: [
        { kind: 'phase' as const, name: 'warm-up', detail: '', startNanos: 0, endNanos: SECOND, warmUp: true },
        { kind: 'phase' as const, name: 'steady', detail: '', startNanos: SECOND, endNanos: 2 * SECOND, warmUp: false },
      ],
    }
    const rows = [set(1, 100, 1, { phase: 'warm-up' }), set(2, 200, 2), set(2, 400, 3, { phase: 'verify' })]
    expect(measureCacheValue(cell, historyOf(rows))).toMatchObject({ storedBytes: 200, neverReadBytes: 200, bytesOut: 200 })
  })

  it('takes the recorder’s totals where the history does not hold every row, and says that it can’t follow values', () => {
    expect(measureCacheValue(CELL, undefined, { bytesOut: 1, bytesIn: 2, storedBytes: 3 })).toMatchObject({
      hitRatio: 0.8,
      bytesOut: 1,
      storedBytes: 3,
      neverReadBytes: null,
    })
    expect(measureCacheValue(CELL, undefined)).toBeUndefined()
  })

  it('has no ratio of nothing', () => {
    expect(measureCacheValue(cellFixture(), historyOf([]))).toMatchObject({
      hitRatio: null,
      missPenaltyNanos: null,
      databaseOffload: null,
      roundTrips: 0,
    })
  })
})
