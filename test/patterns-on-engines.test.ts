import { describe, expect, test } from 'vitest'
import { capabilitiesOf } from '../src/client/cache/capabilities.ts'
import { createMemcachedEngine } from '../src/engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../src/engine/memcached/profiles.ts'
import { findRedisProfile } from '../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../src/engine/redis/redis-engine.ts'
import { createVirtualRuntime } from '../src/runtime/virtual-runtime.ts'
import type { EngineHostOptions } from '../src/targets/engine/engine-host.ts'
import { PREFIX, patternContext, runOperations } from '../src/workload/patterns/pattern.contract.ts'
import { PROGRAMS } from '../src/workload/patterns/registry.ts'
import { EngineBed } from './support/engine-bed.ts'

const ENGINES: Record<string, EngineHostOptions['createEngine']> = {
  redis: (options) => createRedisEngine(findRedisProfile('redis')!, options),
  valkey: (options) => createRedisEngine(findRedisProfile('valkey')!, options),
  memcached: (options) => createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options),
}
const SETTINGS: Record<string, object> = {
  'cache-aside': { write_ratio: '20%', missing: '10%' },
  'session-store': { active: 160, login: '10%' },
  leaderboard: { season: 400 },
}
const OPERATIONS = 900

const patterns = PROGRAMS.flatMap((program) => (program.kind === 'pattern' && program.usesCache ? [program] : []))
const pairs = Object.entries(ENGINES).flatMap(([engine, createEngine]) =>
  patterns
    .filter((pattern) => pattern.needs.every((need) => capabilitiesOf(engine === 'memcached' ? 'memcached' : 'redis').has(need)))
    .map((pattern) => ({ engine, createEngine, pattern, name: pattern.name })),
)

describe.each(pairs)('$name on the reference $engine', ({ engine, createEngine, pattern: definition }) => {
  const play = async () => {
    const runtime = createVirtualRuntime({ seed: 12 })
    const bed = new EngineBed(runtime, createEngine)
    const context = patternContext(definition, SETTINGS[definition.name] ?? {}, runtime)
    const pattern = definition.create(context)
    bed.load(pattern.rows?.() ?? [])
    const results = await runOperations(runtime, bed, pattern, 0, OPERATIONS, 4)
    await runtime.run('verify', async (task) => pattern.verify?.(bed.worldOf(task, -1), OPERATIONS - 1))
    return { bed, results, hash: runtime.traceHash() }
  }
  let played: ReturnType<typeof play> | undefined
  const once = () => {
    played ??= play()
    return played
  }

  test('runs without an error, and twice the same', async () => {
    const first = await once()
    expect(first.results).toHaveLength(OPERATIONS)
    for (const result of first.results) expect(result).toMatchObject({ status: 'ok' })
    expect(first.results.filter((result) => (result.error ?? '') !== '')).toEqual([])
    expect(first.results.filter((result) => result.class === 'session miss')).toEqual([])
    const second = await play()
    expect(second.results).toEqual(first.results)
    expect(second.bed.probes).toEqual(first.bed.probes)
    expect(second.hash).toBe(first.hash)
  })

  test('what was read back agrees with what was acknowledged', async () => {
    const { bed, results } = await once()
    expect(bed.probes.length).toBeGreaterThan(20)
    const latest = new Map<number, number>()
    for (const { fn, key, arg, status } of results) {
      if (status !== 'ok') continue
      if (fn === 'submit') latest.set(key, (latest.get(key) ?? 0) + arg!)
      if (fn === 'write' || fn === 'update' || fn === 'login') latest.set(key, Math.max(latest.get(key) ?? 0, arg!))
    }
    for (const { fn, key, ret } of bed.probes) {
      if (fn === 'committed') expect(ret).toBe(latest.get(key) ?? 1)
      if (fn === 'final score') expect(ret).toBe(latest.get(key) ?? 0)
      if (fn === 'read') expect(ret).toBe(latest.get(key))
    }
  })

  if (engine !== 'memcached') {
    test('leaves no key without a time to live, and none outside its prefix', async () => {
      const { bed } = await once()
      const keys = (await bed.ask(['KEYS', '*'])) as Uint8Array[]
      expect(keys.length).toBeGreaterThan(0)
      for (const key of keys) {
        expect(Buffer.from(key).toString()).toContain(PREFIX)
        expect(await bed.ask(['PTTL', key])).toBeGreaterThan(0)
      }
    })
  }
})
