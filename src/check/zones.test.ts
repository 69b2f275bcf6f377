import { describe, expect, it } from 'vitest'
import { checkRegister, type RegisterOperation, ZoneRegister } from './zones.ts'

/** "w1[0,10] r1[2,8] w2[2,inf]:info", as in Jepsen-style notes; times in ms. */
function parse(text: string): RegisterOperation[] {
  return text.split(' ').map((one) => {
    const match = /^([wr])(\d+)\[(\d+),(\d+|inf)\](?::(info|fail))?$/.exec(one)
    if (!match) throw new Error(one)
    const [, kind, value, start, end, status] = match
    return {
      kind: kind === 'w' ? 'write' : 'read',
      value: Number(value),
      start: Number(start),
      end: end === 'inf' ? Number.POSITIVE_INFINITY : Number(end),
      status: (status ?? 'ok') as RegisterOperation['status'],
    }
  })
}

/** Wing and Gong's search without any cleverness: the oracle for histories of a few operations. */
function isLinearizable(operations: readonly RegisterOperation[], initial: number): boolean {
  const relevant = operations.filter((one) => !(one.kind === 'write' && one.status === 'fail') && !(one.kind === 'read' && one.status !== 'ok'))
  const mandatory = relevant.reduce((mask, one, index) => (one.status === 'ok' ? mask | (1 << index) : mask), 0)
  const seen = new Set<string>()
  const search = (done: number, value: number): boolean => {
    if ((done & mandatory) === mandatory) return true
    const state = `${done}/${value}`
    if (seen.has(state)) return false
    seen.add(state)
    const pending = relevant.map((_, index) => index).filter((index) => (done & (1 << index)) === 0)
    const firstEnd = Math.min(...pending.map((index) => relevant[index]!.end))
    return pending.some((index) => {
      const one = relevant[index]!
      if (one.start > firstEnd) return false
      if (one.kind === 'read') return one.value === value && search(done | (1 << index), value)
      return search(done | (1 << index), one.value)
    })
  }
  return search(0, initial)
}

describe('checkRegister', () => {
  // Vectors checked with zones and with a Wing-Gong-Lowe search; the kinds are what is wrong with each.
  const vectors: readonly [name: string, operations: string, kinds: readonly string[]][] = [
    ['V1 concurrent with everything', 'w1[0,10] r1[2,8] r0[3,5]', []],
    ['V2 stale read', 'w1[0,1] w2[2,3] r1[4,5]', ['conflict']],
    ['V3 inversion', 'w1[0,1] w2[2,10] r2[3,4] r1[5,6]', ['conflict']],
    ['V4 an unknown write that never happened', 'w1[0,1] w2[2,inf]:info r1[5,6] r1[100,101]', []],
    ['V5 flip back', 'w1[0,1] w2[2,inf]:info r2[50,51] r1[60,61]', ['conflict']],
    ['V6 late effect', 'w1[0,1] w2[2,inf]:info r1[5,6] r2[50,51]', []],
    ['V7 aborted read', 'w1[0,1] w2[2,3]:fail r2[4,5]', ['aborted read']],
    ['V8 phantom', 'w1[0,1] r99[2,3]', ['phantom']],
    ['V9 future read', 'r1[0,1] w1[2,3]', ['future read']],
    ['V10 stale for long', 'w1[0,1] w2[2,3] r1[4,5] r1[40,41] r2[50,51]', ['conflict']],
    ['V11 both orders seen', 'w1[0,5] w2[1,6] r1[7,8] r2[9,10]', ['conflict']],
    ['V12 one order seen', 'w1[0,5] w2[1,6] r1[7,8] r1[9,10]', []],
    ['a write that its caller gave up at 3 may never happen', 'w1[0,1] w2[2,3]:info r1[5,6]', []],
    ['a read that was not answered says nothing', 'w1[0,1] r9[2,3]:fail r8[4,5]:info', []],
    ['a write that failed and was never seen', 'w1[0,1] w2[2,3]:fail r1[4,5]', []],
    ['touching: a read may end at the instant at which its write begins', 'r1[0,2] w1[2,3]', []],
    ['touching: what begins at the instant another ends may come before it', 'w1[0,5] w2[5,7] r1[10,12]', []],
    ['touching: what is read again at the instant at which another write ends', 'w2[0,3] w1[4,5] r2[5,9]', []],
    ['not touching', 'w1[0,5] w2[6,7] r1[10,12]', ['conflict']],
  ]
  it.each(vectors)('%s', (_, operations, kinds) => {
    expect(checkRegister(parse(operations), 0).map((violation) => violation.kind)).toEqual(kinds)
  })

  it('agrees with an exhaustive search on small random histories, right and wrong ones', () => {
    let wrong = 0
    for (let seed = 1; seed <= 4000; seed++) {
      const history = randomHistory(seed)
      const expected = isLinearizable(history, 0)
      if (!expected) wrong++
      const found = checkRegister(history, 0)
      expect(found.length === 0, `seed ${seed}: ${JSON.stringify(history)} -> ${JSON.stringify(found)}`).toBe(expected)
    }
    expect(wrong).toBeGreaterThan(400)
    expect(wrong).toBeLessThan(3600)
  })

  it('lets a write of unknown outcome and value have written what a read returned, once', () => {
    const unknown: RegisterOperation = { kind: 'write', value: Number.NaN, start: 2, end: Number.POSITIVE_INFINITY, status: 'info' }
    expect(checkRegister([...parse('w1[0,1] r7[5,6]'), unknown], 0)).toEqual([])
    expect(checkRegister([...parse('w1[0,1] r7[5,6] r8[7,8]'), unknown], 0).map((violation) => violation.kind)).toEqual(['phantom'])
    expect(checkRegister([...parse('r7[0,1]'), unknown], 0).map((violation) => violation.kind)).toEqual(['future read'])
  })

  it('gives each of several such writes to the reads in order of time, however they came', () => {
    const kinds = (text: string, ...starts: number[]) =>
      checkRegister(
        [
          ...parse(text),
          ...starts.map((start): RegisterOperation => ({ kind: 'write', value: Number.NaN, start, end: Number.POSITIVE_INFINITY, status: 'info' })),
        ],
        0,
      ).map(({ kind }) => kind)
    for (const reads of ['r7[3,4] r8[11,12]', 'r8[11,12] r7[3,4]']) {
      expect(kinds(reads, 2, 10)).toEqual([])
      expect(kinds(reads, 10, 2)).toEqual([])
      expect(kinds(reads, 10, 5)).toEqual(['future read'])
    }
    expect(kinds('r7[3,4]', 4)).toEqual([])
    // It was written after 2 was, and read before 2 was found again.
    expect(kinds('w2[2,3] r7[1,10] r2[11,12]', 5)).toEqual(['conflict'])
    expect(kinds('w2[2,3] r7[1,10] r2[11,12]', 1)).toEqual([])
  })
})

describe('ZoneRegister', () => {
  const call = (value: number, startNanos: number, endNanos: number) => ({ op: value, value, startNanos, endNanos })

  it('counts what was done, and the reads that began after a write was over', () => {
    const register = new ZoneRegister(0)
    register.write(call(2, 0, 10))
    register.write(call(3, 0, Number.POSITIVE_INFINITY))
    for (const start of [5, 10, 11, 12]) register.read(call(2, start, 20))
    expect(register).toMatchObject({ operations: 6, observations: 2 })
    expect(register.finish()).toEqual({ kind: 'linearizable' })
  })

  it('can tell nothing of a value that was there and is written, or written twice', () => {
    const verdict = (initial: number | undefined, ...written: number[]) => {
      const register = new ZoneRegister(0, initial)
      for (const [place, value] of written.entries()) register.write(call(value, 10 * place, 10 * place + 1))
      return register.finish().kind
    }
    expect(verdict(0, 0)).toBe('ambiguous')
    expect(verdict(0, 2, 3, 2)).toBe('ambiguous')
    expect(verdict(0, 2, 3)).toBe('linearizable')
    // What was there is not told: 1, or 0 where 1 is written, or something else where both are.
    expect(verdict(undefined, 1, 0)).toBe('linearizable')
    expect(verdict(undefined, 1, 1)).toBe('ambiguous')
  })

  it('shows a conflict step by step', () => {
    const register = new ZoneRegister(4)
    register.write({ op: 1, value: 2, startNanos: 0, endNanos: 1e6 })
    register.write({ op: 2, value: 3, startNanos: 2e6, endNanos: 3e6 })
    register.read({ op: 3, value: 2, startNanos: 4e6, endNanos: 5e6 })
    expect(register.finish()).toEqual({
      kind: 'conflict',
      steps: [
        't=0.000 ms .. t=1.000 ms  operation 1: write key 4 of version 2',
        't=2.000 ms .. t=3.000 ms  operation 2: write key 4 of version 3',
        't=4.000 ms .. t=5.000 ms  operation 3: read key 4 -> version 2',
        "versions 2 and 3 can't be put in any order",
      ],
    })
    const phantom = new ZoneRegister(4)
    phantom.read({ op: 3, value: 9, startNanos: 4e6, endNanos: 5e6 })
    expect(phantom.finish()).toEqual({ kind: 'conflict', steps: ['t=4.000 ms .. t=5.000 ms  operation 3: read key 4 -> version 9', 'phantom'] })
  })
})

/** Up to 9 operations of a few clients on a register that sometimes answers with an old value. Times are all different. */
function randomHistory(seed: number): RegisterOperation[] {
  let state = seed * 2654435761
  const draw = (below: number) => {
    state = (Math.imul(state ^ (state >>> 15), 2246822519) + 3266489917) >>> 0
    return (state >>> 8) % below
  }
  const operations: RegisterOperation[] = []
  const freeAt = [0, 0, 0]
  let values = 0
  for (let i = 0; i < 4 + draw(6); i++) {
    const client = draw(3)
    const start = freeAt[client]! + 1 + draw(20) + client / 10 + i / 1000
    const end = start + 1 + draw(15)
    freeAt[client] = end
    if (draw(2) === 0) {
      const info = draw(5) === 0
      operations.push({ kind: 'write', value: ++values, start, end: info ? Number.POSITIVE_INFINITY : end, status: info ? 'info' : 'ok' })
    } else {
      // Mostly the newest value begun by then: often right, sometimes not.
      const candidates = operations.filter((one) => one.kind === 'write' && one.start < end).map((one) => one.value)
      const value = candidates.length === 0 || draw(6) === 0 ? 0 : candidates[Math.max(0, candidates.length - 1 - (draw(3) === 0 ? 1 : 0))]!
      operations.push({ kind: 'read', value, start, end, status: 'ok' })
    }
  }
  return operations
}
