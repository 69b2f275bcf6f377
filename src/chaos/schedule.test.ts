import { describe, expect, test } from 'vitest'
import type { TimedEvent } from '../measure/run-result.ts'
import { ReplyError, SimpleString } from '../protocol/reply.ts'
import { MILLISECOND, SECOND, type Task } from '../runtime/runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { openTarget } from '../targets/open-target.ts'
import type { Target, TargetControl } from '../targets/target.ts'
import type { FaultPlan } from '../workload/fault-plan.ts'
import { checkFaults } from './check-faults.ts'
import { startFaults } from './schedule.ts'

interface Probe {
  readonly task: Task
  ask(...command: string[]): Promise<string>
  end(): Promise<TimedEvent[]>
  readonly journal: TimedEvent[]
}

/** Runs `program` while the faults take their course; the first measured phase begins 1 s after the origin. */
async function during(plans: readonly FaultPlan[], program: (probe: Probe) => Promise<void>, control?: Partial<TargetControl>): Promise<void> {
  const runtime = createVirtualRuntime({ seed: 7 })
  const opened = await openTarget('engine:redis', { runtime, client: 'wire', env: {} })
  const target: Target =
    control === undefined ? opened : { ...opened, control: { kill: (done) => done(), start: (done) => done(), pid: () => undefined, ...control } }
  const client = await target.connect({ deadlineNanos: SECOND, connections: 1, id: 1 })
  await runtime.run('test', async (task) => {
    await task.sleep(3 * SECOND)
    const journal: TimedEvent[] = []
    const options = {
      runtime,
      target,
      originNanos: runtime.now(),
      measuredFromNanos: SECOND,
      allowed: false,
      journal: (event: TimedEvent) => journal.push(event),
    }
    const faults = startFaults(plans, options)
    await program({
      task,
      journal,
      end: () => task.wait('the end', (settle) => faults.end(settle)),
      ask: (...command) =>
        task.wait('an answer', (settle) => {
          client.submit(command, 0, {
            reply: (_token, reply) =>
              settle(
                reply instanceof Uint8Array
                  ? Buffer.from(reply).toString()
                  : reply instanceof SimpleString || reply instanceof ReplyError
                    ? reply.text
                    : String(reply),
              ),
            failed: (_token, failure) => settle(`${failure.status} ${failure.code}`),
          })
        }),
    })
  })
  await client.close()
  await opened.close()
}

const plan = (fault: string, atNanos: number, forNanos?: number): FaultPlan => ({
  fault,
  on: 'primary',
  atNanos,
  ...(forNanos !== undefined && { forNanos }),
})

describe('when faults begin and end', () => {
  test('kill, for a while: refused meanwhile, empty after', () =>
    during([plan('kill', 2 * SECOND, SECOND)], async ({ task, ask, end, journal }) => {
      expect(await ask('SET', 'key', 'value')).toBe('OK')
      await task.sleep(3.5 * SECOND)
      expect(await ask('GET', 'key')).toMatch(/^fail (refused|not-sent)$/)
      await task.sleep(SECOND)
      expect(await ask('GET', 'key')).toBe('null')
      const events = await end()
      expect(events).toEqual([{ kind: 'fault', name: 'kill', detail: 'primary', startNanos: 3 * SECOND, endNanos: 4 * SECOND }])
      expect(journal).toEqual([{ kind: 'fault', name: 'kill', detail: 'primary', startNanos: 3 * SECOND }, events[0]])
    }))

  test('kill without an end: put right at the end of the run, and has no end of its own', () =>
    during([plan('kill', SECOND)], async ({ task, ask, end }) => {
      await task.sleep(10 * SECOND)
      expect(await ask('PING')).toMatch(/^fail/)
      expect(await end()).toEqual([{ kind: 'fault', name: 'kill', detail: 'primary', startNanos: 2 * SECOND }])
      await task.sleep(SECOND)
      expect(await ask('PING')).toBe('PONG')
      expect(await end()).toHaveLength(1)
    }))

  test('restart: is over by itself', () =>
    during([plan('restart', 0)], async ({ task, ask, end }) => {
      expect(await ask('SET', 'key', 'value')).toBe('OK')
      await task.sleep(2 * SECOND)
      expect(await ask('GET', 'key')).toBe('null')
      expect(await end()).toEqual([{ kind: 'fault', name: 'restart', detail: 'primary', startNanos: SECOND, endNanos: SECOND }])
    }))

  test('restart after a while', () =>
    during([plan('restart', 0, 2 * SECOND)], async ({ task, ask, end }) => {
      await task.sleep(2 * SECOND)
      expect(await ask('PING')).toMatch(/^fail/)
      await task.sleep(2 * SECOND)
      expect(await end()).toMatchObject([{ startNanos: SECOND, endNanos: 3 * SECOND }])
    }))

  test('noop changes nothing', () =>
    during([plan('noop', 0, SECOND)], async ({ task, ask, end }) => {
      await ask('SET', 'key', 'value')
      await task.sleep(1.5 * SECOND)
      expect(await ask('GET', 'key')).toBe('value')
      await task.sleep(SECOND)
      expect(await ask('GET', 'key')).toBe('value')
      expect(await end()).toMatchObject([{ name: 'noop', startNanos: SECOND, endNanos: 2 * SECOND }])
    }))

  test('what has not begun by the end never does', () =>
    during([plan('kill', 60 * SECOND)], async ({ task, ask, end }) => {
      expect(await end()).toEqual([])
      await task.sleep(90 * SECOND)
      expect(await ask('PING')).toBe('PONG')
    }))

  test('several, sorted by their start', () =>
    during([plan('noop', 3 * SECOND), plan('kill', SECOND, MILLISECOND), plan('restart', 2 * SECOND)], async ({ task, end }) => {
      await task.sleep(10 * SECOND)
      expect((await end()).map(({ name }) => name)).toEqual(['kill', 'restart', 'noop'])
    }))
})

describe('what goes wrong is a note', () => {
  test('a fault that can not begin', () =>
    during(
      [plan('kill', 0)],
      async ({ task, end }) => {
        await task.sleep(2 * SECOND)
        expect(await end()).toEqual([{ kind: 'note', name: 'kill primary', detail: 'could not begin: no permission', startNanos: SECOND }])
      },
      { kill: (done) => done(new Error('no permission')) },
    ))

  test('an undo that fails', () =>
    during(
      [plan('kill', 0, SECOND)],
      async ({ task, end }) => {
        await task.sleep(3 * SECOND)
        const events = await end()
        expect(events.filter(({ kind }) => kind === 'note')).toContainEqual(expect.objectContaining({ detail: 'could not be undone: port taken' }))
        expect(events).toContainEqual({ kind: 'fault', name: 'kill', detail: 'primary', startNanos: SECOND })
      },
      { start: (done) => done(new Error('port taken')) },
    ))

  test('an undo that never ends does not keep the run from ending', () =>
    during(
      [plan('kill', 0)],
      async ({ task, end }) => {
        await task.sleep(2 * SECOND)
        expect(await end()).toContainEqual(expect.objectContaining({ kind: 'note', detail: 'could not be undone within 30 s' }))
      },
      { start: () => undefined },
    ))
})

describe('what is refused before the load', () => {
  const foreign = { description: { label: 'redis://h:6379', ours: false } } as Target
  const ours = { description: { label: 'local:redis', ours: true }, control: {} } as Target

  test.each([
    [plan('kil', 0), ours, false, /no fault "kil"/, /noop, kill, restart/],
    [plan('kill', 0), foreign, false, /did not start/, /--i-own-this-target/],
    [plan('noop', 0), foreign, false, /did not start/, /--i-own-this-target/],
    [plan('kill', 0), foreign, true, /was not started by cacheproof/, /local: or engine:/],
    [{ ...plan('kill', 0), on: 'replica' }, ours, false, /no such role or node/, /primary/],
  ] as const)('%o', (refused, target, allowed, message, hint) => {
    const check = () => checkFaults([refused], target, allowed)
    expect(check).toThrow(UsageError)
    expect(check).toThrow(message)
    expect(check).toThrow(expect.objectContaining({ hint: expect.stringMatching(hint) }))
  })

  test('what is allowed', () => {
    expect(() => checkFaults([plan('kill', 0), plan('noop', 0)], ours, false)).not.toThrow()
    expect(() => checkFaults([plan('noop', 0)], foreign, true)).not.toThrow()
  })
})
