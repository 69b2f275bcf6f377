import { describe, expect, it } from 'vitest'
import { TinyEngine } from '../../../test/support/tiny-engine.ts'
import { clientContract } from '../../client/client.contract.ts'
import type { Client, Failure } from '../../client/client.ts'
import { NO_REPLY } from '../../client/wire/no-reply.ts'
import { createMemcachedEngine } from '../../engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../../engine/memcached/profiles.ts'
import { findRedisProfile } from '../../engine/redis/profiles.ts'
import { createRedisEngine } from '../../engine/redis/redis-engine.ts'
import { MapReply, SimpleString } from '../../protocol/reply.ts'
import { createRealRuntime } from '../../runtime/real-runtime.ts'
import { MICROSECOND, MILLISECOND, type Runtime, SECOND, type Task } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { EngineClient } from './engine-client.ts'
import { EngineHost, type EngineHostOptions } from './engine-host.ts'

const network = { medianNanos: 20 * MICROSECOND, p99Nanos: 80 * MICROSECOND }
const redis: EngineHostOptions['createEngine'] = (options) => createRedisEngine(findRedisProfile('redis')!, options)
const memcached: EngineHostOptions['createEngine'] = (options) => createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options)

for (const [family, createEngine] of [
  ['redis', redis],
  ['memcached', memcached],
] as const) {
  clientContract({
    name: `engine client of ${family}`,
    family,
    open(options) {
      const runtime = createRealRuntime({ seed: 1 })
      const host = new EngineHost({ runtime, createEngine, network })
      const client = new EngineClient(host, options)
      return Promise.resolve({
        client,
        close: async () => {
          await client.close()
          host.close()
          runtime.close()
        },
        killServer: () => new Promise<void>((resolve) => host.kill(() => resolve())),
        restartServer: () => new Promise<void>((resolve) => host.start(() => resolve())),
        freezeServer: () => host.freeze(),
        thawServer: () => host.thaw(),
      })
    },
  })
}

/** One line an answer: when it came and what it was. */
function ask(runtime: Runtime, task: Task, client: Client, command: string[]): Promise<string> {
  return task.wait(command[0]!, (settle) => {
    const at = (): string => `${runtime.now()} ${command.join(' ')} ->`
    client.submit(command, 0, {
      reply: (_token, reply, facts) => settle(`${at()} ${JSON.stringify(reply)} out ${facts.bytesOut} in ${facts.bytesIn}`),
      failed: (_token, failure: Failure) => settle(`${at()} ${failure.status} ${failure.code}`),
    })
  })
}

async function onVirtualTime(
  seed: number,
  program: (tools: {
    runtime: Runtime
    host: EngineHost
    task: Task
    ask: (client: Client, ...command: string[]) => Promise<string>
  }) => Promise<void>,
): Promise<string> {
  const runtime = createVirtualRuntime({ seed })
  const host = new EngineHost({ runtime, createEngine: (options) => new TinyEngine(options), network })
  await runtime.run('test', (task) => program({ runtime, host, task, ask: (client, ...command) => ask(runtime, task, client, command) }))
  return runtime.traceHash()
}

describe('engine client on virtual time', () => {
  it('gives the same history for the same seed, and another for another', async () => {
    const history = async (seed: number): Promise<string[]> => {
      const lines: string[] = []
      const hash = await onVirtualTime(seed, async ({ host, task, ask: say }) => {
        const clients = [1, 2, 3].map((id) => new EngineClient(host, { deadlineNanos: SECOND, connections: 2, id }))
        for (let round = 0; round < 5; round++)
          lines.push(...(await Promise.all(clients.flatMap((client) => [say(client, 'INCR', 'n'), say(client, 'GET', 'n')]))))
        host.kill(() => {})
        lines.push(...(await Promise.all(clients.map((client) => say(client, 'INCR', 'n')))))
        await task.sleep(10 * MILLISECOND)
        host.start(() => {})
        await task.sleep(SECOND)
        lines.push(...(await Promise.all(clients.map((client) => say(client, 'INCR', 'n')))))
      })
      return [...lines, hash]
    }
    const first = await history(1)
    expect(await history(1)).toEqual(first)
    expect(await history(2)).not.toEqual(first)
  })

  it('lets nothing overtake on a connection, however the delays are drawn', async () => {
    await onVirtualTime(7, async ({ host, ask: say }) => {
      const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
      const answers = await Promise.all(Array.from({ length: 300 }, () => say(client, 'INCR', 'n')))
      expect(answers.map((line) => Number(/-> (\d+)/.exec(line)![1]))).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
      const times = answers.map((line) => Number(line.split(' ')[0]))
      expect(times).toEqual([...times].sort((a, b) => a - b))
      expect(times[0]).toBeGreaterThanOrEqual(2 * MICROSECOND)
    })
  })

  it('tells apart what was sent before the engine died and what came too late', async () => {
    await onVirtualTime(3, async ({ host, task, ask: say }) => {
      const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
      const underWay = say(client, 'INCR', 'n')
      host.kill(() => {})
      const intoTheVoid = say(client, 'INCR', 'n')
      expect(await underWay).toMatch(/info closed$/)
      expect(await intoTheVoid).toMatch(/info closed$/)
      expect(await say(client, 'INCR', 'n')).toMatch(/fail refused$/)
      host.start(() => {})
      await task.sleep(400 * MILLISECOND)
      expect(await say(client, 'INCR', 'n')).toMatch(/-> 1 /)
      expect((host.engine as TinyEngine).restarts).toBe(1)
    })
  })

  it('keeps the deadline to the nanosecond, and the late answer reaches nobody', async () => {
    await onVirtualTime(3, async ({ runtime, host, task, ask: say }) => {
      const client = new EngineClient(host, { deadlineNanos: 5 * MILLISECOND, connections: 1, id: 1 })
      const start = runtime.now()
      expect(await say(client, 'BLOCK', String(20 * MILLISECOND))).toBe(`${start + 5 * MILLISECOND} BLOCK ${20 * MILLISECOND} -> info timeout`)
      await task.sleep(30 * MILLISECOND)
      expect(await say(client, 'GET', 'x')).toMatch(/-> null /)
    })
  })

  it('comes back after the engine has closed the connection', async () => {
    await onVirtualTime(3, async ({ host, task, ask: say }) => {
      const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
      expect(await say(client, 'QUIT')).toMatch(/"OK"/)
      expect(await say(client, 'GET', 'x')).toMatch(/(?:info closed|fail not-sent)$/)
      await task.sleep(20 * MILLISECOND)
      expect(await say(client, 'GET', 'x')).toMatch(/-> null /)
    })
  })

  it('gives what the wire would give, with its bytes', async () => {
    await onVirtualTime(3, async ({ runtime, host, task, ask: say }) => {
      const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
      expect(await say(client, 'SET', 'a', 'b')).toMatch(/out 27 in 5$/)
      const hello = await task.wait<unknown>('HELLO', (settle) =>
        client.submit(['HELLO', '3'], 0, { reply: (_token, reply) => settle(reply), failed: (_token, failure) => settle(failure) }),
      )
      expect(hello).toStrictEqual(new MapReply([Buffer.from('proto'), 3]))
      expect(runtime.now()).toBeGreaterThan(0)
    })
  })

  it('says that a noreply command was handed over, and refuses what would break a stream', async () => {
    const runtime = createVirtualRuntime({ seed: 1 })
    const host = new EngineHost({ runtime, createEngine: (options) => new TinyEngine(options, 'memcached'), network })
    await runtime.run('test', async (task) => {
      const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
      expect(await ask(runtime, task, client, ['set', 'a', '0', '0', 'noreply', 'v'])).toContain(JSON.stringify(NO_REPLY))
      expect(await ask(runtime, task, client, ['get', 'a'])).toContain('"values"')
      expect(await ask(runtime, task, client, ['get', 'a b'])).toMatch(/fail client$/)
    })
  })
})

describe('an answer that nobody asked for', () => {
  for (const family of ['redis', 'memcached'] as const) {
    it(`ends the connection to ${family}, makes what is under way unknown, and another connection is made`, async () => {
      const runtime = createVirtualRuntime({ seed: 1 })
      let say: ((session: number) => void) | undefined
      const host = new EngineHost({
        runtime,
        network,
        createEngine(options) {
          say = (session) => options.sink.reply(session, new SimpleString('OK'))
          return new TinyEngine(options, family)
        },
      })
      const set = family === 'redis' ? ['SET', 'k', 'v'] : ['set', 'k', '0', '0', 'v']
      const get = [family === 'redis' ? 'GET' : 'get', 'k']
      await runtime.run('test', async (task) => {
        const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
        expect(await ask(runtime, task, client, set)).toMatch(/out \d+ in/)
        say!(1)
        // Answers match questions by their order: what is asked only now has not been asked before it.
        const underWay = await Promise.all([ask(runtime, task, client, get), ask(runtime, task, client, get)])
        expect(underWay.map((line) => /\w+ [\w-]+$/.exec(line)?.[0] ?? line)).toEqual(['info protocol', 'info closed'])
        await task.sleep(SECOND)
        expect([...(host.engine as TinyEngine).sessions]).toEqual([2])
        expect(await ask(runtime, task, client, get)).toContain(JSON.stringify(Buffer.from('v')))
      })
    })
  }
})

it('an answer that no buffer can hold is one that can not be understood, and the engine goes on', async () => {
  class Gigabytes extends Uint8Array {
    override get length(): number {
      return 5_000_000_000
    }
  }
  const runtime = createVirtualRuntime({ seed: 1 })
  const host = new EngineHost({
    runtime,
    network,
    createEngine(options) {
      const { sink } = options
      const reply: typeof sink.reply = (session, answer) => sink.reply(session, answer instanceof Uint8Array ? [new Gigabytes(), answer] : answer)
      return new TinyEngine({ ...options, sink: { ...sink, reply } })
    },
  })
  await runtime.run('test', async (task) => {
    const client = new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 })
    await ask(runtime, task, client, ['SET', 'k', 'v'])
    expect(await ask(runtime, task, client, ['GET', 'k'])).toMatch(/info protocol$/)
    await task.sleep(SECOND)
    expect(await ask(runtime, task, client, ['SET', 'k', 'v'])).toContain('"OK"')
  })
})
