import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import type { Cell, Series, TimedEvent } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { cellFixture, classFixture, EMPTY_SERIES } from './cell-fixture.contract.ts'
import { measureRecovery, type RecoveryInputs } from './recovery.ts'
import { type Successes, successMeter } from './success-meter.ts'
import { unavailableNanos } from './unavailability.ts'

const STEP = SECOND / 4
function successesOf(rows: readonly Partial<HistoryRow>[]): Successes {
  const meter = successMeter({ classes: CLASSES })
  for (let at = 0; at < rows.length; at += 7) meter.accept(historyOf(rows.slice(at, at + 7)))
  return meter.finish()
}

const phase = (name: string, from: number, to: number, warmUp = false): TimedEvent => ({
  kind: 'phase',
  name,
  detail: '',
  startNanos: from * SECOND,
  endNanos: to * SECOND,
  warmUp,
})
const fault = (from: number, to?: number, name = 'kill'): TimedEvent => ({
  kind: 'fault',
  name,
  detail: 'primary',
  startNanos: from * SECOND,
  ...(to !== undefined && { endNanos: to * SECOND }),
})
/** A series of 20 s in quarters of a second, from what happens in a step that begins at so many seconds. */
function seriesOf(at: (second: number) => Partial<Record<'okReads' | 'okWrites' | 'hits' | 'misses' | 'databaseReads' | 'failed', number>>): Series {
  const steps = Array.from({ length: 80 }, (_, step) => at(step / 4))
  const column = (name: 'okReads' | 'okWrites' | 'hits' | 'misses' | 'databaseReads' | 'failed') => steps.map((step) => step[name] ?? 0)
  return {
    ...EMPTY_SERIES,
    intervalNanos: STEP,
    okReads: column('okReads'),
    okWrites: column('okWrites'),
    hits: column('hits'),
    misses: column('misses'),
    databaseReads: column('databaseReads'),
    errors: { closed: column('failed') },
  }
}
const CLASSES = [classFixture('app', 'read hit', 'read', 0), classFixture('app', 'write', 'write', 0)]
const cellWith = (series: Series, faults: TimedEvent[]): Cell =>
  cellFixture({ durationNanos: 20 * SECOND, series, classes: CLASSES, events: [phase('warm-up', 0, 2, true), phase('steady', 2, 20), ...faults] })
/** A success each 10 ms but for the seconds in between. */
const rowsOf = (fn: 'read' | 'write', without: (second: number) => boolean): Partial<HistoryRow>[] =>
  Array.from(
    { length: 2000 },
    (_, i): Partial<HistoryRow> => ({ fn, outcome: fn === 'read' ? 'read hit' : 'write', sent: i * 10 * MILLISECOND }),
  ).filter((row) => !without(row.sent! / SECOND))

describe('unavailableNanos', () => {
  const window = { event: fault(10), baselineFromNanos: 2 * SECOND, baselineToNanos: 10 * SECOND, startNanos: 10 * SECOND, endNanos: 20 * SECOND }
  const every = (gapMillis: number, from: number, to: number) =>
    Array.from({ length: Math.round(((to - from) * 1000) / gapMillis) }, (_, i) => from * SECOND + i * gapMillis * MILLISECOND)

  it('is the time from the last success before the gap to the first after it', () => {
    const successes = Float64Array.from([...every(10, 0, 10.5), ...every(10, 13, 20)])
    expect(unavailableNanos(successes, window)).toBe(2510 * MILLISECOND)
  })

  it('begins before the fault when the last success did', () => {
    expect(unavailableNanos(Float64Array.from([...every(10, 0, 10), ...every(10, 12, 20)]), window)).toBe(2010 * MILLISECOND)
  })

  it('is 0 when no gap is longer than three times the rarest of those before', () => {
    expect(unavailableNanos(Float64Array.from(every(10, 0, 20)), window)).toBe(0)
    const withHiccups = [...every(10, 0, 5), ...every(10, 5.1, 12), ...every(10, 12.25, 20)]
    expect(unavailableNanos(Float64Array.from(withHiccups), window)).toBe(0)
  })

  it('is null when successes never come back, and 0 when there were none before', () => {
    expect(unavailableNanos(Float64Array.from(every(10, 0, 10.5)), window)).toBeNull()
    expect(unavailableNanos(Float64Array.from(every(10, 15, 20)), window)).toBe(0)
    expect(unavailableNanos(new Float64Array(0), window)).toBe(0)
  })

  it('counts a success that ends after the load as the end of the outage', () => {
    expect(unavailableNanos(Float64Array.from([...every(10, 0, 10.01), 21 * SECOND]), window)).toBe(11 * SECOND)
  })
})

describe('successMeter', () => {
  it('takes what the application was answered with success, in order', () => {
    const read = { fn: 'read', outcome: 'read hit', layer: 'app', status: 'ok' } as const
    const successes = successesOf([
      { ...read, sent: 0, done: 9 },
      { ...read, sent: 1, done: 5 },
      { ...read, sent: 2, done: 6, status: 'fail' },
      { ...read, sent: 2, done: 7, layer: 'cache' },
      { fn: 'write', outcome: 'write', sent: 3, done: 8 },
      { fn: 'write', outcome: 'write', sent: 4, done: 4.5 },
    ])
    expect([...successes.reads]).toEqual([5, 9])
    expect([...successes.writes]).toEqual([4.5, 8])
  })

  it('puts in order what came in pieces, and reads the columns that it names', () => {
    const meter = successMeter({ classes: CLASSES })
    expect(meter.columns).toEqual(['layer', 'status', 'fn', 'outcome', 'done'])
    for (const done of [9, 5, 7]) {
      meter.accept(
        historyOf([
          { fn: 'read', outcome: 'read hit', sent: 0, done },
          { fn: 'write', outcome: 'write', sent: 0, done: done + 0.5 },
          { fn: '', outcome: '', sent: 0, done },
        ]),
      )
    }
    expect(meter.finish()).toEqual({ reads: Float64Array.of(5, 7, 9), writes: Float64Array.of(5.5, 7.5, 9.5) })
  })
})

describe('measureRecovery', () => {
  it('tells reads from writes, and when the rate was back', () => {
    const down = (second: number) => second >= 10 && second < 13
    const cell = cellWith(
      seriesOf((second) => ({ okReads: 25, okWrites: down(second) ? 0 : 25 })),
      [fault(10, 12)],
    )
    const successes = successesOf([...rowsOf('read', () => false), ...rowsOf('write', down)])
    expect(measureRecovery(cell, { successes })).toMatchObject([
      {
        fault: 'kill',
        on: 'primary',
        startNanos: 10 * SECOND,
        endNanos: 12 * SECOND,
        readUnavailableNanos: 0,
        writeUnavailableNanos: expect.closeTo(3.01 * SECOND, -6),
        rateRecoveredNanos: 3 * SECOND,
        lostWrites: null,
        lostSessions: null,
      },
    ])
  })

  it('says null when service or rate never came back', () => {
    const down = (second: number) => second >= 10
    const cell = cellWith(
      seriesOf((second) => (down(second) ? { failed: 2 } : { okReads: 25 })),
      [fault(10)],
    )
    const [recovery] = measureRecovery(cell, { successes: successesOf(rowsOf('read', down)) })
    expect(recovery).toMatchObject({ readUnavailableNanos: null, rateRecoveredNanos: null, errors: { closed: 80 } })
  })

  it('counts the errors from the fault on, and not those before it', () => {
    const series = seriesOf((second) => ({ okReads: 25, failed: second < 10 ? 3 : second < 11 ? 2 : 1 }))
    const [first, second] = measureRecovery(cellWith(series, [fault(10, 10.5), fault(15)]), {})
    expect(first!.errors).toEqual({ closed: 4 * 2 + 16 * 1 })
    expect(second!.errors).toEqual({ closed: 20 })
  })

  it('measures the dip of the hit ratio, the hits it cost and the herd on the database', () => {
    // 100 reads a step, 90 % hits; 2 s without any, then 4 steps at half of them.
    const hits = (second: number) => (second >= 10 && second < 12 ? 0 : second >= 12 && second < 13 ? 45 : 90)
    const series = seriesOf((second) => ({ okReads: 100, hits: hits(second), misses: 100 - hits(second), databaseReads: 100 - hits(second) }))
    const [recovery] = measureRecovery(cellWith(series, [fault(10, 11)]), {})
    expect(recovery).toMatchObject({
      hitRatioBefore: 0.9,
      hitRatioLowest: 0,
      hitRatioRecoveredNanos: 3 * SECOND,
      lostHits: 8 * 90 + 4 * 45,
      extraDatabaseReads: 8 * 90 + 4 * 45,
      peakDatabaseReadsPerSecond: 400,
      rateRecoveredNanos: 0,
    })
  })

  it('sees no dip where there is only noise', () => {
    const wobble = (second: number) => 90 + ((second * 4) % 3) - 1
    const series = seriesOf((second) => ({
      okReads: 100 + ((second * 4) % 5),
      hits: wobble(second),
      misses: 100 - wobble(second),
      databaseReads: 10 + ((second * 4) % 2),
    }))
    const [recovery] = measureRecovery(cellWith(series, [fault(10, 11)]), {})
    expect(recovery).toMatchObject({ hitRatioRecoveredNanos: 0, lostHits: 0, extraDatabaseReads: 0, rateRecoveredNanos: 0 })
  })

  it('says when the hit ratio never recovered, and that there was none without reads of the cache', () => {
    const forever = seriesOf((second) => ({ okReads: 100, hits: second < 10 ? 90 : 10, misses: second < 10 ? 10 : 90 }))
    expect(measureRecovery(cellWith(forever, [fault(10)]), {})[0]).toMatchObject({ hitRatioRecoveredNanos: null, lostHits: 40 * 80 })
    const none = seriesOf(() => ({ okReads: 100 }))
    expect(measureRecovery(cellWith(none, [fault(10)]), {})[0]).toMatchObject({ hitRatioBefore: null, hitRatioLowest: null, lostHits: 0 })
  })

  it('counts lost commits and lost sessions under the fault they belong to', () => {
    const lost = (second: number) => ({ kind: 'lost session', session: 1, atNanos: second * SECOND, latenessNanos: 0, sentence: '' }) as const
    const cell = cellWith(EMPTY_SERIES, [fault(10, 11), fault(14, 16)])
    const recovery = measureRecovery(cell, {
      findings: { lostCommitsAtNanos: Float64Array.of(9 * SECOND, 15 * SECOND), incidents: [lost(9), lost(12), lost(15), lost(17)] },
    })
    expect(recovery.map((one) => one.lostWrites)).toEqual([1, 1])
    expect(recovery.map((one) => one.lostSessions)).toEqual([1, 2])
  })

  it('judges faults that come together by one baseline and one end', () => {
    const down = (second: number) => second >= 10 && second < 13
    const series = seriesOf((second) => (down(second) ? { failed: 2 } : { okReads: 25 }))
    const lost = { kind: 'lost session', session: 1, atNanos: 14 * SECOND, latenessNanos: 0, sentence: '' } as const
    const inputs = { successes: successesOf(rowsOf('read', down)), findings: { incidents: [lost] } }
    for (const faults of [
      [fault(10, 12), fault(10.001, 12.001)],
      [fault(10, 12), fault(11, 12.5)],
    ]) {
      const recovery = measureRecovery(cellWith(series, faults), inputs)
      for (const one of recovery) expect(one).toMatchObject({ readUnavailableNanos: expect.closeTo(3.01 * SECOND, -6), lostSessions: 1 })
      expect(recovery[0]).toMatchObject({ rateRecoveredNanos: 3 * SECOND, errors: { closed: 24 } })
    }
  })

  it('tells the server’s own absence, as a probe saw it, under the fault that it began in', () => {
    const away = (fromNanos: number, toNanos: number | null) => ({
      fromNanos: fromNanos * SECOND,
      toNanos: toNanos === null ? null : toNanos * SECOND,
    })
    const service = {
      everyNanos: 5e6,
      deadlineNanos: 1e8,
      attempts: 9,
      readsAway: [away(4, 4.1), away(10, 11.2), away(11.5, 11.6)],
      writesAway: [away(14, null)],
    }
    const recovery = measureRecovery({ ...cellWith(EMPTY_SERIES, [fault(10, 11), fault(14, 16)]), service }, {})
    expect(recovery).toMatchObject([
      { serviceReadUnavailableNanos: expect.closeTo(1.2 * SECOND, -3), serviceWriteUnavailableNanos: 0 },
      { serviceReadUnavailableNanos: 0, serviceWriteUnavailableNanos: null },
    ])
    expect(measureRecovery(cellWith(EMPTY_SERIES, [fault(10, 11)]), {})[0]).not.toHaveProperty('serviceReadUnavailableNanos')
    // One fault upon another: the server was gone already, and had been noticed just before it was said to be.
    const early = { ...service, readsAway: [away(9.9, 11.2)], writesAway: [] }
    expect(measureRecovery({ ...cellWith(EMPTY_SERIES, [fault(10, 11), fault(10.5)]), service: early }, {})).toMatchObject([
      { serviceReadUnavailableNanos: expect.closeTo(1.3 * SECOND, -3) },
      { serviceReadUnavailableNanos: 0 },
    ])
  })

  it('does not take the aftermath of one fault for what was usual before the next', () => {
    const series = seriesOf((second) => ({ okReads: second >= 6 && second < 8 ? 0 : 25 }))
    const successes = successesOf(rowsOf('read', (second) => (second >= 6 && second < 8) || (second >= 14 && second < 15)))
    const recovery = measureRecovery(cellWith(series, [fault(6, 8), fault(14, 15)]), { successes })
    expect(recovery.map((one) => one.readUnavailableNanos)).toEqual([expect.closeTo(2.01 * SECOND, -6), expect.closeTo(1.01 * SECOND, -6)])
  })

  it('falls back to the series, as fine as its steps, where there is no history', () => {
    const series = seriesOf((second) => ({ okReads: second >= 10 && second < 13 ? 0 : 25 }))
    expect(measureRecovery(cellWith(series, [fault(10, 12)]), {})[0]?.readUnavailableNanos).toBe(13 * STEP)
  })

  it('finds nothing to have been without where the series shows the first success after the fault', () => {
    const series = seriesOf((second) => ({ okReads: second < 10 || (second >= 12 && second < 15) ? 0 : 25 }))
    expect(measureRecovery(cellWith(series, [fault(10, 11)]), {})[0]).toMatchObject({ readUnavailableNanos: 0, writeUnavailableNanos: 0 })
  })

  it('has nothing to say without a fault, nor of an end that nobody knows', () => {
    expect(measureRecovery(cellWith(EMPTY_SERIES, []), {})).toEqual([])
    expect(measureRecovery(cellWith(EMPTY_SERIES, [fault(10)]), {})[0]).not.toHaveProperty('endNanos')
  })
})

describe('what differs from the usual by more than chance', () => {
  const recoveryOf = (at: Parameters<typeof seriesOf>[0], ...faults: TimedEvent[]) =>
    measureRecovery(cellWith(seriesOf(at), faults.length > 0 ? faults : [fault(10, 11)]), {})[0]!
  /** So many a second, spread over its steps. */
  const spread = (perSecond: number) => (second: number) => Math.floor(perSecond / 4) + ((second * 4) % 4 < perSecond % 4 ? 1 : 0)

  it('is a rate below 95 % of it, less three standard deviations of such a count', () => {
    // Of 100 a second: 95 - 3 x 10.
    const to = (perSecond: number) => recoveryOf((second) => ({ okReads: second < 10 ? 25 : spread(perSecond)(second) })).rateRecoveredNanos
    expect(to(65)).toBe(0)
    expect(to(64)).toBeNull()
  })

  it('is a hit ratio below 95 % of it, less three standard deviations of such a share', () => {
    const to = (before: number, perSecond: number) =>
      recoveryOf((second) => {
        const hits = second < 10 ? before / 4 : spread(perSecond)(second)
        return { okReads: 25, hits, misses: 25 - hits }
      }).hitRatioRecoveredNanos
    // A share of all has no deviation: 95 of 100.
    expect(to(100, 95)).toBe(0)
    expect(to(100, 94)).toBeNull()
    // Of 40 of 100: 0.38 - 3 x 0.049.
    expect(to(40, 24)).toBe(0)
    expect(to(40, 23)).toBeNull()
  })

  it('is a second of database reads above it by three standard deviations, and then all that is above', () => {
    const to = (perSecond: number) => recoveryOf((second) => ({ databaseReads: second >= 12 && second < 13 ? spread(perSecond)(second) : 25 }))
    expect(to(130).extraDatabaseReads).toBe(0)
    expect(to(131).extraDatabaseReads).toBe(31)
  })

  it('is no hit ratio of a second without reads', () => {
    const silent = (second: number) => second >= 10 && second < 12
    const recovery = recoveryOf((second) => (silent(second) ? {} : { okReads: 100, hits: second < 13 ? 90 : 95, misses: second < 13 ? 10 : 5 }))
    expect(recovery).toMatchObject({ hitRatioLowest: 0.9, hitRatioRecoveredNanos: 2 * SECOND })
  })

  it('costs hits until it was over: what is found more often later makes up for nothing', () => {
    const hits = (second: number) => (second < 10 ? 90 : second < 12 ? 0 : 100)
    expect(recoveryOf((second) => ({ hits: hits(second), misses: 100 - hits(second) }))).toMatchObject({
      hitRatioRecoveredNanos: 2 * SECOND,
      lostHits: 8 * 90,
    })
    // None was ever missed: the odd miss in the step of the fault is no loss.
    const once = recoveryOf((second) => ({ hits: second === 10 ? 80 : 90, misses: second === 10 ? 20 : 10 }), fault(10.1, 11))
    expect(once).toMatchObject({ hitRatioRecoveredNanos: 0, lostHits: 0 })
  })

  it('is not known where nothing was measured before: then nothing is beyond the usual', () => {
    for (const at of [1, 1.1]) {
      const recovery = recoveryOf(() => ({ okReads: 100, hits: 90, misses: 10, databaseReads: 10 }), fault(at, 3))
      expect(recovery).toMatchObject({ rateRecoveredNanos: null, hitRatioBefore: null, lostHits: 0, extraDatabaseReads: 0 })
      expect(recovery.peakDatabaseReadsPerSecond).toBe(40)
    }
  })
})

describe('what is booked to a fault', () => {
  const first = (inputs: RecoveryInputs, ...faults: TimedEvent[]) =>
    measureRecovery(cellWith(EMPTY_SERIES, faults.length > 0 ? faults : [fault(10, 11)]), inputs)[0]!

  it('is an error that came in its time, by code in order', () => {
    const series = seriesOf(() => ({}))
    const times = (second: number, count: number) => series.okReads.map((_, step) => (step === second * 4 ? count : 0))
    const errors = { timeout: times(12, 2), early: times(9, 7), closed: times(10, 1) }
    const [recovery] = measureRecovery(cellWith({ ...series, errors }, [fault(10, 11)]), {})
    expect(Object.entries(recovery!.errors)).toEqual([
      ['closed', 1],
      ['timeout', 2],
    ])
  })

  it('is a lost update or session of its time, from its start to before the next', () => {
    const lost = (kind: 'lost update' | 'lost session', second: number) =>
      ({ kind, session: 1, atNanos: second * SECOND, latenessNanos: 0, sentence: '' }) as const
    const incidents = [
      lost('lost update', 10),
      lost('lost update', 13.9),
      lost('lost update', 14),
      lost('lost session', 12),
      lost('lost update', 9.9),
    ]
    expect(first({ findings: { incidents } }, fault(10, 11), fault(14))).toMatchObject({ lostWrites: 2, lostSessions: 1 })
  })

  it('is what a leaderboard lost, where there is one fault to have done it', () => {
    const leaderboard = { members: 5, lostIncrements: 3 } as NonNullable<RecoveryInputs['leaderboard']>
    expect(first({ leaderboard }).lostWrites).toBe(3)
    expect(first({ leaderboard: { ...leaderboard, members: 0 } }).lostWrites).toBeNull()
    expect(first({ leaderboard }, fault(10, 11), fault(14)).lostWrites).toBeNull()
  })

  it('is an absence of the server that was seen a quarter of a second before it, and none before that', () => {
    const away = (from: number) => ({
      ...{ everyNanos: 5e6, deadlineNanos: 1e8, attempts: 9, writesAway: [] },
      readsAway: [{ fromNanos: from, toNanos: 12 * SECOND }],
    })
    const nanosOf = (from: number) =>
      measureRecovery({ ...cellWith(EMPTY_SERIES, [fault(10, 11)]), service: away(from) }, {})[0]!.serviceReadUnavailableNanos
    expect(nanosOf(9.75 * SECOND)).toBe(2.25 * SECOND)
    expect(nanosOf(9.75 * SECOND - 1)).toBe(0)
  })
})
