import { describe, expect, test } from 'vitest'
import { MILLISECOND } from '../../runtime/runtime.ts'
import { drive, loadLoopContract, OUTAGE } from './load-loop.contract.ts'
import { OpenLoop } from './open-loop.ts'

const every = (gapNanos: number) => ({ description: 'constant', ratePerSecond: 1e9 / gapNanos, gap: () => gapNanos })

loadLoopContract({
  name: 'open, unlimited',
  create: (runtime, program, options) => new OpenLoop(runtime, program, { ...options, arrivals: every(MILLISECOND), maxInFlight: 1000, users: 8 }),
})
loadLoopContract({
  name: 'open, at its limit',
  create: (runtime, program, options) => new OpenLoop(runtime, program, { ...options, arrivals: every(MILLISECOND), maxInFlight: 3, users: 8 }),
})

describe('open loop', () => {
  test('operations are due as the arrivals say, whatever the server does', async () => {
    const run = await drive({
      create: (runtime, program, options) =>
        new OpenLoop(runtime, program, { ...options, arrivals: every(MILLISECOND), maxInFlight: 1000, users: 8 }),
    })
    expect(run.dues).toEqual(run.dues.map((_, position) => run.beganAt + (position + 1) * MILLISECOND))
    expect(run.startedAt).toEqual(run.dues)
    expect(run.indices.length).toBe(999)
    expect(run.censored).toBe(0)
  })

  test('an operation that is refused was due when it was due, and so are those that follow', async () => {
    const create: Parameters<typeof drive>[0]['create'] = (runtime, program, options) =>
      new OpenLoop(runtime, program, { ...options, arrivals: every(MILLISECOND), maxInFlight: 1000, users: 8 })
    const [served, refused] = [await drive({ create }), await drive({ create, refusing: OUTAGE })]
    expect(refused.dues).toEqual(served.dues)
    expect(refused.startedAt).toEqual(served.startedAt)
  })

  test('what is due at once is begun in bursts, between which answers get their turn; its due time stays', async () => {
    const run = await drive({
      create: (runtime, program, options) => {
        const arrivals = { description: 'late', ratePerSecond: 1000, gap: (index: number) => (index < 1000 ? 0 : MILLISECOND) }
        return new OpenLoop(runtime, program, { ...options, arrivals, maxInFlight: 10_000, users: 8 })
      },
    })
    const begunAt = new Map<number, number>()
    for (const at of run.startedAt) begunAt.set(at, (begunAt.get(at) ?? 0) + 1)
    expect(Math.max(...begunAt.values())).toBeLessThanOrEqual(64)
    expect(run.dues.slice(0, 1000)).toEqual(new Array(1000).fill(run.beganAt))
    expect(run.startedAt[999]! - run.beganAt).toBeLessThan(MILLISECOND)
    expect(run.indices.length).toBe(1999)
  })

  test('beyond the limit what is due waits: its due time stays, and what never began is counted', async () => {
    const run = await drive({
      // One at a time, 3 ms each, due every 1 ms: a third gets its turn.
      create: (runtime, program, options) => new OpenLoop(runtime, program, { ...options, arrivals: every(MILLISECOND), maxInFlight: 1, users: 8 }),
    })
    expect(run.indices.length).toBe(333)
    expect(run.censored).toBe(999 - 333)
    expect(run.unstarted).toEqual(Array.from({ length: 666 }, (_, position) => 333 + position))
    const lags = run.startedAt.map((at, position) => at - run.dues[position]!)
    expect(lags[0]).toBe(0)
    expect(lags.at(-1)).toBeGreaterThan(600 * MILLISECOND)
  })
})
