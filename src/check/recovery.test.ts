import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import type { Cell, Series, TimedEvent } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { cellFixture, classFixture, EMPTY_SERIES } from './cell-fixture.contract.ts'
import { measureRecovery } from './recovery.ts'
import { recoveredNanos } from './series-windows.ts'
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
})

describe('recoveredNanos', () => {
  const span = { baselineFrom: 0, baselineTo: 10, faultAt: 10, end: 80, windowSteps: 4, stepNanos: STEP }
  const recovered = (bad: (step: number) => boolean, end = 80) =>
    recoveredNanos({ ...span, end }, 10 * STEP, (from, to) => !Array.from({ length: to - from }, (_, index) => from + index).some(bad))

  it('is where five good seconds begin, and what goes wrong after them is another story', () => {
    expect(recovered(() => false)).toBe(0)
    expect(recovered((step) => step === 12)).toBe(3 * STEP)
    // Twenty windows held: those from step 13 to 32, the last of which ends with step 35.
    expect(recovered((step) => step === 12 || step === 36)).toBe(3 * STEP)
    expect(recovered((step) => step === 12 || step === 35)).toBe(26 * STEP)
  })

  it('is never where the end is bad, or there is not one whole window', () => {
    expect(recovered((step) => step >= 12)).toBeNull()
    expect(recovered((step) => step === 79)).toBe(0)
    expect(recovered((step) => step >= 12, 14)).toBeNull()
    expect(recovered(() => false, 14)).toBe(0)
    expect(recovered(() => false, 13)).toBeNull()
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

  it('has nothing to say without a fault', () => {
    expect(measureRecovery(cellWith(EMPTY_SERIES, []), {})).toEqual([])
  })
})
