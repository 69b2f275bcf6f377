import { describe, expect, test } from 'vitest'
import { MICROSECOND, MILLISECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { drive, driveTeam, loadLoopContract, OUTAGE } from './load-loop.contract.ts'
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

  test.each([
    // Due at 999.5 ms, and its timer rings 0.8 ms late: after the end, before the timer of the end.
    ['a little late begins', 0.8, true],
    // So late that others are due by then, which come after the end.
    ['later begins alone', 5, true],
    ['later than a timer may be never begins', 60, false],
  ])('what is due just before the end and %s', async (_, lateMillis, all) => {
    const run = await drive({
      create: (runtime, program, options) => {
        const late: typeof runtime = Object.create(runtime, {
          after: { value: (nanos: number, act: () => void) => runtime.after(nanos + lateMillis * MILLISECOND, act) },
        })
        const arrivals = { ...every(MILLISECOND), gap: (index: number) => (index === 0 ? 0.5 : 1) * MILLISECOND }
        return new OpenLoop(late, program, { ...options, arrivals, maxInFlight: 1000, users: 8 })
      },
    })
    expect(run.indices.length + run.censored).toBe(1000)
    expect(run.censored === 0).toBe(all)
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

  test('of the operations of one who was killed each of the others has as many, and they are due when they were', async () => {
    const team = await driveTeam({
      create: (runtime, program, options) =>
        new OpenLoop(runtime, program, { ...options, arrivals: every(MILLISECOND), maxInFlight: 1000, users: 8 }),
      instances: 4,
      deaths: [{ instance: 1, afterNanos: 300 * MILLISECOND }],
    })
    const inherited = team.instances.map(({ begun }, instance) => begun.filter(({ index }) => instance !== 1 && index % 4 === 1))
    expect(inherited.map(({ length }) => length)).toEqual([59, 0, 58, 58])
    for (const { at, index } of inherited.flat()) expect(at).toBe((index + 1) * MILLISECOND)
  })

  test('what is taken over late is begun late: it was due when it was due. After the end it is counted', async () => {
    const begun: number[][] = []
    const unstarted: number[] = []
    const runtime = createVirtualRuntime({ seed: 3 })
    await runtime.run('late', async (task) => {
      const loop = new OpenLoop(
        runtime,
        {
          start: (index, due) => {
            begun.push([index, due / MILLISECOND, Math.floor(runtime.now() / MILLISECOND)])
            runtime.after(MICROSECOND, () => loop.ended(0, false))
          },
          unstarted: (index) => void unstarted.push(index),
        },
        {
          ...{ arrivals: every(MILLISECOND), maxInFlight: 1000, users: 8, instance: 0, instances: 2 },
          ...{ originNanos: 0, untilNanos: 30 * MILLISECOND, drained: () => {} },
        },
      )
      loop.start()
      await task.sleep(20.5 * MILLISECOND)
      loop.takeOver({ indices: [{ next: 11, step: 20 }], users: [] })
      await task.sleep(20 * MILLISECOND)
      loop.takeOver({ indices: [{ next: 17, step: 4 }], users: [] })
    })
    expect(begun.filter(([index]) => index! % 2 === 1)).toEqual([[11, 12, 20]])
    expect(begun.filter(([index]) => index! % 2 === 0).map(([index]) => index)).toEqual(Array.from({ length: 15 }, (_, place) => 2 * place))
    expect(unstarted).toEqual([17, 21, 25])
    expect(begun.every(([, due, at]) => due! <= at!)).toBe(true)
  })
})
