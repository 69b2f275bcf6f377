import { fc, test as property } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { boardHistory, registerHistory, sessionHistory, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkCommits } from './commits.ts'
import { checkLeaderboard } from './leaderboard.ts'
import { checkLinearizability } from './linearizable.ts'
import { checkSessions } from './sessions.ts'
import { checkStaleness } from './staleness.ts'

const steps = stepsArbitrary
const run = { seed: 20261124, numRuns: 300 }
type Rows = readonly Partial<HistoryRow>[]

/** Sound: on histories of a store that is right, whatever was under way or got lost, there is never an alarm. */
describe('checkers are silent on correct histories', () => {
  property.prop([steps], run)('of a register with versions', (given) => {
    const columns = historyOf(registerHistory(given))
    expect(checkStaleness(columns).staleness).toMatchObject({
      staleReads: 0,
      staleAtEnd: 0,
      readYourWritesViolations: 0,
      monotonicReadsViolations: 0,
    })
    expect(checkLinearizability(columns)).toMatchObject({ keysNotLinearizable: 0, counterexample: [] })
    expect(checkCommits(columns)).toMatchObject({ versionsTwice: 0, replaced: 0, lost: 0 })
  })

  property.prop([steps, fc.integer({ min: 5_000, max: 500_000 }), fc.boolean()], run)('of sessions', (given, ttlNanos, sliding) => {
    const columns = historyOf(sessionHistory(given, { ttlNanos, sliding }))
    const { sessions, incidents } = checkSessions(columns, { ttlNanos, sliding, toleranceNanos: 0 })
    expect(incidents).toEqual([])
    expect(sessions.sharedReadsLost).toBe(0)
  })

  property.prop([steps], run)('of a leaderboard', (given) => {
    expect(checkLeaderboard(historyOf(boardHistory(given)))).toMatchObject({ lostIncrements: 0, duplicatedIncrements: 0 })
  })
})

/** Complete: one planted fault is found, and as one. Planted after the rest, on a key of its own or at the end. */
describe('checkers count one planted fault as one', () => {
  const LATE = 2e7
  const staleSet: Rows = [
    { op: 9001, fn: 'write', outcome: 'write', key: 77, arg: 2, ret: 2, sent: LATE, done: LATE + 50, client: 91 },
    { op: 9901, parent: 9001, layer: 'database', fn: 'write', key: 77, ret: 2, sent: LATE + 1, done: LATE + 9 },
    { op: 9002, fn: 'read', outcome: 'read hit', key: 77, ret: 1, sent: LATE + 100, done: LATE + 110, client: 92 },
  ]

  property.prop([steps], run)('a stale set: an old version is read after a newer one was acknowledged', (given) => {
    const columns = historyOf([...registerHistory(given), ...staleSet])
    expect(checkStaleness(columns).staleness).toMatchObject({ staleReads: 1, readYourWritesViolations: 0, monotonicReadsViolations: 0 })
    expect(checkLinearizability(columns).keysNotLinearizable).toBe(1)
  })

  property.prop([steps], run)('a lost invalidation: the entry stays old after the load', (given) => {
    const write = staleSet.slice(0, 2)
    const probes: Rows = [
      { layer: 'probe', fn: 'committed', outcome: 'found', key: 77, ret: 2, sent: 1e8, done: 1e8 },
      { layer: 'probe', fn: 'cached', outcome: 'hit', key: 77, ret: 1, sent: 1e8, done: 1e8 },
    ]
    expect(checkStaleness(historyOf([...registerHistory(given), ...write, ...probes])).staleness).toMatchObject({ staleReads: 0, staleAtEnd: 1 })
  })

  property.prop([steps], run)('a commit that the database lost', (given) => {
    const probe: Rows = [{ layer: 'probe', fn: 'committed', outcome: 'found', key: 77, ret: 1, sent: 1e8, done: 1e8 }]
    expect(checkCommits(historyOf([...registerHistory(given), ...staleSet.slice(0, 2), ...probe]))).toMatchObject({ lost: 1 })
  })

  const rules = { ttlNanos: 100_000, sliding: false }
  const session = (rows: Rows): Rows => [{ op: 9001, fn: 'login', outcome: 'login', key: 9999, arg: 1, sent: LATE, done: LATE + 10 }, ...rows]
  const planted: readonly [string, Rows, object][] = [
    [
      'a lost session',
      session([{ op: 9002, fn: 'read', outcome: 'session miss', key: 9999, sent: LATE + 20, done: LATE + 30 }]),
      { lostSessions: 1 },
    ],
    [
      'a resurrected session',
      session([
        { op: 9002, fn: 'logout', outcome: 'logout', key: 9999, sent: LATE + 20, done: LATE + 30 },
        { op: 9003, fn: 'read', outcome: 'return found', key: 9999, ret: 1, sent: LATE + 40, done: LATE + 50 },
      ]),
      { resurrectedSessions: 1 },
    ],
    [
      'a session served after its expiry',
      session([{ op: 9002, fn: 'read', outcome: 'return found', key: 9999, ret: 1, sent: LATE + 150_010, done: LATE + 150_020 }]),
      { servedAfterExpiry: 1, worstLatenessNanos: 50_000 },
    ],
    [
      'a lost update',
      session([
        { op: 9002, fn: 'update', outcome: 'update', key: 9999, arg: 2, ret: 1, sent: LATE + 20, done: LATE + 30 },
        { op: 9003, fn: 'read', outcome: 'session hit', key: 9999, ret: 1, sent: LATE + 40, done: LATE + 50 },
      ]),
      { lostUpdates: 1 },
    ],
  ]
  describe.each(planted)('%s', (_, rows, expected) => {
    property.prop([steps], { ...run, numRuns: 100 })('is counted', (given) => {
      const columns = historyOf([...sessionHistory(given, rules), ...rows])
      const { sessions, incidents } = checkSessions(columns, { ...rules, toleranceNanos: 0 })
      expect(incidents).toHaveLength(1)
      expect(sessions).toMatchObject({ lostSessions: 0, lostUpdates: 0, resurrectedSessions: 0, servedAfterExpiry: 0, ...expected })
    })
  })

  property.prop([steps, fc.integer({ min: 0, max: 2 }), fc.boolean()], run)('an increment applied twice, or not at all', (given, member, twice) => {
    const rows = boardHistory(given)
    const hit = { op: 9001, fn: 'submit', outcome: 'submit', key: member, arg: 1000, ret: 0, sent: LATE, done: LATE + 10 }
    const planted = rows.map((row) => (row.fn === 'final score' && row.key === member ? { ...row, ret: row.ret! + (twice ? 2000 : 0) } : row))
    const board = checkLeaderboard(historyOf([...planted, hit]))
    // What is of unknown outcome hides a loss or a surplus of its own size, and never this large a one.
    expect(board).toMatchObject({ duplicatedIncrements: twice ? 1 : 0, lostIncrements: twice ? 0 : 1 })
  })
})
