import { describe, expect, it } from 'vitest'
import type { Cell } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { parseExpectation } from '../workload/spec/expectation.ts'
import { METRICS } from '../workload/spec/metrics.ts'
import { cellFixture, classFixture, DATABASE_FIXTURE, LIMITED_AUDIT, latencyFixture } from './cell-fixture.contract.ts'
import { judgeExpectations, measureMetric } from './expectations.ts'

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
    expect(judge('write.p99 == 10s').outcome).toBe('unknown')
  })

  it('counts errors and unknown outcomes apart', () => {
    expect(measureMetric(CELL, 'errors')).toEqual({ value: 10 })
    expect(measureMetric(CELL, 'unknown')).toEqual({ value: 5 })
    expect(measureMetric(CELL, 'error_ratio')).toEqual({ value: 15 / 10_065 })
    expect(measureMetric(CELL, 'rate')).toEqual({ value: 1005 })
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
    expect(measureMetric(CELL, 'rank.p99')).toMatchObject({ unknown: expect.stringContaining('no metric') })
    expect(judge('hit_ratio >= 0', { ...CELL, notApplicable: 'no sorted sets' }).evidence).toContain('does not apply')
  })

  it('computes every metric that may be written', () => {
    for (const { name } of METRICS) expect(JSON.stringify(measureMetric(CELL, name))).not.toContain('this version computes no metric')
  })
})
