import { describe, expect, test } from 'vitest'
import { MICROSECOND, MILLISECOND, type Runtime, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
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
            loop.ended(user, refused)
          })
        },
        unstarted: (index) => void unstarted.push(index),
      }
      const loop = create(runtime, program, {
        instance,
        instances,
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
