import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { MILLISECOND } from '../runtime/runtime.ts'
import { checkExpiry } from './expiry.ts'

const ms = (value: number) => value * MILLISECOND
const call = (fn: string, outcome: string, sent: number, more: Partial<HistoryRow> = {}): Partial<HistoryRow> => ({
  layer: 'cache',
  key: 1,
  fn,
  outcome,
  sent: ms(sent),
  done: ms(sent + 1),
  ...more,
})
const check = (rows: Partial<HistoryRow>[], tolerance = 0) => checkExpiry(historyOf(rows), ms(100), ms(tolerance))

describe('checkExpiry', () => {
  it('counts values found after the time to live of the last store', () => {
    const found = check([call('set', 'stored', 0), call('get', 'hit', 101), call('get', 'hit', 131), call('get', 'miss', 150)])
    expect(found).toMatchObject({ judgedReads: 2, servedLate: 1, worstLatenessNanos: ms(30) })
    expect(found.examples[0]).toContain('30 ms')
  })

  it('is silent within the tolerance, after a store that may have been later, and on keys nobody stored', () => {
    expect(check([call('set', 'stored', 0), call('get', 'hit', 131)], 30).servedLate).toBe(0)
    expect(check([call('set', 'stored', 0), call('set', '', 50, { status: 'info', done: -1 }), call('get', 'hit', 300)]).servedLate).toBe(0)
    expect(check([call('set', 'stored', 0), call('set', 'stored', 50), call('get', 'hit', 131)]).servedLate).toBe(0)
    expect(check([call('get', 'hit', 131)])).toMatchObject({ judgedReads: 0, servedLate: 0 })
  })

  it('is not taken in by stores that failed or stored nothing', () => {
    const rows = [call('set', 'stored', 0), call('set', '', 50, { status: 'fail' }), call('touch', 'absent', 60), call('get', 'hit', 131)]
    expect(check(rows).servedLate).toBe(1)
  })

  it('counts from the touch before, not from the read’s own', () => {
    expect(check([call('set', 'stored', 0), call('getAndTouch', 'hit', 90), call('getAndTouch', 'hit', 180)]).servedLate).toBe(0)
    expect(check([call('set', 'stored', 0), call('getAndTouch', 'hit', 131)]).servedLate).toBe(1)
  })
})
