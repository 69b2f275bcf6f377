import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { registerHistory, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkerContract, LATE_NANOS, PLANTED_KEY } from './checker.contract.ts'
import { checkCommits, commits } from './commits.ts'

type Row = Partial<HistoryRow>
const commit = (version: number, done: number, more: Row = {}): Row => ({
  op: 1000 + done,
  parent: done,
  layer: 'database',
  fn: 'write',
  outcome: 'committed',
  ret: version,
  sent: done - 1,
  done,
  ...more,
})
const read = (version: number, writer: number, sent: number, more: Row = {}): Row => ({
  fn: 'read',
  outcome: 'read hit',
  ret: version,
  writer,
  sent,
  done: sent + 1,
  ...more,
})
const readBack = (version: number, writer: number, more: Row = {}): Row => ({
  layer: 'probe',
  fn: 'committed',
  outcome: 'found',
  ret: version,
  writer,
  sent: 1000,
  done: 1000,
  ...more,
})
const check = (rows: Row[]) => checkCommits(historyOf(rows))
const CLEAN = { versionsTwice: 0, replaced: 0, lost: 0, examples: [] }

describe('checkCommits', () => {
  it('is content with versions that follow each other and are there in the end', () => {
    const rows = [commit(2, 10), commit(3, 20, { instance: 1 }), read(2, 1, 12), read(3, 2, 22), readBack(3, 2)]
    expect(check(rows)).toMatchObject({ ...CLEAN, commits: 2, readBack: 1 })
  })

  it('finds a version that was acknowledged twice: one of the two commits is gone', () => {
    const rows = [commit(2, 10), commit(2, 20, { instance: 1 }), readBack(2, 2)]
    expect(check(rows)).toMatchObject({ versionsTwice: 1, replaced: 0, lost: 0, lostAtNanos: Float64Array.of(10) })
    expect(check(rows).examples[0]).toContain('and so was operation 20')
    // Of one writer, too.
    expect(check([commit(2, 10), commit(2, 20)])).toMatchObject({ versionsTwice: 1 })
  })

  it('finds a commit that somebody else’s of unknown outcome replaced', () => {
    const unknown: Row = { layer: 'database', fn: 'write', instance: 1, sent: 15, done: -1 }
    expect(check([commit(2, 10), unknown, read(2, 2, 20), read(2, 2, 30)])).toMatchObject({ ...CLEAN, replaced: 1, examples: [expect.anything()] })
    // Read before the commit was acknowledged, it is as wrong.
    expect(check([read(2, 2, 5), commit(2, 10), unknown])).toMatchObject({ replaced: 1 })
    expect(check([commit(2, 10), unknown, readBack(2, 2)])).toMatchObject({ replaced: 1, readBack: 1 })
  })

  it('finds what is gone after the load: newer versions, or the row', () => {
    expect(check([commit(2, 10), commit(3, 20), readBack(2, 1)])).toMatchObject({ lost: 1, lostAtNanos: Float64Array.of(20) })
    expect(check([commit(2, 10), commit(3, 20), readBack(Number.NaN, -1, { outcome: 'absent' })])).toMatchObject({ lost: 2 })
    expect(check([commit(2, 10), readBack(Number.NaN, -1, { outcome: 'timeout' })])).toMatchObject({ ...CLEAN, readBack: 0 })
    expect(check([commit(2, 10)])).toMatchObject({ ...CLEAN, readBack: 0 })
  })

  it('says nothing of who wrote what does not say so, or was there before', () => {
    expect(check([commit(2, 10), read(2, -1, 20), readBack(2, -1)])).toMatchObject(CLEAN)
    expect(check([read(1, 0, 5), commit(2, 10)])).toMatchObject(CLEAN)
  })

  it('goes by the application’s writes where there is no database', () => {
    const write = (version: number, done: number, more: Row = {}): Row => ({
      fn: 'write',
      outcome: 'write',
      ret: version,
      sent: done - 5,
      done,
      ...more,
    })
    expect(check([write(2, 10), write(2, 20, { instance: 1 })])).toMatchObject({ commits: 2, versionsTwice: 1 })
    expect(check([commit(2, 9), write(2, 10)])).toMatchObject({ ...CLEAN, commits: 1 })
  })
})

const LATE = LATE_NANOS
const planted = (more: Row): Row => ({ key: PLANTED_KEY, sent: LATE, done: LATE + 5, ...more })
const PLANTED_COMMIT = planted({ op: 9901, parent: 9001, layer: 'database', fn: 'write', ret: 2 })
checkerContract({
  checker: commits,
  correct: stepsArbitrary.map(registerHistory),
  planted: {
    'a version issued twice': [
      PLANTED_COMMIT,
      planted({ op: 9902, parent: 9002, layer: 'database', fn: 'write', ret: 2, instance: 1, sent: LATE + 10, done: LATE + 15 }),
    ],
    'a commit that was replaced': [PLANTED_COMMIT, planted({ op: 9003, fn: 'read', ret: 2, writer: 2, sent: LATE + 20, done: LATE + 25 })],
    'a commit that is gone': [
      PLANTED_COMMIT,
      planted({ layer: 'probe', fn: 'committed', outcome: 'found', ret: 1, writer: 0, sent: LATE + 90, done: LATE + 90 }),
    ],
  },
  plenty: Array.from({ length: 40 }, (_, n) => commit(2 + n, 10 + n)),
})
