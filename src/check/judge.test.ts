import { describe, expect, it } from 'vitest'
import type { HistoryColumns, HistoryRow } from '../measure/history.ts'
import { HISTORY_COLUMNS, type HistoryColumnName, onlyColumns } from '../measure/history-columns.ts'
import { HistoryFileError } from '../measure/history-file-error.ts'
import { historyOf } from '../measure/history-row.ts'
import { type HistorySource, sourceOfColumns } from '../measure/history-source.ts'
import { type Cell, RUN_SCHEMA_VERSION, type RunResult, runResultSchema } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { cellFixture, classFixture, DATABASE_FIXTURE } from './cell-fixture.contract.ts'
import { judgeCell, judgedCell, judgeRun, rejudge } from './judge.ts'
import { sortVerdicts } from './sort-verdicts.ts'

const ms = (value: number) => value * MILLISECOND
const EXPECT = [
  { text: 'stale_reads == 0', metric: 'stale_reads', operator: '==', value: 0 },
  { text: 'hit_ratio >= 0.5', metric: 'hit_ratio', operator: '>=', value: 0.5 },
]
const ROWS_CELL = cellFixture({
  database: DATABASE_FIXTURE,
  classes: [classFixture('app', 'read hit', 'read', 2), classFixture('app', 'read miss', 'read', 1), classFixture('app', 'write', 'write', 1)],
  settings: { settings: { ttlNanos: SECOND, writeRatio: 0.1 }, expect: EXPECT },
})
const STALE: Partial<HistoryRow>[] = [
  { op: 1, fn: 'write', outcome: 'write', key: 3, arg: 2, ret: 2, sent: 0, done: ms(3) },
  { op: 11, parent: 1, layer: 'database', fn: 'write', outcome: 'committed', key: 3, ret: 2, sent: 0, done: ms(1) },
  { op: 2, fn: 'read', outcome: 'read hit', key: 3, ret: 1, sent: ms(5), done: ms(6) },
  { op: 3, fn: 'read', outcome: 'read hit', key: 3, ret: 2, sent: ms(7), done: ms(8) },
]
/** More of the same, so that there is enough to see. */
const MANY: Partial<HistoryRow>[] = Array.from({ length: 30 }, (_, n) => ({
  op: 100 + n,
  fn: 'read',
  outcome: 'read hit',
  key: 3,
  ret: 2,
  sent: ms(10 + n),
}))
const resultOf = (cells: Cell[], fields: Partial<RunResult> = {}): RunResult => ({
  schemaVersion: RUN_SCHEMA_VERSION,
  name: 'test',
  status: 'complete',
  tool: { name: 'cacheproof', version: '0.1.0' },
  command: 'cacheproof run',
  seed: 7,
  virtual: true,
  cells,
  verdicts: [],
  notes: [],
  ...fields,
})
const verdictOf = (verdicts: readonly { readonly id: string }[], id: string) => verdicts.find((one) => one.id === id)

describe('judgeCell', () => {
  it('measures, judges and expects', async () => {
    const judged = await judgeCell(ROWS_CELL, sourceOfColumns(historyOf([...STALE, ...MANY])))
    expect(judged.staleness).toMatchObject({ staleReads: 1, judgedReads: 32, refutableReads: 32 })
    expect(judged.wire).toMatchObject({ storedBytes: 0, neverReadBytes: 0 })
    expect(verdictOf(judged.verdicts, 'checker/stale-reads')).toMatchObject({
      outcome: 'fails',
      gates: false,
      counterexample: [expect.stringContaining('version 2'), expect.anything(), expect.anything()],
    })
    expect(verdictOf(judged.verdicts, 'checker/linearizable')).toMatchObject({ outcome: 'fails', gates: false })
    expect(verdictOf(judged.verdicts, 'checker/values')).toMatchObject({ outcome: 'holds', gates: true })
    expect(verdictOf(judged.verdicts, 'expect/stale_reads')).toMatchObject({ outcome: 'fails', gates: true })
    expect(verdictOf(judged.verdicts, 'expect/hit_ratio')).toMatchObject({ outcome: 'holds' })
    expect(verdictOf(judged.verdicts, 'audit/generator')).toMatchObject({ outcome: 'holds' })
  })

  it('tells a fault the commits that were lost in it', async () => {
    const cell: Cell = {
      ...ROWS_CELL,
      events: [{ kind: 'fault', name: 'kill', detail: 'primary', startNanos: ms(4), endNanos: ms(6) }],
    }
    const commit = (version: number, at: number): Partial<HistoryRow> => ({ layer: 'database', fn: 'write', key: 5, ret: version, sent: ms(at) })
    const readBack: Partial<HistoryRow> = { layer: 'probe', fn: 'committed', outcome: 'found', key: 5, ret: 2, sent: ms(900) }
    const judged = await judgeCell(cell, sourceOfColumns(historyOf([commit(2, 2), commit(3, 5), ...MANY, readBack])))
    expect(judged.recovery).toMatchObject([{ fault: 'kill', lostWrites: 1 }])
    expect(verdictOf(judged.verdicts, 'checker/commits')).toMatchObject({ outcome: 'fails', gates: true })
    // Nothing was read back: nobody knows.
    const without = await judgeCell(cell, sourceOfColumns(historyOf([commit(2, 2), commit(3, 5), ...MANY])))
    expect(without.recovery).toMatchObject([{ lostWrites: null }])
  })

  it('lets a database that is not linearizable gate, and expects nothing of a baseline', async () => {
    const baseline: Cell = {
      ...ROWS_CELL,
      pattern: 'none',
      role: 'baseline',
      baselineOf: 'cache-aside',
      classes: [classFixture('app', 'read', 'read', 2), classFixture('app', 'write', 'write', 1)],
    }
    const { verdicts, wire } = await judgeCell(baseline, sourceOfColumns(historyOf(STALE)))
    expect(verdictOf(verdicts, 'checker/linearizable')).toMatchObject({ outcome: 'fails', gates: true })
    expect(verdictOf(verdicts, 'expect/stale_reads')).toBeUndefined()
    expect(wire).toBeUndefined()
  })

  it('fails on another key’s value and on values served after their time', async () => {
    const foreign: Partial<HistoryRow> = { fn: 'read', outcome: 'read hit', error: 'foreign', key: 3, sent: ms(9) }
    const late: Partial<HistoryRow>[] = [
      { layer: 'cache', fn: 'set', outcome: 'stored', key: 3, sent: 0, done: 1 },
      { layer: 'cache', fn: 'get', outcome: 'hit', key: 3, sent: 3 * SECOND },
    ]
    const { verdicts } = await judgeCell(ROWS_CELL, sourceOfColumns(historyOf([foreign, ...late])))
    expect(verdictOf(verdicts, 'checker/values')).toMatchObject({ outcome: 'fails', gates: true, numbers: { wrongValues: 1 } })
    expect(verdictOf(verdicts, 'checker/expiry')).toMatchObject({ outcome: 'fails', gates: true, numbers: { servedLate: 1 } })
  })

  it('is inconclusive without a history', async () => {
    const cell: Cell = { ...ROWS_CELL, history: { ...ROWS_CELL.history, level: 'off' } }
    const { verdicts, staleness, wire } = await judgeCell(cell, undefined, { totals: { bytesOut: 1, bytesIn: 1, storedBytes: 1 } })
    expect(staleness).toBeUndefined()
    expect(wire).toMatchObject({ bytesOut: 1, neverReadBytes: null })
    expect(verdictOf(verdicts, 'checker/history')).toMatchObject({ outcome: 'unknown', gates: false })
    expect(verdictOf(verdicts, 'expect/stale_reads')).toMatchObject({ outcome: 'unknown' })
  })

  it('keeps the measures of a cell whose history is not at hand', async () => {
    const judged = await judgedCell(ROWS_CELL, sourceOfColumns(historyOf(STALE)))
    const { verdicts } = await judgeCell(ROWS_CELL, sourceOfColumns(historyOf(STALE)))
    const again = await judgeCell(judged, undefined, { verdicts: verdicts.filter(({ kind }) => kind === 'checker') })
    expect(again.staleness).toEqual(judged.staleness)
    expect(again.checked).toEqual(judged.checked)
    expect(again.verdicts).toEqual(verdicts)
  })

  it('says nothing of a cell that does not apply', async () => {
    expect(await judgeCell({ ...ROWS_CELL, notApplicable: 'no sorted sets' }, undefined)).toEqual({ recovery: [], verdicts: [] })
  })

  it('judges sessions by the workload’s lifetime', async () => {
    const cell = cellFixture({
      pattern: 'session-store',
      database: DATABASE_FIXTURE,
      classes: [classFixture('app', 'session hit', 'read', 1), classFixture('app', 'login', 'write', 1)],
      settings: { settings: { ttlNanos: SECOND, touch: 'sliding' } },
    })
    const rows: Partial<HistoryRow>[] = [
      { op: 1, fn: 'login', outcome: 'login', key: 5, arg: 1, sent: 0, done: ms(1) },
      { op: 2, fn: 'read', outcome: 'return gone', key: 5, sent: ms(500), done: ms(501) },
    ]
    const { sessions, staleness, verdicts } = await judgeCell(cell, sourceOfColumns(historyOf(rows)))
    expect(sessions).toMatchObject({ lostSessions: 1 })
    expect(staleness).toBeUndefined()
    expect(verdictOf(verdicts, 'checker/sessions')).toMatchObject({ outcome: 'fails' })
  })
})

describe('what judging looks at of a history', () => {
  const sessions = cellFixture({
    pattern: 'session-store',
    classes: [classFixture('app', 'session hit', 'read', 1), classFixture('app', 'login', 'write', 1)],
    settings: { settings: { ttlNanos: SECOND, touch: 'sliding' } },
  })
  const board = cellFixture({ pattern: 'leaderboard', classes: [classFixture('app', 'submit', 'write', 1)] })
  const commands = cellFixture({ pattern: 'kv-mix', classes: [classFixture('app', 'get', 'read', 1)] })
  const faulted = { events: [{ kind: 'fault', name: 'kill', detail: '', startNanos: SECOND, endNanos: 2 * SECOND }] } satisfies Partial<Cell>
  const calls: Partial<HistoryRow>[] = [
    { layer: 'cache', fn: 'set', outcome: 'stored', key: 3, sent: 0, done: 1, bytesOut: 50 },
    { layer: 'cache', fn: 'get', outcome: 'hit', key: 3, sent: 3 * SECOND },
    { layer: 'probe', fn: 'cached', outcome: 'hit', key: 3, ret: 1, sent: 4 * SECOND },
    { layer: 'probe', fn: 'committed', outcome: 'found', key: 3, ret: 2, sent: 4 * SECOND },
    { fn: 'login', outcome: 'login', key: 5, arg: 1, sent: 0, done: ms(1) },
    { fn: 'read', outcome: 'session absent', key: 5, sent: ms(500), done: ms(501), instance: 1 },
    { fn: 'submit', outcome: 'submit', key: 6, arg: 1, ret: 1, sent: 0, done: ms(1) },
    { layer: 'probe', fn: 'final score', key: 6, ret: 2, sent: 4 * SECOND },
    { fn: 'read', outcome: 'read hit', error: 'foreign', key: 3, sent: ms(9) },
  ]
  const history = historyOf([...STALE, ...calls])

  it.each([
    ['rows', ROWS_CELL],
    ['rows without a time to live', { ...ROWS_CELL, settings: { expect: EXPECT } }],
    ['sessions', sessions],
    ['a leaderboard', board],
    ['commands', commands],
  ])('is the columns it asks for, with %s', async (_, plain) => {
    for (const cell of [plain, { ...plain, ...faulted }, { ...plain, history: { ...plain.history, level: 'keys:1/4' } }]) {
      const asked: HistoryColumnName[][] = []
      const source: HistorySource = {
        length: history.length,
        async read(visit, columns) {
          asked.push([...columns!])
          visit(guarded(onlyColumns(history, columns!), columns!))
        },
      }
      expect(await judgeCell(cell, source)).toEqual(await judgeCell(cell, sourceOfColumns(history)))
      // Once for everything, and not at all where there is nothing to be had.
      expect(asked).toHaveLength(cell.pattern === 'kv-mix' && cell.history.level !== 'full' ? 0 : 1)
      expect((asked[0] ?? []).length).toBeLessThan(HISTORY_COLUMNS.length - 3)
    }
  })

  /** A history that says so when a column is looked at that is not in it. */
  function guarded(columns: HistoryColumns, named: readonly HistoryColumnName[]): HistoryColumns {
    const missing = HISTORY_COLUMNS.map(({ name }) => name).filter((name) => !named.includes(name))
    const guards = missing.map((name) => {
      const get = () => expect.fail(`looked at ${name}, which nobody asked for`)
      return [name, { get, enumerable: true }] as const
    })
    return Object.defineProperties({ ...columns }, Object.fromEntries(guards))
  }
})

describe('judgeRun', () => {
  const histories = new Map([[ROWS_CELL.id, sourceOfColumns(historyOf(STALE))]])
  const load = (cell: Cell) => histories.get(cell.id)

  it('gives verdicts that fit the schema, in one order, and the same again', async () => {
    const result = await rejudge(resultOf([ROWS_CELL]), load)
    expect(runResultSchema.parse(JSON.parse(JSON.stringify(result)))).toEqual(JSON.parse(JSON.stringify(result)))
    expect(await judgeRun(result, load)).toEqual(result.verdicts)
    expect(sortVerdicts([...(result.verdicts as Verdict[])].reverse())).toEqual(result.verdicts)
    expect(result.verdicts[0]?.kind).toBe('claim')
    expect(result.verdicts.at(-1)?.kind).toBe('audit')
  })

  it('gives failures the command that shows them again', async () => {
    const verdicts = await judgeRun(resultOf([ROWS_CELL]), load)
    expect(verdictOf(verdicts, 'checker/stale-reads')).toMatchObject({ replay: 'cacheproof run --seed 7' })
    expect(verdictOf(verdicts, 'checker/values')).not.toHaveProperty('replay')
    const seeded = await judgeRun(resultOf([ROWS_CELL], { command: 'cacheproof run --seed 9' }), load)
    expect(verdictOf(seeded, 'checker/stale-reads')).toMatchObject({ replay: 'cacheproof run --seed 9' })
  })

  it('judges a cell whose history turns out to be damaged as one without, and tells', async () => {
    const error = new HistoryFileError('history-damaged', 'the history x is damaged')
    const damaged: HistorySource = { length: 3, read: () => Promise.reject(error) }
    const judged = await judgedCell(ROWS_CELL, sourceOfColumns(historyOf(STALE)))
    const told: unknown[] = []
    const result = await rejudge(
      resultOf([judged]),
      () => damaged,
      (cell, why) => told.push([cell.id, why]),
    )
    expect(result.cells).toEqual([judged])
    expect(told).toEqual([[judged.id, error]])
    await expect(judgeRun(resultOf([judged]), () => damaged)).rejects.toBe(error)
    const mistake: HistorySource = { length: 3, read: () => Promise.reject(new TypeError('of a checker')) }
    await expect(rejudge(resultOf([judged]), () => mistake, expect.fail)).rejects.toThrow('of a checker')
  })

  it('hands the claims what the checkers found', async () => {
    const through: Cell = { ...ROWS_CELL, id: 'write-through/x', workload: 'write-through', pattern: 'write-through' }
    const verdicts = await judgeRun(resultOf([through]), () => sourceOfColumns(historyOf(STALE)))
    expect(verdictOf(verdicts, 'claim/write-through-never-stale')).toMatchObject({
      claimOutcome: 'contradicted',
      counterexample: [expect.anything(), expect.anything(), expect.anything()],
    })
  })
})
