import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { PROGRAMS } from '../workload/patterns/registry.ts'
import { cellFixture, classFixture, DATABASE_FIXTURE } from './cell-fixture.contract.ts'
import { CHECKERS } from './registry.ts'
import { checkersOf, runCheckers } from './run-checkers.ts'

const idsOf = (found: ReturnType<typeof checkersOf>) => (found === 'unknown pattern' ? found : found.map(({ id }) => id))
const ROWS: Partial<HistoryRow>[] = [
  { fn: 'login', outcome: 'login', key: 5, arg: 1 },
  { fn: 'read', outcome: 'session miss', key: 5, sent: 1e6 },
]

describe('which checkers apply', () => {
  it('is for the pattern to say, and every pattern says what there is', () => {
    for (const { name, checks } of PROGRAMS) expect(idsOf(checkersOf({ pattern: name, checks: [...checks] }))).toEqual(checks)
    expect(new Set(CHECKERS.map(({ id }) => id)).size).toBe(CHECKERS.length)
    // Each is declared by somebody.
    expect(CHECKERS.filter(({ id }) => !PROGRAMS.some(({ checks }) => checks.includes(id)))).toEqual([])
  })

  it('is not guessed from the names of classes: a pattern of one’s own may have logins that are no sessions', () => {
    const cell = cellFixture({ pattern: 'my-shop', checks: [], database: DATABASE_FIXTURE, classes: [classFixture('app', 'login', 'write', 9)] })
    expect(runCheckers(cell, historyOf(ROWS))).toEqual({ verdicts: [], measures: {}, findings: {} })
    const declared = runCheckers({ ...cell, checks: ['sessions'] }, historyOf(ROWS))
    expect(declared.measures.sessions).toMatchObject({ lostSessions: 1 })
    expect(declared.findings.incidents).toHaveLength(1)
  })

  it('is looked up by the pattern’s name for a run of before there were declarations', () => {
    expect(idsOf(checkersOf({ pattern: 'leaderboard' }))).toEqual(['leaderboard'])
    const unknown = cellFixture({ pattern: 'gone-since' })
    expect(runCheckers(unknown, historyOf(ROWS))).toMatchObject({
      verdicts: [
        {
          outcome: 'unknown',
          gates: false,
          evidence: expect.stringContaining('knows no pattern of that name'),
          notTested: { command: expect.anything() },
        },
      ],
      measures: {},
    })
  })

  it('is a mistake where there is no such checker, with the nearest that there is', () => {
    expect(() => checkersOf({ pattern: 'mine', checks: ['stalenes'] })).toThrow(
      'the pattern mine declares the check "stalenes", which does not exist: did it mean "staleness"?',
    )
  })
})

it('has nothing to go by without a history, and says so where there never was one', () => {
  const off = cellFixture({ history: { ...cellFixture().history, level: 'off' } })
  expect(runCheckers(off, undefined).verdicts).toMatchObject([{ id: 'checker/history', notTested: { command: '--history full' } }])
  expect(runCheckers(cellFixture(), undefined).verdicts).toEqual([])
  expect(runCheckers({ ...off, checks: [] }, undefined).verdicts).toEqual([])
})
