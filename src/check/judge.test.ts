import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
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
  it('measures, judges and expects', () => {
    const judged = judgeCell(ROWS_CELL, historyOf([...STALE, ...MANY]))
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

  it('lets a database that is not linearizable gate, and expects nothing of a baseline', () => {
    const baseline: Cell = {
      ...ROWS_CELL,
      pattern: 'none',
      role: 'baseline',
      baselineOf: 'cache-aside',
      classes: [classFixture('app', 'read', 'read', 2), classFixture('app', 'write', 'write', 1)],
    }
    const { verdicts, wire } = judgeCell(baseline, historyOf(STALE))
    expect(verdictOf(verdicts, 'checker/linearizable')).toMatchObject({ outcome: 'fails', gates: true })
    expect(verdictOf(verdicts, 'expect/stale_reads')).toBeUndefined()
    expect(wire).toBeUndefined()
  })

  it('fails on another key’s value and on values served after their time', () => {
    const foreign: Partial<HistoryRow> = { fn: 'read', outcome: 'read hit', error: 'foreign', key: 3, sent: ms(9) }
    const late: Partial<HistoryRow>[] = [
      { layer: 'cache', fn: 'set', outcome: 'stored', key: 3, sent: 0, done: 1 },
      { layer: 'cache', fn: 'get', outcome: 'hit', key: 3, sent: 3 * SECOND },
    ]
    const { verdicts } = judgeCell(ROWS_CELL, historyOf([foreign, ...late]))
    expect(verdictOf(verdicts, 'checker/values')).toMatchObject({ outcome: 'fails', gates: true, numbers: { wrongValues: 1 } })
    expect(verdictOf(verdicts, 'checker/expiry')).toMatchObject({ outcome: 'fails', gates: true, numbers: { servedLate: 1 } })
  })

  it('is inconclusive without a history', () => {
    const cell: Cell = { ...ROWS_CELL, history: { ...ROWS_CELL.history, level: 'off' } }
    const { verdicts, staleness, wire } = judgeCell(cell, undefined, { totals: { bytesOut: 1, bytesIn: 1, storedBytes: 1 } })
    expect(staleness).toBeUndefined()
    expect(wire).toMatchObject({ bytesOut: 1, neverReadBytes: null })
    expect(verdictOf(verdicts, 'checker/history')).toMatchObject({ outcome: 'unknown', gates: false })
    expect(verdictOf(verdicts, 'expect/stale_reads')).toMatchObject({ outcome: 'unknown' })
  })

  it('keeps the measures of a cell whose history is not at hand', () => {
    const judged = judgedCell(ROWS_CELL, historyOf(STALE))
    const { verdicts } = judgeCell(ROWS_CELL, historyOf(STALE))
    const again = judgeCell(judged, undefined, { verdicts: verdicts.filter(({ kind }) => kind === 'checker') })
    expect(again.staleness).toEqual(judged.staleness)
    expect(again.checked).toEqual(judged.checked)
    expect(again.verdicts).toEqual(verdicts)
  })

  it('says nothing of a cell that does not apply', () => {
    expect(judgeCell({ ...ROWS_CELL, notApplicable: 'no sorted sets' }, undefined)).toEqual({ recovery: [], verdicts: [] })
  })

  it('judges sessions by the workload’s lifetime', () => {
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
    const { sessions, staleness, verdicts } = judgeCell(cell, historyOf(rows))
    expect(sessions).toMatchObject({ lostSessions: 1 })
    expect(staleness).toBeUndefined()
    expect(verdictOf(verdicts, 'checker/sessions')).toMatchObject({ outcome: 'fails' })
  })
})

describe('judgeRun', () => {
  const histories = new Map([[ROWS_CELL.id, historyOf(STALE)]])
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

  it('hands the claims what the checkers found', async () => {
    const through: Cell = { ...ROWS_CELL, id: 'write-through/x', workload: 'write-through', pattern: 'write-through' }
    const verdicts = await judgeRun(resultOf([through]), () => historyOf(STALE))
    expect(verdictOf(verdicts, 'claim/write-through-never-stale')).toMatchObject({
      claimOutcome: 'contradicted',
      counterexample: [expect.anything(), expect.anything(), expect.anything()],
    })
  })
})
