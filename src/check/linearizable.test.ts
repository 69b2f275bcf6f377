import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { registerHistory, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkedCell, checkerContract, LATE_NANOS, PLANTED_KEY, runChecker } from './checker.contract.ts'
import { checkLinearizability, linearizability } from './linearizable.ts'
import { OrderedRegister } from './ordered-register.ts'
import type { RegisterCall } from './register.ts'

type Row = Partial<HistoryRow>
const read = (version: number, sent: number, done: number): Row => ({ fn: 'read', ret: version, sent, done })
const write = (op: number, version: number, sent: number, done: number, more: Row = {}): Row => ({
  op,
  fn: 'write',
  ret: version,
  sent,
  done,
  ...more,
})
const commit = (parent: number, version: number, sent: number, done: number, more: Row = {}): Row => ({
  op: 1000 + parent,
  parent,
  layer: 'database',
  fn: 'write',
  ret: version,
  sent,
  done,
  ...more,
})
const bad = (rows: Row[]) => checkLinearizability(historyOf(rows)).keysNotLinearizable

describe('checkLinearizability', () => {
  it('begins with version 1 and accepts what one copy could have answered', () => {
    expect(checkLinearizability(historyOf([read(1, 0, 1), write(7, 2, 2, 6), commit(7, 2, 3, 4), read(1, 3, 5), read(2, 5, 7)]))).toMatchObject({
      keys: 1,
      operations: 4,
      keysNotLinearizable: 0,
      counterexample: [],
    })
  })

  it('finds a read of what had been replaced, and shows the operations', () => {
    const found = checkLinearizability(historyOf([write(7, 2, 0, 1), read(1, 2, 3)]))
    expect(found.keysNotLinearizable).toBe(1)
    expect(found.counterexample.join('\n')).toContain('operation 7: write key 0 of version 2')
  })

  it('lets a write whose answer was lost happen late or never, but not come and go', () => {
    const lost = write(7, Number.NaN, 2, -1, { status: 'info', done: -1 })
    expect(bad([lost, read(1, 10, 11), read(2, 20, 21)])).toBe(0)
    expect(bad([lost, read(2, 10, 11), read(1, 20, 21)])).toBe(1)
  })

  it('knows the version of a write that was committed although its operation failed or was killed', () => {
    expect(bad([write(7, Number.NaN, 2, 5, { status: 'fail' }), commit(7, 2, 3, 4), read(2, 10, 11)])).toBe(0)
    const killed: Row = { op: 7, fn: '', key: -1, sent: 2, done: -1, status: 'info' }
    expect(bad([killed, commit(7, 2, 3, 4), read(2, 10, 11)])).toBe(0)
    expect(bad([killed, commit(7, 2, 3, 4), read(2, 10, 11), read(1, 12, 13)])).toBe(1)
  })

  it('finds a version that nobody wrote', () => {
    expect(bad([write(7, Number.NaN, 2, 5, { status: 'fail' }), read(2, 10, 11)])).toBe(1)
    expect(bad([read(5, 10, 11)])).toBe(1)
  })
})

describe('what is said of it', () => {
  const MILLI = 1e6
  const told = (rows: Row[], fields: Parameters<typeof checkedCell>[0] = {}) =>
    runChecker(linearizability, checkedCell(fields), [historyOf(rows.map((row) => ({ ...row, sent: row.sent! * MILLI, done: row.done! * MILLI })))])
      .verdicts[0]!
  const reads = (version: number) => Array.from({ length: 40 }, (_, n) => ({ ...read(version, 10 + n, 20 + n), op: 100 + n }))

  it('is how many keys of how many, and the first that could not be, step by step', () => {
    const verdict = told([commit(7, 2, 0, 1), write(7, 2, 0, 2), { ...read(1, 4, 5), op: 8 }, { ...read(2, 6, 7), key: 3 }])
    expect(verdict).toMatchObject({
      outcome: 'fails',
      gates: false,
      sentence: 'Cache and database together behave like one copy of the data, key by key.',
      evidence: '2 of 2 keys (3 operations) have a history that no single copy of the data could have produced.',
      numbers: { keys: 2, operations: 3, observations: 1, keysNotLinearizable: 2, keysAmbiguous: 0 },
      counterexample: [
        't=2.000 ms  operation 7: write key 0 of version 2 is over',
        't=4.000 ms .. t=5.000 ms  operation 8: read key 0 -> version 1',
        'version 1 is older than version 2',
      ],
    })
  })

  it('gates where there is the database alone, and names a history that is a sample', () => {
    const history = { level: 'sample', rows: 0, tornSegments: 0, hash: '' } as const
    expect(told([commit(7, 2, 0, 1), write(7, 2, 0, 2), ...reads(2)], { pattern: 'none', history })).toMatchObject({
      outcome: 'holds',
      gates: true,
      sentence: 'The database alone is linearizable, key by key.',
      evidence: '41 operations on 1 key are linearizable (history level sample); 40 of them could have shown that they are not.',
    })
    expect(told([commit(7, 2, 0, 1), write(7, 2, 0, 2), ...reads(2)])).toMatchObject({ gates: false, evidence: expect.not.stringContaining('level') })
  })

  it('is which keys nobody can tell of, where values come again', () => {
    const { database: _, ...without } = checkedCell()
    const rows = [write(1, 2, 0, 1), write(2, 3, 2, 3), write(3, 2, 4, 5), ...reads(2)]
    const [verdict] = runChecker(linearizability, without, [historyOf(rows)]).verdicts
    expect(verdict).toMatchObject({
      outcome: 'unknown',
      evidence: "Inconclusive: on 1 key of 1 a value was written more than once, and which write a read saw can't be told.",
    })
  })
})

describe('what is judged', () => {
  const operations = (...rows: Row[]) => checkLinearizability(historyOf([commit(1, 1, 0, 1), write(1, 1, 0, 2), ...rows])).operations - 1

  it('is what the application read and was answered', () => {
    expect(operations(read(1, 4, 5))).toBe(1)
    for (const not of [{ fn: 'score' }, { layer: 'database' }, { layer: 'cache' }, { status: 'fail' }, { status: 'info' }, { key: -1 }] as Row[]) {
      expect(operations({ ...read(1, 4, 5), ...not }), JSON.stringify(not)).toBe(0)
    }
    expect(operations(read(Number.NaN, 4, 5))).toBe(0)
    expect(operations({ ...read(1, 4, 5), sent: -1 })).toBe(0)
  })

  it('is "no row" only where a database tells that from a miss', () => {
    const absent: Row = { fn: 'read', outcome: 'read absent hit', sent: 4, done: 5 }
    expect(operations(absent)).toBe(1)
    expect(checkLinearizability(historyOf([write(1, 1, 0, 2), absent])).operations).toBe(1)
  })

  it('is a write of an operation that was killed, if the database did not refuse it', () => {
    expect(operations(commit(7, 2, 4, 5))).toBe(1)
    expect(operations(commit(7, 2, 4, 5, { status: 'fail' }))).toBe(0)
    expect(operations(commit(7, 2, 4, 5, { layer: 'cache' }))).toBe(0)
  })

  it('is the commit that was acknowledged, whichever attempt it was', () => {
    const attempt = (done: number) => commit(7, Number.NaN, 2, done, { status: 'info' })
    const lost = write(7, Number.NaN, 2, 9, { status: 'info', done: -1 })
    for (const attempts of [
      [commit(7, 2, 2, 3), attempt(4)],
      [attempt(2.5), commit(7, 2, 2, 3)],
    ]) {
      expect(bad([...attempts, lost, read(2, 10, 11)])).toBe(0)
      // It was version 2 that it wrote, and so nobody wrote this one.
      expect(bad([...attempts, lost, read(3, 10, 11)])).toBe(1)
    }
  })
})

interface Call extends RegisterCall {
  readonly kind: 'read' | 'write'
}

/** Wing and Gong's search without any cleverness, over orders in which versions only rise: the oracle for a few operations. */
function isLinearizable(calls: readonly Call[]): boolean {
  const mandatory = calls.reduce((mask, { endNanos }, index) => (endNanos === Number.POSITIVE_INFINITY ? mask : mask | (1 << index)), 0)
  const seen = new Set<string>()
  const search = (done: number, version: number): boolean => {
    if ((done & mandatory) === mandatory) return true
    const state = `${done}/${version}`
    if (seen.has(state)) return false
    seen.add(state)
    const pending = calls.map((_, index) => index).filter((index) => (done & (1 << index)) === 0)
    const firstEnd = Math.min(...pending.map((index) => calls[index]!.endNanos))
    return pending.some((index) => {
      const { kind, value, startNanos } = calls[index]!
      if (startNanos > firstEnd) return false
      if (kind === 'read') return value === version && search(done | (1 << index), version)
      return value > version && search(done | (1 << index), value)
    })
  }
  return search(0, 1)
}

/** Up to 9 operations of three clients on rows whose versions are counted, told rightly or wrongly. Times are all different. */
function randomHistory(seed: number): Call[] {
  let state = seed * 2654435761
  const draw = (below: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0
    return (state >>> 8) % below
  }
  const calls: Call[] = []
  const freeAt = [0, 0, 0]
  let version = 1
  for (let op = 0; op < 4 + draw(6); op++) {
    const client = draw(3)
    const startNanos = freeAt[client]! + 1 + draw(20) + client / 10 + op / 1000
    const endNanos = startNanos + 1 + draw(15)
    freeAt[client] = endNanos
    if (draw(2) === 0) calls.push({ kind: 'write', op, value: ++version, startNanos, endNanos: draw(5) === 0 ? Number.POSITIVE_INFINITY : endNanos })
    else calls.push({ kind: 'read', op, value: Math.max(1, draw(3) === 0 ? version + 1 - draw(4) : version), startNanos, endNanos })
  }
  return calls
}

describe('OrderedRegister', () => {
  it('agrees with an exhaustive search on small random histories, right and wrong ones', () => {
    let wrong = 0
    for (let seed = 1; seed <= 6000; seed++) {
      const calls = randomHistory(seed)
      const register = new OrderedRegister(0)
      // In order of completion, what never completes last, as a history has it.
      for (const call of [...calls].sort((a, b) => a.endNanos - b.endNanos)) {
        if (call.kind === 'read') register.read(call)
        else register.write(call)
      }
      const expected = isLinearizable(calls)
      if (!expected) wrong++
      expect(register.finish().kind, `seed ${seed}: ${JSON.stringify(calls)}`).toBe(expected ? 'linearizable' : 'conflict')
    }
    expect(wrong).toBeGreaterThan(1000)
    expect(wrong).toBeLessThan(5000)
  })
})

describe('an OrderedRegister', () => {
  const MILLI = 1e6
  const NEVER = Number.POSITIVE_INFINITY
  /** Times in ms, operations numbered from 1, in order of completion. */
  function registerOf(...calls: (readonly [kind: 'r' | 'w', value: number, start: number, end: number])[]): OrderedRegister {
    const register = new OrderedRegister(4)
    for (const [place, [kind, value, start, end]] of calls.entries()) {
      const call = { op: place + 1, value, startNanos: start * MILLI, endNanos: end * MILLI }
      if (kind === 'r') register.read(call)
      else register.write(call)
    }
    return register
  }
  const verdict = (...calls: Parameters<typeof registerOf>) => registerOf(...calls).finish()
  const kind = (...calls: Parameters<typeof registerOf>) => verdict(...calls).kind
  const steps = (...calls: Parameters<typeof registerOf>) => {
    const found = verdict(...calls)
    return found.kind === 'conflict' ? found.steps : []
  }

  it('counts what was done, and the reads that began after a write was over', () => {
    expect(registerOf(['w', 2, 0, 10], ['r', 2, 5, 20], ['r', 2, 10, 20], ['r', 2, 11, 20])).toMatchObject({ operations: 4, observations: 1 })
  })

  it('lets what begins at the instant at which another ends come before it', () => {
    expect(kind(['r', 2, 0, 2], ['w', 2, 2, 3])).toBe('linearizable')
    expect(kind(['w', 3, 0, 5], ['w', 2, 4, 5], ['r', 2, 5, 6])).toBe('linearizable')
    expect(kind(['r', 7, 3, 4], ['w', Number.NaN, 4, NEVER])).toBe('linearizable')
  })

  it('knows the first version from its reads as any other from its write', () => {
    expect(steps(['r', 1, 0, 1], ['r', 0, 2, 3])).toEqual([
      't=1.000 ms  operation 1: read key 4 -> version 1 is over',
      't=2.000 ms .. t=3.000 ms  operation 2: read key 4 -> no row',
      'no row is older than version 1',
    ])
    expect(steps(['r', 1, 0, 1], ['w', 1, 2, 3])).toEqual([
      't=0.000 ms .. t=1.000 ms  operation 1: read key 4 -> version 1',
      't=2.000 ms .. t=3.000 ms  operation 2: write key 4 of version 1',
      'version 1 was read before its write began',
    ])
  })

  it('holds a write of unknown outcome to the order once somebody read what it wrote', () => {
    expect(kind(['w', 3, 0, 1], ['w', 2, 5, NEVER])).toBe('linearizable')
    expect(steps(['w', 3, 0, 1], ['w', 2, 5, NEVER], ['r', 2, 0.5, 10])).toEqual([
      't=1.000 ms  operation 1: write key 4 of version 3 is over',
      't=5.000 ms .. end unknown  operation 2: write key 4 of version 2',
      'version 2 is older than version 3',
    ])
  })

  it('gives each write of which nothing is known to one version that was read, in order of time', () => {
    const reads = [
      ['r', 7, 3, 4],
      ['r', 8, 11, 12],
    ] as const
    const unknown = (start: number) => ['w', Number.NaN, start, NEVER] as const
    expect(kind(...reads, unknown(10), unknown(2))).toBe('linearizable')
    expect(steps(...reads, unknown(10), unknown(5)).at(-1)).toBe('version 7 was not yet written')
    expect(steps(...reads, unknown(2)).at(-1)).toBe('nobody wrote version 8')
    expect(steps(['r', 9, 3, 4]).at(-1)).toBe('nobody wrote version 9')
  })
})

describe('the order of versions', () => {
  it('is known, whatever was under way when they were written', () => {
    const racing = [write(7, 2, 0, 10), commit(7, 2, 1, 2), write(8, 3, 0, 9), commit(8, 3, 3, 4)]
    expect(bad([...racing, read(3, 11, 12), read(3, 13, 14)])).toBe(0)
    // Either write may have been the last, for all that real time says.
    expect(bad([...racing, read(2, 11, 12), read(2, 13, 14)])).toBe(1)
  })

  it('leaves no version to two writes', () => {
    expect(bad([write(7, 2, 0, 1), commit(7, 2, 0, 1), write(8, 2, 2, 3), commit(8, 2, 2, 3)])).toBe(1)
  })

  it('begins with no row at all', () => {
    const absent: Row = { fn: 'read', outcome: 'read absent miss', sent: 10, done: 11 }
    expect(bad([write(7, 1, 0, 1), commit(7, 1, 0, 1), absent])).toBe(1)
    expect(bad([absent, write(7, 1, 12, 13), commit(7, 1, 12, 13), read(1, 14, 15)])).toBe(0)
  })
})

const LATE = LATE_NANOS
const PLANTED = { key: PLANTED_KEY }
checkerContract({
  checker: linearizability,
  correct: stepsArbitrary.map(registerHistory),
  planted: {
    'a stale read': [
      { ...PLANTED, op: 9901, parent: 9001, layer: 'database', fn: 'write', ret: 2, sent: LATE, done: LATE + 5 },
      { ...PLANTED, op: 9001, fn: 'write', outcome: 'write', arg: 2, ret: 2, sent: LATE, done: LATE + 9 },
      { ...PLANTED, op: 9002, fn: 'read', outcome: 'read hit', ret: 1, sent: LATE + 100, done: LATE + 110 },
    ],
    'a read that goes back': [
      { ...PLANTED, op: 9901, parent: 9001, layer: 'database', fn: 'write', sent: LATE, done: -1 },
      { ...PLANTED, op: 9001, fn: 'write', sent: LATE, done: -1 },
      { ...PLANTED, op: 9002, fn: 'read', outcome: 'read hit', ret: 2, sent: LATE + 100, done: LATE + 110 },
      { ...PLANTED, op: 9003, fn: 'read', outcome: 'read hit', ret: 1, sent: LATE + 120, done: LATE + 130 },
    ],
    'a version that nobody wrote': [{ ...PLANTED, op: 9002, fn: 'read', outcome: 'read hit', ret: 5, sent: LATE + 100, done: LATE + 110 }],
    'a version before its time': [
      { ...PLANTED, op: 9002, fn: 'read', outcome: 'read hit', ret: 2, sent: LATE, done: LATE + 10 },
      { ...PLANTED, op: 9901, parent: 9001, layer: 'database', fn: 'write', ret: 2, sent: LATE + 20, done: LATE + 25 },
      { ...PLANTED, op: 9001, fn: 'write', outcome: 'write', arg: 2, ret: 2, sent: LATE + 20, done: LATE + 29 },
    ],
  },
  plenty: [
    write(1, 2, 0, 9),
    commit(1, 2, 1, 8),
    ...Array.from({ length: 40 }, (_, n): Row => ({ op: 10 + n, fn: 'read', outcome: 'read hit', ret: 2, sent: 100 + n, done: 200 + n })),
  ],
})
