import { describe, expect, test } from 'vitest'
import type { Client, Failure, WireFacts } from '../../client/client.ts'
import { type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import { MILLISECOND, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { StepEnded, StepGuard } from '../record/step-guard.ts'
import { fillCache } from './fill-cache.ts'

const FACTS: WireFacts = { node: 'x', sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 0, bytesIn: 0 }
const DOWN: Failure = { status: 'fail', code: 'not-sent', message: 'the connection is down' }
const OOM = new ReplyError("OOM command not allowed when used memory > 'maxmemory'.")
const KEYS = 1_000

/** Fills by a server that answers as told, 1 ms later: undefined is silence until the deadline of 1 s. */
async function filled(answer: (key: string, atNanos: number) => Reply | Failure | undefined, abortAtNanos?: number) {
  const runtime = createVirtualRuntime({ seed: 1 })
  const stop = new AbortController()
  const stored: string[] = []
  const client: Client = {
    name: 'told',
    openConnections: 1,
    submit([, key], token, sink) {
      const told = answer(key as string, runtime.now())
      const silent: Failure = { status: 'info', code: 'timeout', message: 'no answer within 1 s' }
      runtime.after(told === undefined ? SECOND : MILLISECOND, () => {
        if (told instanceof SimpleString) stored.push(key as string)
        if (told instanceof SimpleString || told instanceof ReplyError) sink.reply(token, told, FACTS)
        else sink.failed(token, (told as Failure | undefined) ?? silent, FACTS)
      })
    },
    close: () => Promise.resolve(),
  }
  if (abortAtNanos !== undefined) runtime.after(abortAtNanos, () => stop.abort())
  const ended = await fillCache({
    mix: { fill: (key) => ['SET', String(key)] },
    client,
    runtime,
    keyIds: Float64Array.from({ length: KEYS }, (_, key) => KEYS - 1 - key),
    guard: new StepGuard(stop.signal, () => runtime.now()),
  }).catch((error: unknown) => error)
  return { ended, stored, seconds: runtime.now() / SECOND }
}

describe('filling the cache', () => {
  test('stores every key once, in the order given', async () => {
    const { ended, stored } = await filled(() => SimpleString.ok)
    expect(ended).toBeUndefined()
    expect(stored).toEqual(Array.from({ length: KEYS }, (_, key) => String(KEYS - 1 - key)))
  })

  test('sends again what could not be sent while the connection was down', async () => {
    const { ended, stored } = await filled((_, at) => (at > 5 * MILLISECOND && at < 900 * MILLISECOND ? DOWN : SimpleString.ok))
    expect(ended).toBeUndefined()
    expect(new Set(stored).size).toBe(KEYS)
  })

  test('a refusal of some is the load’s to show; one of most ends it, in the server’s words', async () => {
    expect((await filled((key) => (Number(key) % 3 === 0 ? OOM : SimpleString.ok))).ended).toBeUndefined()
    const { ended } = await filled((key) => (Number(key) % 3 === 0 ? SimpleString.ok : OOM))
    expect(ended).toBeInstanceOf(StepEnded)
    expect((ended as StepEnded).failure?.message).toContain('OOM')
  })

  test.each([
    ['that stays away', DOWN],
    ['that is silent', undefined],
  ])('an endpoint %s is given up after some seconds, however many keys there are', async (_, answer) => {
    const { ended, seconds } = await filled(() => answer)
    expect((ended as StepEnded).failure?.code).toBe(answer?.code ?? 'timeout')
    expect(seconds).toBeLessThan(8)
  })

  test('ends at once after Ctrl-C, whoever has yet to answer', async () => {
    const { ended, seconds } = await filled(() => undefined, SECOND / 2)
    expect(ended).toMatchObject({ failure: undefined })
    expect(seconds).toBeLessThan(0.6)
  })
})
