import { describe, expect, it } from 'vitest'
import { referenceEndpoint } from '../../properties/memcached/reference-endpoint.ts'
import type { Endpoint } from '../../properties/property.ts'
import { engineEndpoint } from '../../properties/redis/engine-endpoint.ts'
import { createMemcachedEngine } from '../engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../engine/memcached/profiles.ts'
import { findRedisProfile } from '../engine/redis/profiles.ts'
import { createRedisEngine } from '../engine/redis/redis-engine.ts'
import type { Command } from '../protocol/command.ts'
import { type Runtime, SECOND } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { withWallAhead } from './clock-skew.ts'

const HOUR_SECONDS = 3_600
const AHEAD_SECONDS = 24 * HOUR_SECONDS

/** A reference is made anew for each property, long after the runtime began; its wall clock is that of the endpoint. */
class Bench {
  readonly startSeconds = 1_700_000_000
  #seconds = 5_000_000.25
  readonly runtime: Runtime

  constructor() {
    const wall = { nowMicros: () => (this.startSeconds + this.#seconds) * 1e6 }
    this.runtime = withWallAhead({ ...createVirtualRuntime({ seed: 1 }), now: () => Math.round(this.#seconds * SECOND), wall }, AHEAD_SECONDS * 1e6)
  }

  get theirSeconds(): number {
    return Math.floor(this.startSeconds + this.#seconds + AHEAD_SECONDS)
  }

  pass(seconds: number): void {
    this.#seconds += seconds
  }
}

async function ask(endpoint: Endpoint, command: Command): Promise<string> {
  const [reply] = await endpoint.execute([command])
  return reply instanceof Uint8Array ? Buffer.from(reply).toString('latin1') : JSON.stringify(reply)
}

describe("a reference with the endpoint's wall clock", () => {
  it('is a memcached that reads Unix times by it, whenever it was made', async () => {
    const bench = new Bench()
    const reference = referenceEndpoint(bench.runtime, (options) => createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options))
    expect(await ask(reference, ['set', 'past', '0', String(bench.theirSeconds - HOUR_SECONDS), 'v'])).toBe('STORED\r\n')
    expect(await ask(reference, ['get', 'past'])).toBe('END\r\n')
    await ask(reference, ['set', 'k', '0', String(bench.theirSeconds + HOUR_SECONDS), 'v'])
    await ask(reference, ['set', 'n', '0', String(HOUR_SECONDS), 'v'])
    bench.pass(HOUR_SECONDS - 2)
    expect(await ask(reference, ['get', 'k', 'n'])).toContain('VALUE k 0 1\r\nv\r\nVALUE n ')
    bench.pass(3)
    expect(await ask(reference, ['get', 'k', 'n'])).toBe('END\r\n')
  })

  it('is a redis that reads Unix times by it, whenever it was made', async () => {
    const bench = new Bench()
    const reference = engineEndpoint(bench.runtime, (options) => createRedisEngine(findRedisProfile('redis')!, options), 2)
    await ask(reference, ['SET', 'k', 'v', 'EXAT', String(bench.theirSeconds + HOUR_SECONDS)])
    await ask(reference, ['SET', 'n', 'v', 'EX', String(HOUR_SECONDS)])
    bench.pass(HOUR_SECONDS - 2)
    expect(await ask(reference, ['EXISTS', 'k', 'n'])).toBe('2')
    bench.pass(3)
    expect(await ask(reference, ['EXISTS', 'k', 'n'])).toBe('0')
  })
})
