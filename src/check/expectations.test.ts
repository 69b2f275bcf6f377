import { describe, expect, it } from 'vitest'
import { METRICS, metricNamed } from '../measure/metrics/catalogue.ts'
import { measureFigure } from '../measure/metrics/measure-figure.ts'
import { sampleOf } from '../measure/metrics/sample.ts'
import type { Cell } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { parseExpectation } from '../workload/file/expectation.ts'
import { cellFixture, classFixture, DATABASE_FIXTURE, LIMITED_AUDIT, latencyFixture } from './cell-fixture.contract.ts'
import { judgeExpectations } from './expectations.ts'

const CELL = cellFixture({
  database: DATABASE_FIXTURE,
  classes: [
    { ...classFixture('app', 'read hit', 'read', 9000), response: latencyFixture([1], 9000) },
    { ...classFixture('app', 'read miss', 'read', 1000), response: latencyFixture([10], 1000) },
    { ...classFixture('app', 'write', 'write', 50, 3), fail: 10, info: 5 },
  ],
})
const judge = (text: string, cell: Cell = CELL) => {
  const parsed = parseExpectation(
    text,
    CELL.classes.map((one) => one.name),
  )
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return judgeExpectations(cell, [parsed.expectation])[0]!
}
const recovery = (readUnavailableNanos: number | null): Cell['recovery'][number] => ({
  fault: 'kill',
  on: 'primary',
  startNanos: 0,
  readUnavailableNanos,
  writeUnavailableNanos: 0,
  rateRecoveredNanos: 0,
  errors: {},
  lostWrites: null,
  lostSessions: null,
  hitRatioBefore: null,
  hitRatioLowest: null,
  hitRatioRecoveredNanos: null,
  lostHits: 0,
  extraDatabaseReads: 0,
  peakDatabaseReadsPerSecond: 0,
})

describe('judgeExpectations', () => {
  it('holds or fails, with the numbers, and gates', () => {
    expect(judge('hit_ratio >= 0.9')).toMatchObject({ outcome: 'holds', gates: true, kind: 'expectation', id: 'expect/hit_ratio', cells: [CELL.id] })
    const failed = judge('hit_ratio >= 95%')
    expect(failed).toMatchObject({ outcome: 'fails', numbers: { measured: 0.9, expected: 0.95 } })
    expect(failed.evidence).toContain('Measured 90 %; expected >= 95 %')
  })

  it('merges the classes of all reads before it takes a percentile', () => {
    expect(judge('read.p50 <= 2ms').outcome).toBe('holds')
    expect(judge('read.p99 >= 9ms').outcome).toBe('holds')
    expect(judge('read_hit.p90 <= 2ms').outcome).toBe('holds')
    expect(judge('read.mean < 2ms').outcome).toBe('holds')
    expect(judge('read.max <= 5ms').outcome).toBe('fails')
  })

  it('does not judge by a percentile that rests on too few values', () => {
    for (const text of ['write.p99 <= 2ms', 'write.p99 >= 2ms']) {
      expect(judge(text).outcome).toBe('unknown')
      expect(judge(text).evidence).toContain('fewer than 100 values')
    }
  })

  it('needs no percentile where even the maximum is low enough', () => {
    expect(judge('write.p99 <= 10ms')).toMatchObject({ outcome: 'holds', evidence: expect.stringContaining('the maximum') })
  })

  it('needs none where even the maximum is too low for a lower limit', () => {
    expect(judge('write.p99 >= 10s')).toMatchObject({ outcome: 'fails', evidence: expect.stringContaining('the maximum') })
    expect(judge('write.p99 == 10s').outcome).toBe('fails')
    expect(judge('write.p99 == 2ms').outcome).toBe('unknown')
  })

  it('counts the unknown among the errors, and successes alone as rate', () => {
    const figure = (name: string) => measureFigure(metricNamed(name), sampleOf([CELL]))
    expect(figure('errors')).toMatchObject({ low: 15, high: 15 })
    expect(figure('failed')).toMatchObject({ low: 10, high: 10 })
    expect(figure('unknown')).toMatchObject({ low: 5, high: 5 })
    expect(figure('error_ratio')).toMatchObject({ low: 15 / 10_065 })
    expect(figure('rate')).toMatchObject({ low: 1005, high: 1005 })
    expect(judge('errors == 0').outcome).toBe('fails')
  })

  it('holds or fails under unknown outcomes only where both bounds say so', () => {
    const cell = (unknown: number, waitedMillis: number): Cell => ({
      ...CELL,
      classes: [
        { ...classFixture('app', 'read hit', 'read', 20_000), response: latencyFixture([1], 20_000) },
        { ...classFixture('app', 'read unknown', 'read', 0), info: unknown, waited: latencyFixture([waitedMillis], unknown) },
      ],
    })
    // 5 % never heard: they had waited 1 s, and the 99th percentile is one of them.
    const paused = cell(1000, 1000)
    expect(judge('read.p99 <= 500ms', paused)).toMatchObject({
      outcome: 'fails',
      evidence: expect.stringMatching(/Measured ≥ 1 s \(4\.8 % unknown\)/),
    })
    expect(judge('read.p99 <= 2s', paused).outcome).toBe('unknown')
    expect(judge('read.p99 >= 500ms', paused).outcome).toBe('holds')
    expect(judge('read.p50 <= 2ms', paused)).toMatchObject({ outcome: 'holds' })
    for (const text of ['read.max <= 10s', 'read.mean <= 10s']) expect(judge(text, paused).outcome, text).toBe('unknown')
    expect(judge('read.max <= 100ms', paused).outcome).toBe('fails')
    // Too few of them to reach it.
    expect(judge('read.p99 <= 2ms', cell(100, 1000)).outcome).toBe('holds')
  })

  it('calls no latency good where as many operations failed as lie beyond the percentile', () => {
    const cell = (fail: number): Cell => ({
      ...CELL,
      classes: [
        { ...classFixture('app', 'read hit', 'read', 20_000), response: latencyFixture([1], 20_000) },
        { ...classFixture('app', 'read error', 'read', 0), fail },
      ],
    })
    expect(judge('read.p99 <= 2ms', cell(100)).outcome).toBe('holds')
    expect(judge('read.p99 <= 2ms', cell(300))).toMatchObject({
      outcome: 'unknown',
      evidence: expect.stringContaining('1.5 % of the operations failed'),
    })
    expect(judge('read.p99 >= 2ms', cell(300)).outcome).toBe('fails')
    expect(judge('read.p50 <= 2ms', cell(300)).outcome).toBe('holds')
    expect(judge('read.max <= 2ms', cell(1)).outcome).toBe('unknown')
  })

  it('leaves out the time from a fault to its recovery, unless it is asked for', () => {
    const cell: Cell = {
      ...CELL,
      withoutFaults: {
        leftOut: [{ fromNanos: 0, toNanos: 2 * SECOND }],
        measuredNanos: 8 * SECOND,
        classes: [{ ...classFixture('app', 'read hit', 'read', 8000), response: latencyFixture([1], 8000) }],
      },
    }
    expect(judge('errors == 0', cell)).toMatchObject({
      outcome: 'holds',
      evidence: expect.stringContaining('without the 2 s from fault to recovery'),
    })
    expect(judge('overall.errors == 0', cell)).toMatchObject({ outcome: 'fails', id: 'expect/overall.errors' })
    expect(judge('rate >= 1000/s', cell).outcome).toBe('holds')
    expect(judge('overall.hit_ratio <= 90%', cell).outcome).toBe('holds')
    expect(judge('hit_ratio <= 90%', cell).outcome).toBe('fails')
  })

  it('takes the longest outage', () => {
    expect(judge('read_unavailable <= 2s', { ...CELL, recovery: [recovery(MILLISECOND), recovery(SECOND)] }).outcome).toBe('holds')
    expect(judge('read_unavailable <= 2s').evidence).toContain('no fault was injected')
  })

  it('knows of an outage that the run did not see the end of only how long it was at least', () => {
    const cell = { ...CELL, recovery: [recovery(MILLISECOND), { ...recovery(null), startNanos: CELL.durationNanos - 3 * SECOND }] }
    expect(judge('read_unavailable <= 2s', cell)).toMatchObject({ outcome: 'fails', evidence: expect.stringContaining('At least 3 s') })
    expect(judge('read_unavailable > 2s', cell)).toMatchObject({ outcome: 'holds', evidence: expect.stringContaining('At least 3 s') })
    expect(judge('read_unavailable > 5s', cell).outcome).toBe('unknown')
    expect(judge('read_unavailable <= 5s', cell)).toMatchObject({
      outcome: 'unknown',
      evidence: expect.stringContaining('when the run ended, 3 s after kill'),
    })
  })

  it('can’t judge rates and latencies of a limited generator, but losses all the same', () => {
    const limited = { ...CELL, audit: LIMITED_AUDIT }
    for (const text of ['read.p50 <= 1ms', 'rate >= 1/s']) {
      expect(judge(text, limited)).toMatchObject({ outcome: 'unknown', gates: true })
      expect(judge(text, limited).evidence).toContain('bottleneck')
    }
    const sessions = { lostSessions: 2 } as NonNullable<Cell['sessions']>
    expect(judge('lost_sessions == 0', { ...limited, sessions }).outcome).toBe('fails')
  })

  it('says why a metric has no value', () => {
    expect(judge('lost_sessions == 0').evidence).toContain('the pattern has no sessions')
    expect(judge('stale_reads == 0', { ...CELL, history: { ...CELL.history, level: 'off' } }).evidence).toContain('--history full')
    expect(judgeExpectations(CELL, [{ text: 'rank.p99 <= 1ms', metric: 'rank.p99', operator: '<=', value: 1 }])[0]!.evidence).toContain('no metric')
    expect(judge('hit_ratio >= 0', { ...CELL, notApplicable: 'no sorted sets' }).evidence).toContain('does not apply')
  })

  it('computes every metric that may be written, or says what is missing', () => {
    for (const metric of METRICS) expect(JSON.stringify(measureFigure(metric, sampleOf([CELL]))), metric.name).toMatch(/"low":|"missing":"\w/)
  })

  it('has no figure of an older definition', () => {
    expect(judge('rate >= 1/s', { ...CELL, definitions: 1 })).toMatchObject({
      outcome: 'unknown',
      evidence: expect.stringContaining('older definition'),
    })
    expect(judge('hit_ratio >= 1%', { ...CELL, definitions: 1 }).outcome).toBe('holds')
  })
})
