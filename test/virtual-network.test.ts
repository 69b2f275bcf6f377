import { describe, expect, it } from 'vitest'
import type { Client, ReplySink } from '../src/client/client.ts'
import { createSingleNodeRouting } from '../src/client/routing/single-node-routing.ts'
import { WireClient } from '../src/client/wire/wire-client.ts'
import { createMemcachedEngine } from '../src/engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../src/engine/memcached/profiles.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import { VirtualNetwork } from '../src/network/virtual-network.ts'
import { SECOND, type Task } from '../src/runtime/runtime.ts'
import { createVirtualRuntime } from '../src/runtime/virtual-runtime.ts'
import { EngineServer, type EngineServerOptions } from '../src/server/engine-server.ts'

const engines = {
  redis: (options) => createRedisEngine(findRedisProfile('redis')!, options),
  memcached: (options) => createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options),
} satisfies Record<string, EngineServerOptions['createEngine']>

function ask(task: Task, client: Client, command: string[]): Promise<string> {
  return task.wait(command[0]!, (settle) => {
    const sink: ReplySink = {
      reply: (_token, reply) => settle(JSON.stringify(reply)),
      failed: (_token, failure) => settle(`${failure.status} ${failure.code}`),
    }
    client.submit(command, 0, sink)
  })
}

/** What a client is answered over a virtual network, and the trace of it. */
async function talk(
  family: 'redis' | 'memcached',
  seed: number,
): Promise<{ readonly answers: readonly string[]; readonly trace: string; readonly now: number }> {
  const runtime = createVirtualRuntime({ seed })
  const network = new VirtualNetwork({ runtime })
  const answers: string[] = []
  await runtime.run('talk', async (task) => {
    const server = new EngineServer({ runtime, network: network.host('cache'), host: 'cache', createEngine: engines[family] })
    const { port } = await task.wait<{ port: number }>('the server starts', (settle) => void server.start({ port: 7_000 }).then(settle))
    const routing = createSingleNodeRouting({ host: 'cache', port })
    const client = await task.wait<WireClient>('the client connects', (settle) => {
      const options = { deadlineNanos: SECOND, connections: 2, id: 1 }
      void WireClient.open({ runtime, network: network.host('app'), family, routing, client: options }).then(settle)
    })
    const commands =
      family === 'redis'
        ? [
            ['SET', 'n', '1'],
            ['INCR', 'n'],
            ['GET', 'n'],
          ]
        : [
            ['set', 'n', '0', '0', '1'],
            ['incr', 'n', '1'],
            ['get', 'n'],
          ]
    for (const command of commands) answers.push(await ask(task, client, command))
    answers.push(...(await Promise.all(Array.from({ length: 50 }, () => ask(task, client, commands[1]!)))))
    network.host('cache').freeze()
    answers.push(await ask(task, client, commands[2]!))
    network.host('cache').thaw()
    await task.sleep(SECOND)
    answers.push(await ask(task, client, commands[2]!))
    await task.wait<void>('the client closes', (settle) => void client.close().then(settle))
    await task.wait<void>('the server ends', (settle) => void server.kill().then(settle))
  })
  return { answers, trace: runtime.traceHash(), now: runtime.now() }
}

describe('the client and the server that stand on real sockets', () => {
  for (const family of ['redis', 'memcached'] as const) {
    it(`speak ${family} over a virtual network, on strict virtual time, the same each time`, async () => {
      const first = await talk(family, 1)
      expect(first.answers.slice(1, 2)).toEqual(['2'])
      expect(first.answers[52]).toBe('52')
      expect(first.answers[53]).toBe('info timeout')
      expect(first.answers[54]).toContain(JSON.stringify(Buffer.from('52')))
      expect(await talk(family, 1)).toEqual(first)
      expect((await talk(family, 2)).trace).not.toBe(first.trace)
    })
  }
})
