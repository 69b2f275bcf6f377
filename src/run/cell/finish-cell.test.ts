import { describe, expect, it } from 'vitest'
import { cellFixture } from '../../check/cell-fixture.contract.ts'
import { historyHash } from '../../measure/history-hash.ts'
import { historyOf } from '../../measure/history-row.ts'
import { type HistorySource, sourceOfColumns } from '../../measure/history-source.ts'
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

it('reads a history once, for whatever is made of it', async () => {
  const history = historyOf([{ op: 1 }, { op: 2, layer: 'cache', fn: 'set', outcome: 'stored', parent: 1, bytesOut: 40 }])
  const source = sourceOfColumns(history)
  let readings = 0
  const counted: HistorySource = {
    length: source.length,
    read(visit, columns) {
      readings++
      return source.read(visit, columns)
    },
  }
  const { cell } = await finishCell({ ...shortRun(0), history: counted })
  expect(readings).toBe(1)
  expect(cell.history).toMatchObject({ rows: 2, hash: historyHash(history) })
  expect(cell.wire).toMatchObject({ storedBytes: 40, neverReadBytes: 40 })
})
