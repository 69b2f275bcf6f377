import { describe, expect, test } from 'vitest'
import type { Client, ReplySink, WireFacts } from '../client/client.ts'
import { ReplyError } from '../protocol/reply.ts'
import { MILLISECOND, type Nanos, SECOND } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { openTarget } from '../targets/open-target.ts'
import { ServiceProbe } from './service-probe.ts'

const ms = (nanos: Nanos) => Math.round(nanos / MILLISECOND)

describe.each(['redis', 'memcached'] as const)('a probe of %s', (family) => {
  test('tells how long the server was gone, to a few milliseconds, and nothing of what a client waits for', async () => {
    const runtime = createVirtualRuntime({ seed: 3 })
    const target = await openTarget(`engine:${family}`, { runtime, client: 'wire', env: {} })
    const probe = (await ServiceProbe.open(target, { runtime, family, key: 'cacheproof:x:service' }))!
    await runtime.run('a kill', async (task) => {
      const wait = (nanos: Nanos) => task.wait<void>('time', (settle) => runtime.after(nanos, settle))
      probe.start(runtime.now())
      await wait(SECOND)
      await task.wait<void>('kill', (settle) => target.control!.kill(() => settle()))
      await wait(SECOND)
      await task.wait<void>('start', (settle) => target.control!.start(() => settle()))
      await wait(SECOND / 2)
    })
    const { readsAway, writesAway, attempts } = await probe.stop()
    expect(attempts).toBeGreaterThan(900)
    for (const [span, ...more] of [readsAway, writesAway]) {
      expect(more).toEqual([])
      expect(Math.abs(ms(span!.fromNanos) - 1000)).toBeLessThanOrEqual(6)
      expect(Math.abs(ms(span!.toNanos!) - 2000)).toBeLessThanOrEqual(10)
    }
    await target.close()
  })
})

/** A server that answers each attempt as told: by when it was made, in milliseconds. Deadlines end so long after, as our clock counts attempts. */
async function probed(answer: (atMs: number) => 'ok' | 'error' | 'timeout', untilMs = 1000, deadlineAfterMs = 100) {
  const runtime = createVirtualRuntime({ seed: 1 })
  const facts: WireFacts = { node: 'x', sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 0, bytesIn: 0 }
  const client: Client = {
    name: 'told',
    openConnections: 1,
    submit(_, token, sink: ReplySink) {
      const at = ms(runtime.now())
      const made = answer(at)
      const later = made === 'timeout' ? deadlineAfterMs * MILLISECOND : MILLISECOND
      runtime.after(later, () => {
        facts.doneNanos = runtime.now()
        if (made === 'timeout') sink.failed(token, { status: 'info', code: 'timeout', message: '' }, facts)
        else sink.reply(token, made === 'ok' ? null : new ReplyError('LOADING Redis is loading the dataset in memory'), facts)
      })
    },
    close: () => Promise.resolve(),
  }
  const target = { connectOwn: async () => client } as unknown as Parameters<typeof ServiceProbe.open>[0]
  const probe = (await ServiceProbe.open(target, { runtime, family: 'redis', key: 'k' }))!
  await runtime.run('probe', async (task) => {
    probe.start(0)
    await task.wait<void>('time', (settle) => runtime.after(untilMs * MILLISECOND, settle))
  })
  const { readsAway } = await probe.stop()
  return readsAway.map(({ fromNanos, toNanos }) => [ms(fromNanos), toNanos === null ? null : ms(toNanos)])
}

test('a server that stands still is away from the first question it did not answer', async () => {
  expect(await probed((at) => (at >= 300 && at < 600 ? 'timeout' : 'ok'))).toEqual([[300, 601]])
})

test('one that is up and refuses does not serve', async () => {
  expect(await probed((at) => (at >= 300 && at < 400 ? 'error' : 'ok'))).toEqual([[300, 401]])
})

test('what has not come back by the end is open', async () => {
  expect(await probed((at) => (at >= 800 ? 'error' : 'ok'))).toEqual([[800, null]])
})

test('a deadline that passed while nobody watched says nothing of the server', async () => {
  // Attempts go on: it was the server that did not answer.
  expect(await probed((at) => (at >= 300 && at < 320 ? 'timeout' : 'ok'))).toEqual([[300, 321]])
  // Our own clock stood still: the deadline is over, and only four attempts were made meanwhile.
  expect(await probed((at) => (at >= 300 && at < 320 ? 'timeout' : 'ok'), 1000, 20)).toEqual([])
  // Starved as we are, a server that stands still is told: the attempts go on, and so do their failures.
  expect(await probed((at) => (at >= 300 && at < 400 ? 'timeout' : 'ok'), 1000, 20)).toEqual([[300, 401]])
})
