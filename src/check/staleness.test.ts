import { test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { MILLISECOND } from '../runtime/runtime.ts'
import { drawsArbitrary, registerHistory, spoiled, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkedCell, checkerContract, LATE_NANOS, PLANTED_KEY, runChecker } from './checker.contract.ts'
import { staleness as checker, checkSessionGuarantees, checkStaleness } from './staleness.ts'

type Row = Partial<HistoryRow>
const ms = (value: number) => value * MILLISECOND
const commit = (version: number, sent: number, done: number, more: Row = {}): Row => ({
  layer: 'database',
  fn: 'write',
  outcome: 'committed',
  ret: version,
  sent: ms(sent),
  done: ms(done),
  ...more,
})
const read = (version: number, sent: number, done: number, more: Row = {}): Row => ({
  fn: 'read',
  outcome: 'read hit',
  ret: version,
  sent: ms(sent),
  done: ms(done),
  ...more,
})

describe('checkStaleness', () => {
  it('says that a read is stale when it began after a newer version was acknowledged, and how old it was', () => {
    const { staleness, counterexample } = checkStaleness(
      historyOf([commit(2, 0, 1), commit(3, 2, 3), read(2, 4, 5), read(2, 40, 41), read(3, 50, 51)]),
    )
    expect(staleness).toMatchObject({ judgedReads: 3, staleReads: 2 })
    expect(staleness.ageNanos).toMatchObject({ count: 2, minNanos: ms(1), maxNanos: ms(37) })
    expect(staleness.examples[0]).toContain('37 ms')
    expect(counterexample.at(-1)).toContain('stale by 37 ms')
  })

  it('counts the age from the first newer version, whatever came after it', () => {
    const { staleness } = checkStaleness(historyOf([commit(2, 0, 1), commit(3, 2, 5), commit(4, 6, 8), read(2, 10, 11)]))
    expect(staleness.ageNanos?.maxNanos).toBe(ms(5))
  })

  it('leaves a read alone that overlaps the commit, or begins at the very instant of its acknowledgement', () => {
    const { staleness } = checkStaleness(historyOf([commit(2, 2, 10), read(2, 3, 4), read(1, 5, 6), read(1, 10, 12)]))
    expect(staleness).toMatchObject({ judgedReads: 3, staleReads: 0 })
    expect(staleness.ageNanos).toBeUndefined()
  })

  it('lets a write of unknown outcome make nothing stale, until someone has read its version', () => {
    const unknown: Row = { layer: 'database', fn: 'write', status: 'info', sent: ms(2), done: -1 }
    expect(checkStaleness(historyOf([commit(2, 0, 1), unknown, read(2, 5, 6), read(2, 100, 101)])).staleness.staleReads).toBe(0)
    const seen = checkStaleness(historyOf([commit(2, 0, 1), unknown, read(3, 50, 51), read(2, 60, 61)])).staleness
    expect(seen).toMatchObject({ staleReads: 1, judgedReads: 2 })
    expect(seen.ageNanos?.maxNanos).toBe(ms(9))
  })

  it('judges no read that failed, found nothing, or is of unknown outcome', () => {
    const rows = [commit(2, 0, 1), read(1, 4, 5, { status: 'fail' }), read(Number.NaN, 4, 5), read(1, 4, -1, { status: 'info', done: -1 })]
    expect(checkStaleness(historyOf(rows)).staleness).toMatchObject({ judgedReads: 0, staleReads: 0 })
  })

  it('takes the reads of one stale entry for one episode', () => {
    const { staleness } = checkStaleness(
      historyOf([commit(2, 0, 1), commit(3, 10, 11), read(1, 4, 5), read(1, 12, 13), read(1, 14, 15), read(2, 16, 17)]),
    )
    expect(staleness).toMatchObject({ staleReads: 4, staleEpisodes: 2, staleEpisodeSquares: 9 + 1 })
  })

  it('keeps keys apart', () => {
    expect(checkStaleness(historyOf([commit(2, 0, 1, { key: 1 }), read(1, 4, 5, { key: 2 })])).staleness.staleReads).toBe(0)
  })

  it('takes the application write as the acknowledgement where there is no database layer', () => {
    const write: Row = { fn: 'write', ret: 2, sent: ms(0), done: ms(1) }
    expect(checkStaleness(historyOf([write, read(1, 4, 5)])).staleness.staleReads).toBe(1)
  })

  it('tells which keys are still stale after the load', () => {
    const probe = (fn: string, key: number, ret: number): Row => ({ layer: 'probe', fn, key, ret, sent: ms(100), done: ms(100) })
    const { staleness } = checkStaleness(
      historyOf([
        commit(2, 0, 1, { key: 1 }),
        commit(2, 0, 1, { key: 2 }),
        commit(2, 0, 1, { key: 3 }),
        probe('cached', 1, 1),
        probe('committed', 1, 2),
        probe('cached', 2, 2),
        probe('committed', 2, 2),
        probe('cached', 3, Number.NaN),
        probe('committed', 3, 2),
        probe('cached', 4, 1),
        probe('committed', 4, 2),
      ]),
    )
    expect(staleness).toMatchObject({ readBack: 4, staleAtEnd: 2 })
    expect(staleness.examples).toHaveLength(2)
  })
})

describe('what is judged', () => {
  const measured = (...rows: Row[]) => checkStaleness(historyOf(rows)).staleness
  const write = (version: number, sent: number, done: number, more: Row = {}): Row => ({
    fn: 'write',
    ret: version,
    sent: ms(sent),
    done: ms(done),
    ...more,
  })
  const absent: Row = { fn: 'read', outcome: 'read absent hit', sent: ms(4), done: ms(5) }

  it('is what the application read, of a key', () => {
    for (const not of [{ layer: 'cache' }, { layer: 'database' }, { key: -1 }, { fn: 'score' }, { sent: -1, done: -1, status: 'info' }] as Row[]) {
      expect(measured(commit(2, 0, 1), read(1, 4, 5, not)), JSON.stringify(not)).toMatchObject({ judgedReads: 0, staleReads: 0 })
    }
  })

  it('is what a read of the database has shown to be there, for the operation that asked', () => {
    const shown = (more: Row) => {
      const found = checkStaleness(
        historyOf([commit(2, 0, 1), { layer: 'database', op: 500, fn: 'read', ret: 3, sent: ms(50), done: ms(51), ...more }, read(2, 60, 61)]),
      )
      return found.counterexample[0]
    }
    expect(shown({ parent: 77 })).toBe('t=51.000 ms  operation 77: read key 0 -> version 3 (acknowledged)')
    expect(shown({ parent: 0 })).toContain('operation 0:')
    expect(shown({})).toContain('operation 500:')
    expect(shown({ layer: 'cache' })).toBeUndefined()
    expect(shown({ status: 'fail' })).toBeUndefined()
  })

  it('is "no row" only of a row that somebody saw, and where a database tells that from a miss', () => {
    expect(measured(commit(1, 0, 1), absent)).toMatchObject({ judgedReads: 1, staleReads: 1 })
    expect(measured({ layer: 'database', fn: 'read', outcome: 'absent', sent: ms(2), done: ms(3) }, { ...absent, key: 0 })).toMatchObject({
      judgedReads: 0,
    })
    expect(measured(write(2, 0, 1), absent)).toMatchObject({ judgedReads: 0, staleReads: 0 })
  })

  it('is no write that never began: it leaves no value unknown', () => {
    expect(measured(write(2, 0, 1), write(Number.NaN, 0, 0, { sent: -1, done: -1, status: 'info' }), read(1, 4, 5)).staleReads).toBe(1)
    expect(measured(write(2, 0, 1), write(Number.NaN, 2, 0, { done: -1, status: 'info' }), read(1, 4, 5))).toMatchObject({ judgedReads: 0 })
  })

  it('is what the probe was answered', () => {
    const probe = (fn: string, ret: number, more: Row = {}): Row => ({
      layer: 'probe',
      fn,
      outcome: 'found',
      ret,
      sent: ms(100),
      done: ms(100),
      ...more,
    })
    const read = [probe('cached', 2), probe('committed', 2)]
    expect(measured(commit(2, 0, 1), ...read)).toMatchObject({ readBack: 1, staleAtEnd: 0 })
    for (const not of [{ layer: 'cache' }, { outcome: 'timeout' }, { fn: 'final score' }] as Row[]) {
      expect(measured(commit(2, 0, 1), ...read, probe('committed', 9, not)), JSON.stringify(not)).toMatchObject({ readBack: 1, staleAtEnd: 0 })
      expect(measured(commit(2, 0, 1), probe('cached', 1, not)), JSON.stringify(not)).toMatchObject({ readBack: 0 })
    }
  })

  it('goes by commits that were acknowledged, and that say of which version', () => {
    expect(measured(commit(2, 0, 1), commit(3, 2, 3, { status: 'fail' }), read(2, 4, 5)).staleReads).toBe(0)
    expect(measured(commit(2, 0, 1), write(3, 2, 3), read(2, 4, 5)).staleReads).toBe(0)
    expect(measured(commit(2, 0, 1), commit(Number.NaN, 2, 3), read(1, 4, 5), read(2, 6, 7)).staleReads).toBe(1)
    // What the database was told is no write of its user's.
    expect(measured(commit(2, 0, 1, { client: 7 }), read(1, 4, 5, { client: 7 }))).toMatchObject({ staleReads: 1, readYourWritesViolations: 0 })
    const first = (more: Row) => checkStaleness(historyOf([commit(2, 0, 1, { op: 500, ...more }), read(1, 4, 5)])).counterexample[0]
    expect(first({})).toContain('operation 500:')
    expect(first({ parent: 77 })).toContain('operation 77:')
    expect(first({ parent: 0 })).toContain('operation 0:')
  })

  it('goes by what the application wrote where there is no database, and by no call below it', () => {
    const below = { layer: 'cache' } as const
    expect(measured(write(2, 0, 1), write(9, 2, 3, below), read(2, 4, 5)).staleReads).toBe(0)
    expect(measured(write(2, 0, 1), write(Number.NaN, 2, 3, { ...below, status: 'info', done: -1 }), read(1, 4, 5)).staleReads).toBe(1)
  })

  it('names three keys that were stale at the end, and no more', () => {
    const probe = (fn: string, key: number, ret: number): Row => ({ layer: 'probe', fn, outcome: 'found', key, ret, sent: ms(100), done: ms(100) })
    const keys = [1, 2, 3, 4].flatMap((key) => [commit(2, 0, 1, { key }), probe('committed', key, 2), probe('cached', key, 1)])
    const { staleAtEnd, examples } = measured(...keys)
    expect(staleAtEnd).toBe(4)
    expect(examples.map((one) => one.slice(0, 5))).toEqual(['key 1', 'key 2', 'key 3'])
  })

  it('is told for users alone as well', () => {
    const rows = [write(2, 0, 5, { client: 7 }), read(1, 6, 7, { client: 7 })]
    expect(checkSessionGuarantees(historyOf(rows))).toMatchObject({ readYourWritesViolations: 1, monotonicReadsViolations: 0 })
  })

  it('goes by real time in a cell without a database', () => {
    const { database: _, ...without } = checkedCell()
    expect(runChecker(checker, without, [historyOf([write(2, 0, 1), read(1, 4, 5)])]).measures.staleness).toMatchObject({ staleReads: 1 })
  })
})

describe('versions that the database counts', () => {
  const measured = (...rows: Row[]) => checkStaleness(historyOf(rows)).staleness
  const probe = (fn: string, ret: number): Row => ({ layer: 'probe', fn, outcome: 'found', key: 0, ret, sent: ms(100), done: ms(100) })
  const database: Row = { layer: 'database', fn: 'read', key: 999, ret: 1 }

  it('can be refuted by reads that began after a commit had been acknowledged', () => {
    expect(measured(database, read(1, 4, 5))).toMatchObject({ judgedReads: 1, refutableReads: 0, staleEpisodes: 0, staleEpisodeSquares: 0 })
    expect(measured(commit(2, 0, 3), read(2, 2, 5), read(2, 3, 5), read(2, 4, 5))).toMatchObject({ judgedReads: 3, refutableReads: 1 })
  })

  it('prove that a row is there by whoever read it', () => {
    const absent: Row = { fn: 'read', outcome: 'read absent hit', sent: ms(4), done: ms(5) }
    expect(measured(database, read(1, 0, 1), absent)).toMatchObject({ judgedReads: 2 })
    expect(measured(database, absent)).toMatchObject({ judgedReads: 0 })
  })

  it('count from the first proof of any newer one, seen or acknowledged', () => {
    const oldest = (...rows: Row[]) => measured(commit(2, 0, 1), ...rows, read(2, 60, 61)).ageNanos?.maxNanos
    expect(oldest(read(3, 50, 51), commit(4, 52, 55))).toBe(ms(9))
    expect(oldest(read(4, 52, 55), commit(3, 50, 51))).toBe(ms(9))
    expect(oldest(read(3, 50, 51), read(4, 52, 55))).toBe(ms(9))
    expect(oldest(read(3, 50, 60))).toBeUndefined()
  })

  it('are read back: the newest that is known, whoever told of it', () => {
    expect(measured(commit(2, 0, 1), probe('cached', 1))).toMatchObject({ readBack: 1, staleAtEnd: 1 })
    expect(measured(commit(2, 0, 1), probe('committed', 1), probe('cached', 1))).toMatchObject({ readBack: 1, staleAtEnd: 1 })
    expect(measured(database, probe('committed', 2), probe('cached', 1))).toMatchObject({ readBack: 1, staleAtEnd: 1 })
  })
})

describe('values that only real time puts in order', () => {
  const write = (version: number, sent: number, done: number, more: Row = {}): Row => ({
    fn: 'write',
    ret: version,
    sent: ms(sent),
    done: ms(done),
    ...more,
  })
  const unknown = (arg: number): Row => ({ fn: 'write', arg, sent: ms(2), done: -1, status: 'info' })
  const measured = (...rows: Row[]) => checkStaleness(historyOf(rows)).staleness
  const cached = (ret: number, at = 100): Row => ({ layer: 'probe', fn: 'cached', outcome: 'hit', key: 0, ret, sent: ms(at), done: ms(at) })

  it('can be refuted by reads that began after a write had been acknowledged', () => {
    expect(measured(read(1, 4, 5))).toMatchObject({ judgedReads: 1, refutableReads: 0 })
    expect(measured(write(2, 0, 3), read(2, 2, 5), read(2, 3, 5), read(2, 4, 5))).toMatchObject({ judgedReads: 3, refutableReads: 1 })
    expect(measured(write(2, 0, 3), read(1, 3, 5))).toMatchObject({ staleReads: 0 })
  })

  it('are told with the write that made them stale, and by how many reads', () => {
    const rows = [write(2, 0, 1, { op: 50 }), write(3, 2, 3, { op: 51 }), read(2, 10, 11), read(2, 12, 13), read(1, 14, 15)]
    const { staleness, counterexample } = checkStaleness(historyOf(rows))
    expect(staleness).toMatchObject({ staleReads: 3, staleEpisodes: 2, staleEpisodeSquares: 5 })
    expect(counterexample[0]).toBe('t=1.000 ms  operation 50: write key 0 -> version 2 (acknowledged)')
    expect(checkStaleness(historyOf(rows.slice(0, 3))).counterexample[0]).toBe('t=3.000 ms  operation 51: write key 0 -> version 3 (acknowledged)')
  })

  it('may be those of a write of unknown outcome, which makes nothing stale and leaves the others known', () => {
    expect(measured(write(2, 0, 1), unknown(3), read(3, 4, 5), read(1, 6, 7))).toMatchObject({ judgedReads: 2, staleReads: 1 })
    expect(measured(write(2, 0, 1), unknown(3), read(2, 8, 9))).toMatchObject({ judgedReads: 1, staleReads: 0 })
  })

  it('are read back after the load, where it can be told which is older', () => {
    expect(measured(write(2, 0, 1), cached(1))).toMatchObject({
      readBack: 1,
      staleAtEnd: 1,
      examples: ['key 0: after the load the cache still held version 1; version 2 is committed'],
    })
    expect(measured(write(2, 0, 1), write(3, 2, 3), cached(2)).examples).toEqual([expect.stringContaining('version 2; version 3 is committed')])
    for (const fresh of [cached(2), cached(Number.NaN)]) expect(measured(write(2, 0, 1), fresh)).toMatchObject({ readBack: 1, staleAtEnd: 0 })
    // Written twice, or acknowledged only then.
    expect(measured(write(2, 0, 1), write(2, 2, 3), write(3, 4, 5), cached(2))).toMatchObject({ readBack: 1, staleAtEnd: 0 })
    expect(measured(write(2, 0, 100), cached(1))).toMatchObject({ readBack: 1, staleAtEnd: 0 })
  })
})

describe('session guarantees', () => {
  const write = (version: number, sent: number, done: number, more: Row = {}): Row => ({
    fn: 'write',
    ret: version,
    sent: ms(sent),
    done: ms(done),
    ...more,
  })

  it('counts a read of something older than what its user wrote', () => {
    const { staleness } = checkStaleness(historyOf([write(2, 0, 5, { client: 7 }), read(1, 6, 7, { client: 7 }), read(1, 6, 7, { client: 8 })]))
    expect(staleness).toMatchObject({ readYourWritesViolations: 1, monotonicReadsViolations: 0, staleReads: 2 })
  })

  it('counts a read of something older than what its user read', () => {
    const unacknowledged = commit(3, 0, -1, { status: 'info', done: -1, ret: Number.NaN })
    const { staleness } = checkStaleness(
      historyOf([commit(2, 0, 1), unacknowledged, read(3, 2, 3, { client: 1 }), read(2, 4, 5, { client: 1 }), read(2, 4, 5, { client: 2 })]),
    )
    expect(staleness).toMatchObject({ monotonicReadsViolations: 1, readYourWritesViolations: 0 })
  })

  it('is silent where the two were under way together', () => {
    const { staleness } = checkStaleness(
      historyOf([write(2, 0, 5, { client: 7 }), read(1, 4, 7, { client: 7 }), read(2, 6, 9, { client: 7 }), read(1, 3, 8, { client: 7 })]),
    )
    expect(staleness).toMatchObject({ readYourWritesViolations: 0, monotonicReadsViolations: 0 })
  })

  it('takes a closed loop at one nanosecond as one after the other', () => {
    const missed = (op: number) =>
      checkStaleness(historyOf([write(2, 0, 5, { client: 7, op: 3 }), read(1, 5, 7, { client: 7, op })])).staleness.readYourWritesViolations
    expect(missed(4)).toBe(1)
    expect(missed(2)).toBe(0)
  })

  it('finds the newest version a user knew even when a slow operation ended later', () => {
    const rows = [
      commit(3, 0, 4),
      commit(2, 0, 3),
      commit(4, 0, 19),
      write(3, 0, 5, { client: 1 }),
      write(2, 0, 9, { client: 1, op: 50 }),
      write(4, 0, 20, { client: 1, op: 51 }),
      read(2, 10, 30, { client: 1, op: 60 }),
    ]
    expect(checkStaleness(historyOf(rows)).staleness.readYourWritesViolations).toBe(1)
  })
})

describe('what is said of it', () => {
  const cell = checkedCell()
  const told = (rows: Row[]) => {
    const { verdicts, measures } = runChecker(checker, cell, [historyOf(rows)])
    const { figures, examples } = checker.table!.line({ ...cell, ...measures })!
    return { verdict: verdicts[0]!, figures: figures.map(({ text, wrong }) => (wrong ? `${text}!` : text)), examples }
  }
  const probe = (fn: string, ret: number): Row => ({ layer: 'probe', fn, outcome: 'found', key: 0, ret, sent: ms(100), done: ms(100) })

  it('is each thing that was wrong, and the oldest stale read step by step', () => {
    const { verdict, figures, examples } = told([
      commit(2, 0, 1, { op: 3 }),
      { fn: 'write', outcome: 'write', ret: 2, sent: 0, done: ms(2), op: 2, client: 7 },
      read(1, 4, 5, { client: 7, op: 5 }),
      read(1, 40, 41, { client: 7, op: 6 }),
      read(2, 50, 51, { client: 7, op: 7 }),
      read(1, 60, 61, { client: 7, op: 8 }),
      probe('committed', 2),
      probe('cached', 1),
    ])
    expect(verdict.evidence).toBe(
      '3 of 4 reads were stale (75 %), the oldest by 59 ms; 1 of 1 keys were still stale after the load; ' +
        "3 reads missed the user's own write, 1 read went back in time.",
    )
    expect(verdict).toMatchObject({
      outcome: 'fails',
      gates: false,
      observations: 4,
      numbers: {
        ...{ judgedReads: 4, refutableReads: 4, staleReads: 3, staleAtEnd: 1, readBack: 1, oldestNanos: ms(59) },
        ...{ readYourWritesViolations: 3, monotonicReadsViolations: 1 },
      },
      counterexample: [
        't=1.000 ms  operation 3: write key 0 -> version 2 (acknowledged)',
        't=60.000 ms  operation 8: read key 0 begins',
        't=61.000 ms  operation 8: read key 0 -> version 1 (read hit): stale by 59 ms',
      ],
    })
    expect(figures).toEqual(['4', '4', '3!', '75 %', '39 ms', '59 ms', '1 of 1!', '3!', '1!'])
    expect(examples).toEqual([
      'key 0: operation 8 of user 7 read version 1, 59 ms after version 2 was known to be committed (t=60.000 ms)',
      'key 0: operation 6 of user 7 read version 1, 39 ms after version 2 was known to be committed (t=40.000 ms)',
      'key 0: operation 5 of user 7 read version 1, 3 ms after version 2 was known to be committed (t=4.000 ms)',
      'key 0: after the load the cache still held version 1; version 2 is committed',
      'key 0: user 7 read version 1 (operation 5, t=4.000 ms) after his own write of version 2 (operation 2) was over at t=2.000 ms',
      'key 0: user 7 read version 1 (operation 8, t=60.000 ms) after his own read of version 2 (operation 7) was over at t=51.000 ms',
    ])
  })

  it('is what could have been stale and was not', () => {
    const reads = Array.from({ length: 40 }, (_, n) => read(2, 10 + n, 20 + n))
    const { verdict, figures, examples } = told([commit(2, 0, 1), ...reads, probe('committed', 2), probe('cached', 2)])
    expect(verdict.evidence).toBe(
      'Stale reads: 0 of 40 that could have been (rate below 7.5 % with 95 % confidence), and none of 1 keys read back after the load.',
    )
    expect(verdict.numbers).not.toHaveProperty('oldestNanos')
    expect(figures).toEqual(['40', '40', '0', '0 %', '–', '–', '0 of 1', '0', '0'])
    expect(examples).toEqual([])
    expect(told([commit(2, 0, 1), ...reads]).verdict.evidence).toMatch(/with 95 % confidence\)\.$/)
    expect(told([commit(2, 0, 1)]).figures.slice(2, 5)).toEqual(['0', '–', '–'])
  })

  it('is a key that was stale at the end where no read was', () => {
    const { verdict } = told([commit(2, 0, 1), probe('committed', 2), probe('cached', 1)])
    expect(verdict.evidence).toMatch(/^0 of 0 reads were stale \(0 %\); 1 of 1 keys were still stale after the load; /)
    const sentence = 'key 0: after the load the cache still held version 1; version 2 is committed'
    expect(verdict.counterexample).toEqual([sentence])
    const other = [commit(2, 0, 1), probe('committed', 2), probe('cached', 1)].map((row) => ({ ...row, key: 1 }))
    expect(told([commit(2, 0, 1), probe('committed', 2), probe('cached', 1), ...other]).verdict.counterexample).toEqual([sentence])
  })

  it('is no row where there was none, by an older definition without what could have been stale', () => {
    const absent: Row = { fn: 'read', outcome: 'read absent hit', sent: ms(4), done: ms(5) }
    expect(told([commit(1, 0, 1), absent]).verdict.counterexample!.at(-1)).toMatch(/-> no row \(read absent hit\): stale by 3 ms$/)
    const staleness = { ...checkStaleness(historyOf([commit(2, 0, 1), read(2, 4, 5)])).staleness }
    delete (staleness as { refutableReads?: number }).refutableReads
    expect(checker.table!.line({ ...cell, staleness })!.figures[1]).toEqual({ text: '–', wrong: false })
  })
})

/** The definition, word for word, in quadratic time: `newer` tells which versions are. */
function naive(
  rows: readonly Row[],
  acknowledges: (row: Row) => boolean,
  isNewer: (than: Row, write: Row, all: readonly Row[]) => boolean,
  byVersion = false,
) {
  // Where versions are counted, no row is what was before the first.
  const told = rows.map((row) => (byVersion && row.outcome === 'read absent' ? { ...row, ret: 0 } : row))
  const ended = told.filter(({ status = 'ok', done }) => status === 'ok' && done !== -1)
  const acknowledged = ended.filter((row) => acknowledges(row) && !Number.isNaN(row.ret))
  const reads = ended.filter(({ layer = 'app', fn, ret }) => layer === 'app' && fn === 'read' && ret !== undefined && !Number.isNaN(ret))
  // Of a version that was never acknowledged the first read is the proof.
  const shown = reads.filter(({ key, ret }) => byVersion && ret! > 1 && !acknowledged.some((write) => write.key === key && write.ret === ret))
  const commits = [...acknowledged, ...shown]
  const staleBy = reads.flatMap((one) => {
    const before = commits.filter((write) => write.key === one.key && write.done! < one.sent! && isNewer(one, write, rows)).map(({ done }) => done!)
    return before.length === 0 ? [] : [one.sent! - Math.min(...before)]
  })
  const users = (fn: string) =>
    reads.filter((one) =>
      ended.some(
        (earlier) =>
          (earlier.layer ?? 'app') === 'app' &&
          earlier.fn === fn &&
          earlier.key === one.key &&
          earlier.client === one.client &&
          earlier.ret !== undefined &&
          earlier.done! < one.sent! &&
          one.ret! > 0 &&
          isNewer(one, earlier, rows),
      ),
    ).length
  return { staleReads: staleBy.length, oldest: Math.max(0, ...staleBy), readYourWrites: users('write'), monotonicReads: users('read') }
}

describe('against the definition', () => {
  const run = { seed: 20261126, numRuns: 150 }
  const measured = (rows: readonly Row[]) => {
    const { staleReads, ageNanos, readYourWritesViolations, monotonicReadsViolations } = checkStaleness(historyOf(rows)).staleness
    // Ages are told apart from a microsecond on, to three digits.
    return { staleReads, oldest: ageNanos?.maxNanos ?? 0, readYourWrites: readYourWritesViolations, monotonicReads: monotonicReadsViolations }
  }
  const close = (found: ReturnType<typeof measured>, expected: ReturnType<typeof measured>) => {
    expect({ ...found, oldest: 0 }).toEqual({ ...expected, oldest: 0 })
    expect(Math.abs(found.oldest - expected.oldest)).toBeLessThanOrEqual(Math.max(1000, expected.oldest / 100))
  }

  property.prop([stepsArbitrary, drawsArbitrary], run)('where versions are the database’s', (steps, given) => {
    const database: Row = { layer: 'database', fn: 'read', key: 999, ret: 1 }
    const rows = [database, ...spoiled(registerHistory(steps), given)]
    close(
      measured(rows),
      naive(
        rows,
        ({ layer }) => layer === 'database',
        (one, write) => write.ret! > one.ret!,
        true,
      ),
    )
  })

  property.prop([stepsArbitrary, drawsArbitrary], run)('where only real time orders writes', (steps, given) => {
    const rows = spoiled(registerHistory(steps), given).filter(({ layer = 'app' }) => layer === 'app')
    const writeOf = (row: Row, all: readonly Row[]) =>
      all.find(({ fn, key, ret }) => fn === 'write' && key === row.key && ret !== undefined && ret === row.ret)
    // Of an unknown write the value is not known either: then nothing can be said of values nobody is known to have written.
    const isUnknown = (key: number | undefined, all: readonly Row[]) => all.some((row) => row.fn === 'write' && row.key === key && row.done === -1)
    const expected = naive(
      rows,
      ({ fn }) => fn === 'write',
      (one, other, all) => {
        const mine = writeOf(one, all)
        const its = other.fn === 'write' ? other : writeOf(other, all)
        if (!its || (!mine && isUnknown(one.key, all))) return false
        return its.sent! > (mine ? mine.done! : Number.NEGATIVE_INFINITY)
      },
    )
    const found = measured(rows)
    expect(found.staleReads).toBe(expected.staleReads)
    // The guarantees take a value that nobody wrote for what was there in the beginning.
    expect(found.readYourWrites).toBeGreaterThanOrEqual(expected.readYourWrites)
  })
})

const LATE = LATE_NANOS
const PLANTED = { key: PLANTED_KEY, client: 5 }
checkerContract({
  checker,
  correct: stepsArbitrary.map(registerHistory),
  planted: {
    'a stale set': [
      { ...PLANTED, op: 9901, layer: 'database', fn: 'write', ret: 2, sent: LATE, done: LATE + 9 },
      { ...PLANTED, op: 9002, fn: 'read', outcome: 'read hit', ret: 1, sent: LATE + 100, done: LATE + 110 },
    ],
    'a lost invalidation': [
      { ...PLANTED, op: 9901, layer: 'database', fn: 'write', ret: 2, sent: LATE, done: LATE + 9 },
      { ...PLANTED, layer: 'probe', fn: 'committed', outcome: 'found', ret: 2, sent: LATE + 100, done: LATE + 100 },
      { ...PLANTED, layer: 'probe', fn: 'cached', outcome: 'hit', ret: 1, sent: LATE + 100, done: LATE + 100 },
    ],
    'a negative entry that outlives the insert': [
      { ...PLANTED, op: 9901, layer: 'database', fn: 'write', ret: 1, sent: LATE, done: LATE + 9 },
      { ...PLANTED, op: 9002, fn: 'read', outcome: 'read absent hit', sent: LATE + 100, done: LATE + 110 },
    ],
  },
  plenty: [
    { layer: 'database', fn: 'write', key: 1, ret: 2, sent: 0, done: 9 },
    ...Array.from({ length: 40 }, (_, n): Row => ({ fn: 'read', outcome: 'read hit', key: 1, ret: 2, sent: 100 + n, done: 200 + n })),
  ],
})
