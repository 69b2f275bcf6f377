import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf, rowsOf } from '../measure/history-row.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { cacheHistory, drawsArbitrary, spoiled, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkedCell, checkerContract, LATE_NANOS, PLANTED_KEY, runChecker } from './checker.contract.ts'
import { checkExpiry, expiry } from './expiry.ts'

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

/** The definition, word for word: how many reads found what must have been gone. */
function naive(rows: readonly HistoryRow[], ttlNanos: number): number {
  const end = ({ done, status }: HistoryRow) => (done < 0 || status === 'info' ? Number.POSITIVE_INFINITY : done)
  const mayKeep = ({ fn, outcome, status }: HistoryRow) =>
    status !== 'fail' && (fn === 'set' || fn === 'getAndTouch') && outcome !== 'miss' && outcome !== 'absent'
  return rows.filter((one) => {
    if (one.status !== 'ok' || one.outcome !== 'hit') return false
    const kept = rows.filter((other) => other !== one && other.key === one.key && mayKeep(other) && other.sent <= one.done)
    return kept.length > 0 && one.sent > Math.max(...kept.map(end)) + ttlNanos
  }).length
}

describe('against the definition', () => {
  property.prop([stepsArbitrary, drawsArbitrary, fc.integer({ min: 5_000, max: 100_000 })], { seed: 20261126, numRuns: 200 })(
    'counts the same',
    (steps, draws, ttlNanos) => {
      const columns = historyOf(spoiled(cacheHistory(steps, ttlNanos), draws))
      expect(checkExpiry(columns, ttlNanos, 0).servedLate).toBe(naive(rowsOf(columns), ttlNanos))
    },
  )
})

const settings = (ttlNanos: number) => ({ settings: { settings: { ttlNanos } } })
const planted = (more: Partial<HistoryRow>): Partial<HistoryRow> => ({ layer: 'cache', key: PLANTED_KEY, ...more })
const PLENTY = Array.from({ length: 40 }, (_, n) => [call('set', 'stored', n, { key: n }), call('get', 'miss', 1500 + n, { key: n })]).flat()

checkerContract({
  checker: expiry,
  cell: checkedCell(settings(SECOND)),
  correct: stepsArbitrary.map((steps) => cacheHistory(steps, SECOND)),
  planted: {
    'a value served late': [
      planted({ fn: 'set', outcome: 'stored', sent: LATE_NANOS, done: LATE_NANOS + 5 }),
      planted({ op: 9002, fn: 'get', outcome: 'hit', sent: LATE_NANOS + 2 * SECOND, done: LATE_NANOS + 2 * SECOND + 5 }),
    ],
  },
  plenty: PLENTY,
})

describe('a time to live that hardly ends while it is measured', () => {
  const judge = (ttlNanos: number, measuredNanos: number, rows = PLENTY) =>
    runChecker(expiry, checkedCell({ ...settings(ttlNanos), measuredNanos }), [historyOf(rows)]).verdicts

  it('is not tested, and says how long it would take', () => {
    expect(judge(1800 * SECOND, 8 * SECOND)).toMatchObject([
      {
        outcome: 'unknown',
        gates: false,
        notTested: { why: expect.stringContaining('longer than a third of the measured time (8 s)'), command: '--duration 90m' },
      },
    ])
    expect(judge(SECOND, 3 * SECOND)).toMatchObject([{ outcome: 'holds' }])
    expect(judge(SECOND, 3 * SECOND - 1)).toMatchObject([{ outcome: 'unknown', notTested: { command: '--duration 3s' } }])
  })

  it('fails all the same when something was served late', () => {
    const late = [call('set', 'stored', 0), call('get', 'hit', 5000)]
    expect(judge(2 * SECOND, 5 * SECOND, late)).toMatchObject([{ outcome: 'fails', gates: true }])
  })

  it('is nothing to judge where nothing expires', () => {
    expect(runChecker(expiry, checkedCell(), [historyOf(PLENTY)]).verdicts).toEqual([])
  })
})
