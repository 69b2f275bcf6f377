import { describe, expect, it } from 'vitest'
import { cellFixture } from '../../check/cell-fixture.contract.ts'
import { createOperationRecorder } from '../../measure/operation-recorder.ts'
import { MILLISECOND, SECOND } from '../../runtime/runtime.ts'
import { type FinishCellInput, finishCell } from './finish-cell.ts'

const CLASSES = [
  { name: 'read hit', kind: 'read', cache: 'hit' },
  { name: 'write', kind: 'write' },
] as const

/** One second at 1000/s, half of it reads and half writes; `late` reads are sent 40 ms after they were due. */
function shortRun(late: number, openLoop = true): FinishCellInput {
  const operations = createOperationRecorder({ intervalNanos: SECOND / 4, classes: CLASSES, openLoop })
  for (let index = 0; index < 500; index++) {
    const due = index * 2 * MILLISECOND
    const lag = openLoop ? (index < late ? 40 * MILLISECOND : 10_000) : 0
    operations.recordApp(0, due, due + lag, due + lag + MILLISECOND, 'ok', '')
    operations.recordApp(1, due, due, due + MILLISECOND, 'ok', '')
  }
  return {
    began: cellFixture(),
    load: { kind: 'open', ratePerSecond: 1_000, arrivals: 'constant', maxInFlight: 1_000, connections: 1 },
    history: undefined,
    torn: 0,
    historyFile: undefined,
    operations,
    endedNanos: SECOND,
    measuredNanos: SECOND,
    events: [],
    meters: [],
  }
}

describe('the schedule lag of a cell', () => {
  it('is that of all its operations, however few of a class there are', async () => {
    const { audit } = (await finishCell(shortRun(20))).cell
    expect(audit.scheduleLagP99Nanos).toBeGreaterThan(39e6)
    expect(audit.generatorLimited).toBe(true)
    expect(audit.reasons.join()).toContain('p99 schedule lag 40 ms')
  })

  it('is weighed by operations: a class that lags in less than one of a hundred limits nothing', async () => {
    const { audit } = (await finishCell(shortRun(8))).cell
    expect(audit.scheduleLagP99Nanos).toBeLessThan(1e6)
    expect(audit.generatorLimited).toBe(false)
  })

  it('is nothing where nothing was due', async () => {
    expect((await finishCell(shortRun(0, false))).cell.audit.scheduleLagP99Nanos).toBe(0)
  })
})
