import { describe, expect, it } from 'vitest'
import { cellFixture, classFixture, EMPTY_SERIES, latencyFixture } from '../../check/cell-fixture.contract.ts'
import type { ClassMeasurement } from '../../measure/run-result.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { NO_AUDIT_READING } from './audit-meter.ts'
import { type FinishCellInput, finishCell } from './finish-cell.ts'

/** One second at 1000/s, half of it reads and half writes. */
function shortRun(lagsOfReads: readonly number[]): FinishCellInput {
  const late = (name: string, kind: ClassMeasurement['kind'], lags: readonly number[]): ClassMeasurement => ({
    ...classFixture('app', name, kind, lags.length),
    lag: latencyFixture(lags),
  })
  return {
    began: cellFixture(),
    load: { kind: 'open', ratePerSecond: 1_000, arrivals: 'constant', maxInFlight: 1_000, connections: 1 },
    columns: undefined,
    torn: 0,
    historyFile: undefined,
    classes: [late('read hit', 'read', lagsOfReads), late('write', 'write', new Array<number>(500).fill(0.01))],
    series: EMPTY_SERIES,
    endedNanos: SECOND,
    measuredNanos: SECOND,
    events: [],
    censored: 0,
    reading: NO_AUDIT_READING,
  }
}

/** 500 lags: so many of them of 40 ms. */
function lags(late: number): number[] {
  return Array.from({ length: 500 }, (_, index) => (index < late ? 40 : 0.01))
}

describe('the schedule lag of a cell', () => {
  it('is that of all its operations, however few of a class there are', () => {
    const { audit } = finishCell(shortRun(lags(20))).cell
    expect(audit.scheduleLagP99Nanos).toBeGreaterThan(39e6)
    expect(audit.generatorLimited).toBe(true)
    expect(audit.reasons.join()).toContain('p99 schedule lag 40 ms')
  })

  it('is weighed by operations: a class that lags in less than one of a hundred limits nothing', () => {
    const { audit } = finishCell(shortRun(lags(8))).cell
    expect(audit.scheduleLagP99Nanos).toBeLessThan(1e6)
    expect(audit.generatorLimited).toBe(false)
  })

  it('is nothing where nothing was due', () => {
    const input = shortRun(lags(0))
    const closed = input.classes.map(({ lag: _, ...one }) => one)
    expect(finishCell({ ...input, classes: closed }).cell.audit.scheduleLagP99Nanos).toBe(0)
  })
})
