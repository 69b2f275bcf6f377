import { describe, expect, it } from 'vitest'
import type { WireFacts } from '../../client/client.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { rowsOf } from '../../measure/history-row.ts'
import { createOperationRecorder } from '../../measure/operation-recorder.ts'
import { type AppOperation, type Call, CellRecorder, type CellRecorderOptions } from './cell-recorder.ts'

const CLASSES = [
  { name: 'read hit', kind: 'read', cache: 'hit' },
  { name: 'write', kind: 'write' },
] as const
const SECOND = 1e9

function recorderOf(more: Partial<CellRecorderOptions> = {}) {
  const rows = new HistoryBuilder(4)
  const operations = createOperationRecorder({ intervalNanos: SECOND, classes: CLASSES })
  const recorder = new CellRecorder({
    ...{ operations, rows, level: { kind: 'full' }, classes: CLASSES, instance: 0, instances: 1, block: 0 },
    ...more,
  })
  return { recorder, operations, history: () => rowsOf(rows.view()) }
}

const call = (more: Partial<Call> = {}): Call => ({
  ...{ op: 1, parent: 7, layer: 'cache', client: 0, key: 4, fn: 'get', kind: 'read', outcome: 'hit' },
  ...{ arg: Number.NaN, ret: Number.NaN, writer: -1, due: 0, sent: 0, done: 5, status: 'ok', error: '' },
  ...more,
})
const operation = (more: Partial<AppOperation> = {}): AppOperation => ({
  ...{ op: 7, user: 0, key: 4, fn: 'read', class: 0, arg: Number.NaN, ret: 1, writer: -1, due: 0, sent: 0, done: 9, status: 'ok', error: '' },
  ...more,
})
const FACTS: WireFacts = { node: 'engine', sentNanos: 0, doneNanos: 5, attempts: 1, bytesOut: 100, bytesIn: 10 }

describe('the number of a call', () => {
  it.each([1, 2, 3, 8])('is nobody else’s of %i instances, of the process that verifies, or of an operation', (instances) => {
    const numbers = Array.from({ length: instances + 1 }, (_, instance) => {
      const { recorder } = recorderOf({ instance, instances })
      return Array.from({ length: 100 }, () => recorder.nextCall())
    }).flat()
    expect(new Set(numbers).size).toBe(100 * (instances + 1))
    expect(Math.min(...numbers)).toBeGreaterThan(1e12)
    expect(numbers.every(Number.isSafeInteger)).toBe(true)
  })
})

describe('bytes on the wire', () => {
  it('are those of what was due in a measured phase, and not the backlog of the warm-up', () => {
    const { recorder } = recorderOf()
    recorder.begin(1_000)
    recorder.enterPhase('warm-up', false, 1_000)
    recorder.call(call({ due: 1_010, sent: 1_010, done: 1_020 }), FACTS)
    recorder.enterPhase('steady', true, 1_100)
    recorder.call(call({ due: 1_099, sent: 1_150, done: 1_160 }), FACTS)
    expect(recorder.wire).toEqual({ bytesOut: 0, bytesIn: 0, storedBytes: 0 })
    recorder.call(call({ due: 1_100, sent: 1_150, done: 1_160 }), FACTS)
    expect(recorder.wire).toEqual({ bytesOut: 100, bytesIn: 10, storedBytes: 0 })
  })

  it('are stored where a call that stores went well', () => {
    const { recorder } = recorderOf()
    recorder.begin(0)
    for (const fn of ['set', 'add', 'replace', 'setScores', 'incrementScore']) recorder.call(call({ fn }), FACTS)
    for (const fn of ['get', 'delete', 'touch']) recorder.call(call({ fn }), FACTS)
    recorder.call(call({ fn: 'set', status: 'fail' }), FACTS)
    recorder.call(call({ fn: 'set', status: 'info', done: -1 }), FACTS)
    expect(recorder.wire).toEqual({ bytesOut: 1_000, bytesIn: 100, storedBytes: 500 })
  })

  it('are the cache’s alone, and none of what is read back after the load', () => {
    const { recorder } = recorderOf()
    recorder.begin(0)
    recorder.call(call({ layer: 'database' }), FACTS)
    recorder.call(call({ parent: -1 }), FACTS)
    recorder.call(call(), undefined)
    expect(recorder.wire).toEqual({ bytesOut: 0, bytesIn: 0, storedBytes: 0 })
  })
})

describe('the level of the history', () => {
  const keysOf = (more: Partial<CellRecorderOptions>, record: (recorder: CellRecorder, key: number) => void) => {
    const { recorder, history } = recorderOf(more)
    recorder.begin(0)
    for (let key = -1; key < 12; key++) record(recorder, key)
    return history().map(({ key }) => key)
  }

  it.each([
    ['calls', (recorder: CellRecorder, key: number) => recorder.call(call({ key }), FACTS)],
    ['operations', (recorder: CellRecorder, key: number) => recorder.app(operation({ key }))],
  ] as const)('keys:1/N keeps the %s of every Nth key, from the first on, and of those that have none', (_, record) => {
    expect(keysOf({ level: { kind: 'sample', oneIn: 4 } }, record)).toEqual([-1, 0, 4, 8])
    expect(keysOf({ level: { kind: 'sample', oneIn: 1 } }, record)).toHaveLength(13)
    expect(keysOf({ level: { kind: 'full' } }, record)).toHaveLength(13)
    expect(keysOf({ level: { kind: 'off' } }, record)).toEqual([])
  })

  it('says nothing about what is measured', () => {
    const { recorder, operations } = recorderOf({ level: { kind: 'sample', oneIn: 4 } })
    recorder.begin(0)
    for (let key = 0; key < 12; key++) recorder.app(operation({ key }))
    expect(operations.classMeasurements(SECOND)[0]).toMatchObject({ ok: 12 })
  })
})

describe('what is written down', () => {
  it('begins with the load, on its axis, in the phase in which it was due', () => {
    const { recorder, operations, history } = recorderOf({ instance: 2, instances: 3, block: 5 })
    recorder.app(operation())
    recorder.call(call(), FACTS)
    recorder.begin(1_000)
    recorder.enterPhase('warm-up', false, 1_000)
    recorder.enterPhase('steady', true, 2_000)
    recorder.app(operation({ due: 1_999, sent: 2_100, done: 2_200 }))
    recorder.app(operation({ due: 2_000, sent: 2_100, done: 2_200, class: 1, fn: 'write' }))
    recorder.app(operation({ due: 2_500, sent: -1, done: -1, status: 'info', error: 'unstarted', class: recorder.unknownClassIndex('write') }))
    recorder.call(call({ due: 1_999, sent: 2_110, done: 2_120, parent: 7 }), FACTS)
    expect(history()).toMatchObject([
      { layer: 'app', phase: 'warm-up', due: 999, sent: 1_100, done: 1_200, outcome: 'read hit', instance: 2, block: 5, parent: -1, attempts: 0 },
      { layer: 'app', phase: 'steady', due: 1_000, sent: 1_100, done: 1_200, outcome: 'write' },
      { layer: 'app', phase: 'steady', due: 1_500, sent: -1, done: -1, outcome: 'write unknown', error: 'unstarted' },
      { layer: 'cache', phase: 'warm-up', due: 1_110, sent: 1_110, done: 1_120, parent: 7, node: 'engine', attempts: 1, bytesOut: 100, bytesIn: 10 },
    ])
    const counted = operations.classMeasurements(SECOND).map(({ name, ok, info }) => [name, ok, info])
    expect(counted).toEqual([
      ['read hit', 0, 0],
      ['write', 1, 0],
      ['write unknown', 0, 1],
    ])
  })

  it('ends, for rates, where the measured time ends', () => {
    const { recorder, operations } = recorderOf()
    recorder.begin(1_000)
    recorder.endMeasuredAt(1_050)
    recorder.app(operation({ due: 1_010, sent: 1_010, done: 1_050 }))
    recorder.app(operation({ due: 1_010, sent: 1_010, done: 1_051 }))
    expect(operations.classMeasurements(SECOND)[0]).toMatchObject({ ok: 2, inTime: 1 })
  })

  it('knows the classes that were declared, and no others', () => {
    const { recorder } = recorderOf()
    expect([recorder.classIndex('write'), recorder.unknownClassIndex('read'), recorder.unknownClassIndex('write')]).toEqual([1, 2, 3])
    expect(() => recorder.classIndex('read miss')).toThrow('"read miss"')
  })
})
