import { describe, expect, test } from 'vitest'
import { MILLISECOND } from '../../runtime/runtime.ts'
import { ClosedLoop } from './closed-loop.ts'
import { drive, driveTeam, loadLoopContract, OUTAGE } from './load-loop.contract.ts'

loadLoopContract({
  name: 'closed, 4 connections',
  create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 4, pipeline: 1, thinkNanos: 0 }),
})
loadLoopContract({
  name: 'closed, pipelined, with think time',
  create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 3, pipeline: 2, thinkNanos: 1_000_000 }),
})

describe('closed loop', () => {
  test('the rate follows from connections and answer time', async () => {
    const run = await drive({
      create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 6, pipeline: 1, thinkNanos: 3_000_000 }),
    })
    // Six users, 3 ms of answer and 3 ms of thought: 1,000 a second.
    expect(run.indices.length).toBeGreaterThan(990)
    expect(run.indices.length).toBeLessThan(1010)
  })

  test.each([
    { connections: 6, pipeline: 1, thinkNanos: 0 },
    { connections: 3, pipeline: 16, thinkNanos: 0 },
    { connections: 3, pipeline: 2, thinkNanos: 30 * MILLISECOND },
  ])('a refused user waits as the client does before it connects again, with all he has under way: %o', async (load) => {
    const run = await drive({ refusing: OUTAGE, create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, ...load }) })
    for (let user = 0; user < load.connections; user++) {
      const began = run.startedAt.filter((_, position) => run.users[position] === user).map((nanos) => nanos - run.beganAt)
      // What was under way when it began, and then after 10, 20, 40, 80 and 160 ms: all at once, and rather more seldom where he thinks.
      const asked = [...new Set(began.filter((nanos) => nanos >= OUTAGE.from && nanos < OUTAGE.to))]
      const pauses = asked.slice(1).map((nanos, place) => Math.round((nanos - asked[place]!) / MILLISECOND))
      const thought = load.thinkNanos / MILLISECOND
      expect(pauses).toEqual([10, 20, 40, 80, 160].map((pause) => Math.max(thought, pause)).slice(0, pauses.length))
      expect(pauses.length).toBeGreaterThanOrEqual(4)
      // Answered again, he goes on as before: no pause is left over from the outage.
      const after = began.filter((nanos) => nanos >= OUTAGE.to)
      expect(after.length / load.pipeline).toBeGreaterThan((0.9 * (1000 * MILLISECOND - after[0]!)) / (3 * MILLISECOND + load.thinkNanos))
    }
  })

  test('the users of one who was killed go on with the others, spread over them, each with all that he has under way', async () => {
    const team = await driveTeam({
      create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 10, pipeline: 2, thinkNanos: 0 }),
      instances: 3,
      deaths: [{ instance: 1, afterNanos: 300 * MILLISECOND }],
    })
    const usersAfter = (nanos: number) =>
      team.instances.map(({ begun }) => [...new Set(begun.filter(({ at }) => at > nanos).map(({ user }) => user))].sort())
    expect(usersAfter(0)).toEqual([[0, 3, 6, 9, 1, 7].sort(), [1, 4, 7], [2, 5, 8, 4].sort()])
    expect(usersAfter(310 * MILLISECOND)).toEqual([[0, 1, 3, 6, 7, 9], [], [2, 4, 5, 8]])
    for (let user = 0; user < 10; user++) {
      const begun = team.instances
        .flatMap((one) => one.begun.filter((operation) => operation.user === user))
        .filter(({ at }) => at > 310 * MILLISECOND)
      expect(begun.length).toBeGreaterThan((2 * 690) / 3 - 4)
      expect(begun.length).toBeLessThan((2 * 690) / 3 + 4)
    }
  })

  test('one without users waits for some', async () => {
    const team = await driveTeam({
      create: (runtime, program, options) => new ClosedLoop(runtime, program, { ...options, connections: 1, pipeline: 1, thinkNanos: 0 }),
      instances: 2,
      deaths: [{ instance: 0, afterNanos: 300 * MILLISECOND }],
    })
    expect(team.instances[1]!.begun[0]).toEqual({ index: 1, at: 300 * MILLISECOND, user: 0 })
    expect(team.instances[1]!.drainedAt[0]).toBeGreaterThanOrEqual(1000 * MILLISECOND)
  })
})
