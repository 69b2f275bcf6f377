import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { checkLinearizability } from './linearizable.ts'

type Row = Partial<HistoryRow>
const read = (version: number, sent: number, done: number): Row => ({ fn: 'read', ret: version, sent, done })
const write = (op: number, version: number, sent: number, done: number, more: Row = {}): Row => ({
  op,
  fn: 'write',
  ret: version,
  sent,
  done,
  ...more,
})
const commit = (parent: number, version: number, sent: number, done: number, more: Row = {}): Row => ({
  op: 1000 + parent,
  parent,
  layer: 'database',
  fn: 'write',
  ret: version,
  sent,
  done,
  ...more,
})
const bad = (rows: Row[]) => checkLinearizability(historyOf(rows)).keysNotLinearizable

describe('checkLinearizability', () => {
  it('begins with version 1 and accepts what one copy could have answered', () => {
    expect(checkLinearizability(historyOf([read(1, 0, 1), write(7, 2, 2, 6), commit(7, 2, 3, 4), read(1, 3, 5), read(2, 5, 7)]))).toMatchObject({
      keys: 1,
      operations: 4,
      keysNotLinearizable: 0,
      counterexample: [],
    })
  })

  it('finds a read of what had been replaced, and shows the operations', () => {
    const found = checkLinearizability(historyOf([write(7, 2, 0, 1), read(1, 2, 3)]))
    expect(found.keysNotLinearizable).toBe(1)
    expect(found.counterexample.join('\n')).toContain('operation 7: write key 0 of version 2')
  })

  it('lets a write whose answer was lost happen late or never, but not come and go', () => {
    const lost = write(7, Number.NaN, 2, -1, { status: 'info', done: -1 })
    expect(bad([lost, read(1, 10, 11), read(2, 20, 21)])).toBe(0)
    expect(bad([lost, read(2, 10, 11), read(1, 20, 21)])).toBe(1)
  })

  it('knows the version of a write that was committed although its operation failed or was killed', () => {
    expect(bad([write(7, Number.NaN, 2, 5, { status: 'fail' }), commit(7, 2, 3, 4), read(2, 10, 11)])).toBe(0)
    const killed: Row = { op: 7, fn: '', key: -1, sent: 2, done: -1, status: 'info' }
    expect(bad([killed, commit(7, 2, 3, 4), read(2, 10, 11)])).toBe(0)
    expect(bad([killed, commit(7, 2, 3, 4), read(2, 10, 11), read(1, 12, 13)])).toBe(1)
  })

  it('finds a version that nobody wrote', () => {
    expect(bad([write(7, Number.NaN, 2, 5, { status: 'fail' }), read(2, 10, 11)])).toBe(1)
    expect(bad([read(5, 10, 11)])).toBe(1)
  })
})
