import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import type { Cell, Wire } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'
import { cellFixture } from './cell-fixture.contract.ts'
import { wireMeter } from './measure-wire.ts'

const CELL = cellFixture()
const set = (key: number, bytes: number, sent: number, more: Partial<HistoryRow> = {}): Partial<HistoryRow> => ({
  layer: 'cache',
  parent: 7,
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
  parent: 7,
  fn: 'get',
  outcome,
  key,
  bytesOut: 10,
  bytesIn: 20,
  sent,
})

/** In chunks of two rows: where one ends means nothing. */
function measureWire(cell: Pick<Cell, 'events'>, rows: readonly Partial<HistoryRow>[]): Wire {
  const meter = wireMeter(cell)
  for (let at = 0; at < rows.length; at += 2) meter.accept(historyOf(rows.slice(at, at + 2)))
  return meter.finish()
}

describe('wireMeter', () => {
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
    expect(measureWire(CELL, rows)).toMatchObject({
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
    expect(measureWire(cell, rows)).toMatchObject({ storedBytes: 200, neverReadBytes: 200, bytesOut: 200 })
  })

  it('takes our own reading back for no read of the application', () => {
    const rows = [set(1, 100, 1), { ...get(1, 'hit', 2), parent: -1, phase: 'verify' }]
    expect(measureWire(CELL, rows)).toMatchObject({ storedBytes: 100, neverReadBytes: 100, bytesIn: 5 })
  })
})
