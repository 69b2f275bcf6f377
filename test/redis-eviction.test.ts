// needs: redis-server

import { expect, it } from 'vitest'
import type { Endpoint } from '../properties/property.ts'
import { engineEndpoint } from '../properties/redis/engine-endpoint.ts'
import { connectEndpoint } from '../properties/redis/socket-endpoint.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import type { Command } from '../src/protocol/command.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { startLocalServer } from '../src/targets/local/local-server.ts'

/** What of the keys survives a full memory, on the real server and on the engine, given the same commands. */
const HOT = 200
const USES = 100
const COLD = 6_000
const CAPACITY_BYTES = 3_000_000
/** LRU_CLOCK_RESOLUTION, and a little. */
const A_TICK_OF_AGE_MILLIS = 1_100
const VALUE = 'v'.repeat(1_000)

async function withBoth<T>(play: (endpoint: Endpoint) => Promise<T>): Promise<{ readonly engine: T; readonly real: T }> {
  const server = await startLocalServer({ kind: 'redis' })
  const runtime = createRealRuntime({ seed: 1 })
  try {
    const socket = await connectEndpoint(server.host, server.port, 2, 'redis-server')
    const engine = engineEndpoint(runtime, (options) => createRedisEngine(findRedisProfile('redis', server.version)!, options), 2)
    const found = { engine: await play(engine), real: await play(socket) }
    socket.close()
    return found
  } finally {
    runtime.close()
    await server.stop()
  }
}

const times = (count: number, command: (index: number) => Command): Command[] => Array.from({ length: count }, (_, index) => command(index))

/** Hot keys are used often, and then as many others are written once as fit in twice. */
async function hotKeysLeft(endpoint: Endpoint, policy: string): Promise<{ readonly frequency: number; readonly left: number }> {
  const [info] = await endpoint.execute([['INFO', 'memory']])
  const text = info instanceof Uint8Array ? info : (info as { readonly bytes: Uint8Array }).bytes
  const used = Number(/used_memory:(\d+)/.exec(Buffer.from(text).toString())![1])
  await endpoint.execute([['CONFIG', 'SET', 'maxmemory-policy', policy, 'maxmemory', String(used + CAPACITY_BYTES)]])
  await endpoint.execute(times(HOT, (index) => ['SET', `hot${index}`, VALUE]))
  for (let use = 0; use < USES; use++)
    await endpoint.execute(times(HOT, (index) => (use % 4 === 0 ? ['SET', `hot${index}`, VALUE] : ['GET', `hot${index}`])))
  const counts = policy.endsWith('lfu') ? await endpoint.execute(times(HOT, (index) => ['OBJECT', 'FREQ', `hot${index}`])) : [0]
  // What was asked for within one second of the server's clock is of one age, and leaves by chance.
  await new Promise((resolve) => setTimeout(resolve, A_TICK_OF_AGE_MILLIS))
  for (let from = 0; from < COLD; from += 500) await endpoint.execute(times(500, (index) => ['SET', `cold${from + index}`, VALUE]))
  const there = await endpoint.execute(times(HOT, (index) => ['EXISTS', `hot${index}`]))
  return { frequency: counts.reduce<number>((sum, one) => sum + Number(one), 0) / counts.length, left: there.filter((one) => one === 1).length }
}

it('under allkeys-lfu what is used often survives what is newer, as on the real server', async () => {
  const { engine, real } = await withBoth((endpoint) => hotKeysLeft(endpoint, 'allkeys-lfu'))
  expect(real.left).toBeGreaterThan(0.95 * HOT)
  expect(engine.left).toBeGreaterThan(0.95 * HOT)
  // A hundred uses come to some 10, a Morris counter each; of 200 the mean is good to a few hundredths.
  expect(Math.abs(engine.frequency - real.frequency)).toBeLessThan(0.5)
})

it('under allkeys-lru it does not, on either', async () => {
  const { engine, real } = await withBoth((endpoint) => hotKeysLeft(endpoint, 'allkeys-lru'))
  expect(real.left).toBeLessThan(0.3 * HOT)
  expect(engine.left).toBeLessThan(0.3 * HOT)
})
