import { describe, expect, test } from 'vitest'
import { MICROSECOND, MILLISECOND, type Runtime, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { divideShare, type Share } from '../../workload/load/share.ts'
import type { LoadLoop, LoadLoopOptions } from './load-loop.ts'
import type { Program } from './program.ts'

export interface LoadLoopUnderTest {
  readonly name: string
  create(runtime: Runtime, program: Program, options: LoadLoopOptions): LoadLoop
}

/** The conformance suite of every LoadLoop, on virtual time, with a program whose operations take 3 ms. */
export function loadLoopContract({ name, create }: LoadLoopUnderTest): void {
  describe(`load loop contract: ${name}`, () => {
    test('starts operations with rising indices, each once, and drains when the last has ended', async () => {
      const run = await drive({ create })
      expect(run.indices.length).toBeGreaterThan(10)
      expect(run.indices).toEqual([...run.indices].sort((a, b) => a - b))
      expect(new Set(run.indices).size).toBe(run.indices.length)
      expect(run.endedAtDrain).toBe(run.indices.length)
      expect(run.drainedTimes).toBe(1)
    })

    test('no operation begins at or after the end', async () => {
      const run = await drive({ create })
      expect(Math.max(...run.startedAt)).toBeLessThan(run.beganAt + SECOND)
    })

    test('N instances share the indices: together they are those of one', async () => {
      const parts = await Promise.all([0, 1, 2].map((instance) => drive({ create, instance, instances: 3 })))
      for (const [instance, part] of parts.entries()) {
        expect(part.indices.length).toBeGreaterThan(3)
        expect(part.indices.every((index) => index % 3 === instance)).toBe(true)
      }
    })

    test('the end may be set anew while it runs', async () => {
      const run = await drive({ create, endAfter: 300 * MILLISECOND })
      expect(Math.max(...run.startedAt)).toBeLessThan(run.beganAt + 300 * MILLISECOND)
      expect(Math.max(...run.startedAt)).toBeGreaterThan(run.beganAt + 280 * MILLISECOND)
      expect(run.drainedTimes).toBe(1)
    })

    test('stop ends it early, twice is once', async () => {
      const run = await drive({ create, stopAfter: 100 * MILLISECOND })
      expect(Math.max(...run.startedAt)).toBeLessThan(run.beganAt + 101 * MILLISECOND)
      expect(run.drainedTimes).toBe(1)
      expect(run.endedAtDrain).toBe(run.indices.length)
    })

    test('abandon drains at once, and late ends are ignored', async () => {
      const run = await drive({ create, abandonAfter: 100 * MILLISECOND })
      expect(run.drainedTimes).toBe(1)
      expect(run.inFlightAtDrain).toBe(0)
    })

    test('what an instance that is killed leaves is taken over: each operation is begun or counted once, by one, and none is left out', async () => {
      const team = await driveTeam({ create, instances: 4, deaths: [{ instance: 1, afterNanos: 300 * MILLISECOND }] })
      expectWhole(team)
      expect(team.instances[1]!.begun.filter(({ at }) => at > 300 * MILLISECOND)).toEqual([])
      // The load is as high as it was.
      const begunIn = (from: number, to: number) =>
        team.instances.flatMap(({ begun }) => begun.filter(({ at }) => at >= from * MILLISECOND && at < to * MILLISECOND)).length
      expect(begunIn(400, 900) / begunIn(50, 300)).toBeCloseTo(2, 1)
    })

    test('so it is when one dies after the other, and when one is left', async () => {
      const deaths = [2, 0, 3].map((instance, place) => ({ instance, afterNanos: (200 + 150 * place) * MILLISECOND }))
      const team = await driveTeam({ create, instances: 4, deaths })
      expectWhole(team)
      const last = team.instances[1]!.begun.filter(({ at }) => at > 600 * MILLISECOND)
      expect(new Set(last.map(({ index }) => index % 4))).toEqual(new Set([0, 1, 2, 3]))
    })

    test('when all are dead nothing begins, and it drains at the end, once', async () => {
      const deaths = [0, 1].map((instance) => ({ instance, afterNanos: (200 + instance * 100) * MILLISECOND }))
      const team = await driveTeam({ create, instances: 2, deaths })
      expectWhole(team)
      const [first, last] = team.instances
      expect(first!.drainedAt).toEqual([200 * MILLISECOND])
      expect(last!.drainedAt).toEqual([SECOND])
      expect(Math.max(...last!.begun.map(({ at }) => at))).toBeLessThanOrEqual(300 * MILLISECOND)
    })

    test.each([
      ['gives the same operations to two', (share: Share, heir: number) => (heir === 1 ? undefined : share)],
      ['leaves operations out', (share: Share) => ({ ...share, indices: share.indices.map(({ next, step }) => ({ next: next + step, step })) })],
      ['gives nobody anything', (share: Share) => ({ ...share, indices: [] })],
    ])('the suite catches a division that %s', async (_, plant) => {
      const deaths = [{ instance: 1, afterNanos: 300 * MILLISECOND }]
      const team = await driveTeam({ create, instances: 3, deaths, plant })
      expect(() => expectWhole(team)).toThrow()
    })

    test('goes on when operations are refused, and after that; it drains as ever', async () => {
      const run = await drive({ create, refusing: OUTAGE })
      const at = run.startedAt.map((nanos) => nanos - run.beganAt)
      expect(at.some((nanos) => nanos >= OUTAGE.from && nanos < OUTAGE.to)).toBe(true)
      expect(at.some((nanos) => nanos >= OUTAGE.to)).toBe(true)
      expect(new Set(run.indices).size).toBe(run.indices.length)
      expect(run.endedAtDrain).toBe(run.indices.length)
      expect(run.drainedTimes).toBe(1)
    })

    test('refused to its end, it drains once, and nothing begins after it', async () => {
      const run = await drive({ create, refusing: { from: OUTAGE.from, to: SECOND } })
      expect(Math.max(...run.startedAt)).toBeLessThan(run.beganAt + SECOND)
      expect(run.endedAtDrain).toBe(run.indices.length)
      expect(run.drainedTimes).toBe(1)
    })

    test('operations are never due after they are started', async () => {
      const run = await drive({ create })
      expect(run.startedAt.every((at, position) => at >= run.dues[position]!)).toBe(true)
    })
  })
}

/** When the server is away. */
export const OUTAGE = { from: 200 * MILLISECOND, to: 500 * MILLISECOND }

interface DriveOptions {
  readonly create: LoadLoopUnderTest['create']
  readonly instance?: number
  readonly instances?: number
  readonly stopAfter?: number
  readonly endAfter?: number
  readonly abandonAfter?: number
  /** From when to when after the beginning operations fail before anything is sent. */
  readonly refusing?: { readonly from: number; readonly to: number }
}

/** Runs a loop for one virtual second. */
export async function drive({ create, instance = 0, instances = 1, stopAfter, endAfter, abandonAfter, refusing }: DriveOptions) {
  const runtime = createVirtualRuntime({ seed: 3 })
  const indices: number[] = []
  const dues: number[] = []
  const startedAt: number[] = []
  const unstarted: number[] = []
  const users: number[] = []
  let ended = 0
  let drainedTimes = 0
  let endedAtDrain = -1
  let inFlightAtDrain = -1
  let beganAt = 0
  let censored = 0
  await runtime.run('drive', async (task) => {
    await task.sleep(5 * MILLISECOND)
    beganAt = runtime.now()
    await task.wait<void>('drained', (settle) => {
      const program: Program = {
        start(index, due, user) {
          indices.push(index)
          dues.push(due)
          startedAt.push(runtime.now())
          users.push(user)
          const at = runtime.now() - beganAt
          const refused = refusing !== undefined && at >= refusing.from && at < refusing.to
          runtime.after(refused ? MICROSECOND : 3 * MILLISECOND, () => {
            ended++
            loop.ended(user, refused, runtime.now())
          })
        },
        unstarted: (index) => void unstarted.push(index),
      }
      const loop = create(runtime, program, {
        instance,
        instances,
        originNanos: beganAt,
        untilNanos: beganAt + SECOND,
        drained: () => {
          drainedTimes++
          endedAtDrain = ended
          inFlightAtDrain = loop.inFlight
          censored = loop.censored
          // Anything that comes too late must not drain a second time.
          runtime.after(SECOND, () => settle())
        },
      })
      if (stopAfter !== undefined) {
        runtime.after(stopAfter, () => {
          loop.stop()
          loop.stop()
        })
      }
      if (endAfter !== undefined) runtime.after(endAfter / 2, () => loop.endAt(beganAt + endAfter))
      if (abandonAfter !== undefined) runtime.after(abandonAfter, () => loop.abandon())
      loop.start()
    })
  })
  return { indices, unstarted, dues, startedAt, users, ended, drainedTimes, endedAtDrain, inFlightAtDrain, beganAt, censored }
}

interface TeamOptions {
  readonly create: LoadLoopUnderTest['create']
  readonly instances: number
  readonly deaths: readonly { readonly instance: number; readonly afterNanos: number }[]
  /** What an heir is given in place of his part; the first heir's where it gives none. */
  readonly plant?: (share: Share, heir: number) => Share | undefined
}

interface TeamMember {
  /** Time since the load began. */
  readonly begun: { readonly index: number; readonly at: number; readonly user: number }[]
  readonly unstarted: number[]
  readonly drainedAt: number[]
  readonly died: boolean
}

/** Loops of several instances on one runtime for one virtual second, some of which are killed. */
export async function driveTeam({ create, instances, deaths, plant = (share) => share }: TeamOptions): Promise<{ readonly instances: TeamMember[] }> {
  const runtime = createVirtualRuntime({ seed: 3 })
  const members = Array.from({ length: instances }, (_, instance): TeamMember => {
    return { begun: [], unstarted: [], drainedAt: [], died: deaths.some((death) => death.instance === instance) }
  })
  await runtime.run('team', async (task) => {
    await task.sleep(5 * MILLISECOND)
    const beganAt = runtime.now()
    const loops = members.map(({ begun, unstarted, drainedAt }, instance) => {
      const loop: LoadLoop = create(
        runtime,
        {
          start(index, _, user) {
            begun.push({ index, at: runtime.now() - beganAt, user })
            runtime.after(3 * MILLISECOND, () => loop.ended(user, false, runtime.now()))
          },
          unstarted: (index) => void unstarted.push(index),
        },
        { instance, instances, originNanos: beganAt, untilNanos: beganAt + SECOND, drained: () => void drainedAt.push(runtime.now() - beganAt) },
      )
      return loop
    })
    const alive = new Set(loops)
    for (const { instance, afterNanos } of deaths) {
      runtime.after(afterNanos, () => {
        const dead = loops[instance]!
        alive.delete(dead)
        if (alive.size === 0) return dead.vacate()
        const parts = divideShare(dead.leave(), alive.size)
        for (const [heir, loop] of [...alive].entries()) loop.takeOver(plant(parts[heir]!, heir) ?? parts[0]!)
      })
    }
    for (const loop of loops) loop.start()
    await task.sleep(2 * SECOND)
  })
  return { instances: members }
}

/** That the operations of a load whose instances were killed are whole: each once, and none left out that was due. Throws else. */
export function expectWhole({ instances }: { readonly instances: readonly TeamMember[] }): void {
  const taken = instances.flatMap(({ begun, unstarted }) => [...begun.map(({ index }) => index), ...unstarted])
  expect(new Set(taken).size).toBe(taken.length)
  for (const { drainedAt } of instances) expect(drainedAt.length).toBe(1)
  // Each takes the lowest of his first: what all who lived have come past, somebody has taken.
  const living = instances.filter(({ died }) => !died)
  const past = (living.length > 0 ? living : instances).map(({ begun, unstarted }) => Math.max(...begun.map(({ index }) => index), ...unstarted))
  const all = new Set(taken)
  expect(Array.from({ length: Math.min(...past) }, (_, index) => index).filter((index) => !all.has(index))).toEqual([])
}
