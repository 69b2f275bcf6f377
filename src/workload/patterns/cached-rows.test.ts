import { describe, expect, test } from 'vitest'
import { MemoryWorld } from '../../../test/support/memory-world.ts'
import { delaySets, dropDeletes, type PlantedCache, serveExpired, withPlantedCache } from '../../../test/support/planted-cache.ts'
import { MILLISECOND, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import type { OperationResult, PatternDefinition, World } from '../pattern.ts'
import { cacheAside } from './cache-aside.ts'
import { cacheAsideWriteThroughTtl } from './cache-aside-write-through-ttl.ts'
import type { CachedRowsOptions } from './cached-rows.ts'
import { NEGATIVE_ENTRY } from './cached-rows.ts'
import { none } from './none.ts'
import { PREFIX, patternContext } from './pattern.contract.ts'
import { createRowPlan } from './row-plan.ts'
import { writeThrough } from './write-through.ts'

/** One key, so that every operation is about it; `read` and `write` are indices of the kind. */
function stage(definition: PatternDefinition<CachedRowsOptions>, given: object = {}, wrap?: PlantedCache, keys = 1) {
  const runtime = createVirtualRuntime({ seed: 2 })
  const bed = new MemoryWorld(runtime)
  const context = patternContext(definition, { ...given, write_ratio: '50%' }, runtime, { keys })
  const planted = wrap ? withPlantedCache(definition, wrap) : definition
  const pattern = planted.create(context)
  bed.load(pattern.rows!())
  const plan = createRowPlan(context, context.settings)
  const next = (wanted: (index: number) => boolean) => {
    let index = -1
    return () => {
      do index++
      while (!wanted(index))
      return index
    }
  }
  const nextRead = next((index) => !plan.isWrite(index) && plan.keyId(index) < keys)
  const nextWrite = next(plan.isWrite)
  const nextAbsent = next((index) => plan.keyId(index) >= keys)
  const play = (scene: (world: (index: number) => World, operate: (index: number) => Promise<OperationResult>) => Promise<void>) =>
    runtime.run('scene', async (task) => {
      const world = (index: number) => bed.worldOf(task, index)
      await scene(world, (index) => pattern.operation(index, world(index)))
    })
  return { runtime, bed, context, pattern, plan, nextRead, nextWrite, nextAbsent, play }
}

const outcome = ({ class: name, ret, status }: OperationResult) => [name, ret, status]

describe('cache-aside', () => {
  test('a miss fills, a write invalidates, and versions are carried back', async () => {
    const { play, nextRead, nextWrite } = stage(cacheAside)
    await play(async (_, operate) => {
      expect(outcome(await operate(nextRead()))).toEqual(['read miss', 1, 'ok'])
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
      expect(await operate(nextWrite())).toMatchObject({ class: 'write', arg: 2, ret: 2, status: 'ok', error: '' })
      expect(outcome(await operate(nextRead()))).toEqual(['read miss', 2, 'ok'])
    })
  })

  test('on_write: overwrite leaves the new version in the cache', async () => {
    const { play, nextRead, nextWrite } = stage(cacheAside, { on_write: 'overwrite' })
    await play(async (_, operate) => {
      await operate(nextRead())
      await operate(nextWrite())
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 2, 'ok'])
    })
  })

  test('on_write: none leaves the entry to its time to live, whatever becomes of the commit', async () => {
    const { runtime, bed, play, nextRead, nextWrite } = stage(cacheAside, { on_write: 'none', ttl: '1s', ttl_jitter: '0%' })
    await play(async (_, operate) => {
      await operate(nextRead())
      expect(await operate(nextWrite())).toMatchObject({ class: 'write', ret: 2, status: 'ok', error: '' })
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
      bed.fault = (call) => (call.fn === 'write' ? { status: 'info', applied: true } : undefined)
      expect(await operate(nextWrite())).toMatchObject({ status: 'info' })
      bed.fault = undefined
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
    })
    await runtime.run('later', (task) => task.wait<void>('1 s', (settle) => runtime.after(SECOND, settle)))
    await play(async (_, operate) => {
      expect((await operate(nextRead())).class).toBe('read miss')
    })
  })

  test('a row that is not there is remembered for a while', async () => {
    const { play, nextAbsent } = stage(cacheAside, { missing: '50%', negative_ttl: '5s', ttl_jitter: '0%' })
    await play(async (world, operate) => {
      expect((await operate(nextAbsent())).class).toBe('read absent miss')
      expect((await operate(nextAbsent())).class).toBe('read absent hit')
      await world(0).sleep(5 * SECOND)
      expect((await operate(nextAbsent())).class).toBe('read absent miss')
    })
  })

  test('what is not there is not remembered for longer than what is', () => {
    const settings = (given: object) => cacheAside.settings.parse(given).negativeTtlNanos
    expect(settings({ ttl: '2s' })).toBe(2 * SECOND)
    expect(settings({ ttl: '2s', negative_ttl: '1s' })).toBe(SECOND)
    expect(settings({ ttl: 'none', negative_ttl: '1s' })).toBe(SECOND)
    expect(settings({ ttl: '2s', negative_ttl: 'none' })).toBe(null)
  })

  test('an entry lives for its TTL, and up to the jitter less', async () => {
    const { play, nextRead, bed, runtime } = stage(cacheAside, { ttl: '100ms', ttl_jitter: '50%' })
    const lives: number[] = []
    await play(async (world, operate) => {
      for (let step = 0; step < 200; step++) {
        await operate(nextRead())
        lives.push((bed.entries.get(`${PREFIX}row:0`)!.expiresAt - runtime.now()) / MILLISECOND)
        await world(0).sleep(101 * MILLISECOND)
      }
    })
    expect(Math.max(...lives)).toBeLessThanOrEqual(100)
    expect(Math.min(...lives)).toBeGreaterThan(49)
    expect(Math.max(...lives) - Math.min(...lives)).toBeGreaterThan(40)
  })

  test('an entry of another key or one that is torn is noticed', async () => {
    const { play, nextRead, bed, context } = stage(cacheAside)
    const put = (value: Uint8Array) => bed.entries.set(`${PREFIX}row:0`, { value, expiresAt: Number.POSITIVE_INFINITY })
    await play(async (_, operate) => {
      put(context.values.make(1, 7, 0))
      expect(await operate(nextRead())).toMatchObject({ class: 'read hit', status: 'ok', error: 'foreign' })
      put(context.values.make(0, 7, 0).subarray(1))
      expect(await operate(nextRead())).toMatchObject({ class: 'read miss', ret: 1, status: 'ok', error: 'torn' })
      put(NEGATIVE_ENTRY)
      expect((await operate(nextRead())).class).toBe('read absent hit')
    })
  })

  test('a failed invalidation is the writer’s note and the readers’ staleness', async () => {
    const { play, nextRead, nextWrite, bed } = stage(cacheAside)
    await play(async (_, operate) => {
      await operate(nextRead())
      bed.fault = (call) => (call.fn === 'delete' ? { status: 'info', applied: false } : undefined)
      expect(await operate(nextWrite())).toMatchObject({ ret: 2, status: 'ok', error: 'timeout' })
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
    })
  })

  test('a commit of unknown outcome is unknown, and the entry goes', async () => {
    const { play, nextRead, nextWrite, bed } = stage(cacheAside)
    await play(async (_, operate) => {
      await operate(nextRead())
      bed.fault = (call) => (call.fn === 'write' ? { status: 'info', applied: true } : undefined)
      const written = await operate(nextWrite())
      expect(written).toMatchObject({ status: 'info', error: 'timeout' })
      expect(written.ret).toBeUndefined()
      expect(outcome(await operate(nextRead()))).toEqual(['read miss', 2, 'ok'])
    })
  })

  test('a refused commit leaves the entry where it is', async () => {
    const { play, nextRead, nextWrite, bed } = stage(cacheAside)
    await play(async (_, operate) => {
      await operate(nextRead())
      bed.fault = (call) => (call.layer === 'database' ? { status: 'fail', applied: false } : undefined)
      expect(await operate(nextWrite())).toMatchObject({ status: 'fail', error: 'refused' })
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
    })
  })

  test('without the cache a read asks it once and falls back; without both it fails', async () => {
    const { play, nextRead, bed } = stage(cacheAside)
    await play(async (_, operate) => {
      bed.fault = (call) => (call.layer === 'cache' ? { status: 'info', applied: false } : undefined)
      const before = bed.calls.length
      expect(await operate(nextRead())).toMatchObject({ class: 'read fallback miss', ret: 1, status: 'ok', error: 'timeout' })
      expect(bed.calls.slice(before).map((call) => call.fn)).toEqual(['get', 'read'])
      bed.fault = () => ({ status: 'fail', applied: false })
      expect(await operate(nextRead())).toMatchObject({ class: 'read error', status: 'fail', error: 'refused' })
    })
  })
})

describe('write-through', () => {
  test('starts empty, fills on a miss, and a write leaves the new version for good', async () => {
    const { play, nextRead, nextWrite } = stage(writeThrough)
    await play(async (world, operate) => {
      expect(outcome(await operate(nextRead()))).toEqual(['read miss', 1, 'ok'])
      await operate(nextWrite())
      await world(0).sleep(600 * SECOND)
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 2, 'ok'])
    })
  })

  test('a write whose cache call fails leaves the old entry until the next write', async () => {
    const { play, nextRead, nextWrite, bed } = stage(writeThrough)
    await play(async (world, operate) => {
      await operate(nextRead())
      bed.fault = (call) => (call.fn === 'set' ? { status: 'fail', applied: false } : undefined)
      expect(await operate(nextWrite())).toMatchObject({ ret: 2, status: 'ok', error: 'refused' })
      bed.fault = undefined
      await world(0).sleep(600 * SECOND)
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
      await operate(nextWrite())
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 3, 'ok'])
    })
  })

  test('with a TTL the same is over when the TTL is', async () => {
    const { play, nextRead, nextWrite, bed } = stage(cacheAsideWriteThroughTtl, { ttl: '1s', ttl_jitter: '0%' })
    await play(async (world, operate) => {
      await operate(nextRead())
      bed.fault = (call) => (call.fn === 'set' ? { status: 'fail', applied: false } : undefined)
      await operate(nextWrite())
      bed.fault = undefined
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
      await world(0).sleep(SECOND)
      expect(outcome(await operate(nextRead()))).toEqual(['read miss', 2, 'ok'])
    })
  })
})

describe('planted faults show in what the pattern returns', () => {
  test('stale set: the reader stores what a writer has replaced meanwhile', async () => {
    const { runtime, bed, pattern, nextRead, nextWrite } = stage(
      cacheAside,
      {},
      delaySets(20 * MILLISECOND, () => true),
    )
    const results: Record<string, OperationResult> = {}
    await runtime.run('scene', (parent) =>
      parent.wait('both', (settle) => {
        const reader = nextRead()
        const writer = nextWrite()
        const later = nextRead()
        runtime.spawn('reader', async (task) => {
          results['reader'] = await pattern.operation(reader, bed.worldOf(task, reader))
        })
        runtime.spawn('writer', async (task) => {
          await task.sleep(5 * MILLISECOND)
          results['writer'] = await pattern.operation(writer, bed.worldOf(task, writer))
          await task.sleep(50 * MILLISECOND)
          results['later'] = await pattern.operation(later, bed.worldOf(task, later))
          settle(undefined)
        })
      }),
    )
    expect(outcome(results['reader']!)).toEqual(['read miss', 1, 'ok'])
    expect(outcome(results['writer']!)).toEqual(['write', 2, 'ok'])
    expect(outcome(results['later']!)).toEqual(['read hit', 1, 'ok'])
  })

  test('lost invalidation: acknowledged, and the old version is still there', async () => {
    const { play, nextRead, nextWrite } = stage(cacheAside, {}, dropDeletes(1))
    await play(async (_, operate) => {
      await operate(nextRead())
      expect(await operate(nextWrite())).toMatchObject({ ret: 2, status: 'ok', error: '' })
      expect(outcome(await operate(nextRead()))).toEqual(['read hit', 1, 'ok'])
    })
  })

  test('expiry served late', async () => {
    const { play, nextRead } = stage(cacheAside, { ttl: '1s' }, serveExpired(SECOND))
    await play(async (world, operate) => {
      await operate(nextRead())
      await world(0).sleep(1.5 * SECOND)
      expect((await operate(nextRead())).class).toBe('read hit')
      await world(0).sleep(SECOND)
      expect((await operate(nextRead())).class).toBe('read miss')
    })
  })
})

describe('read-back', () => {
  test('tells what cache and database hold, key by key', async () => {
    const { play, pattern, nextRead, nextWrite, bed } = stage(cacheAside, {}, dropDeletes(1))
    await play(async (world, operate) => {
      await operate(nextRead())
      await operate(nextWrite())
      await pattern.verify!(world(-1), 0)
    })
    expect(bed.probes).toEqual([
      { fn: 'committed', key: 0, outcome: 'found', ret: 2, writer: 1 },
      { fn: 'cached', key: 0, outcome: 'hit', ret: 1, writer: 0 },
    ])
  })

  test('of many keys takes a bounded sample of those that are written', async () => {
    const { play, pattern, bed, plan } = stage(cacheAside, {}, undefined, 5000)
    await play(async (world) => pattern.verify!(world(-1), 0))
    const keys = new Set(bed.probes.map((probe) => probe.key))
    expect(keys.size).toBe(1000)
    const written = new Set(
      Array.from({ length: 20_000 }, (_, index) => index)
        .filter(plan.isWrite)
        .map(plan.keyId),
    )
    for (const key of keys) expect(written.has(key)).toBe(true)
  })
})

test('rows are written by a popularity of their own, where the workload says so, and read as before', () => {
  const plans = ['as reads', 'uniform'].map((write_popularity) => stage(writeThrough, { write_popularity }, undefined, 100).plan)
  const [same, alike] = plans as [(typeof plans)[0], (typeof plans)[0]]
  const written = [0, 0]
  for (let index = 0; index < 20_000; index++) {
    expect(alike.isWrite(index)).toBe(same.isWrite(index))
    if (!same.isWrite(index)) expect(alike.keyId(index)).toBe(same.keyId(index))
    else for (const [number, plan] of [same, alike].entries()) if (plan.keyId(index) < 10) written[number]!++
  }
  // A tenth of the rows, of some 10,000 writes.
  expect(written[1]).toBeGreaterThan(850)
  expect(written[1]).toBeLessThan(1150)
  expect(Math.abs(written[0]! - 1000)).toBeGreaterThan(500)
})

test('the pattern `none` makes the same reads and writes on the same keys as the one it is the baseline of', () => {
  const context = patternContext(cacheAside, { write_ratio: '20%', missing: '10%' }, createVirtualRuntime({ seed: 2 }), { keys: 100 })
  const baseline = patternContext(none, { write_ratio: '20%', missing: '10%' }, createVirtualRuntime({ seed: 2 }), { keys: 100 })
  const cached = createRowPlan(context, context.settings)
  const plain = createRowPlan(baseline, baseline.settings)
  for (let index = 0; index < 1000; index++) {
    expect(plain.isWrite(index)).toBe(cached.isWrite(index))
    expect(plain.keyId(index)).toBe(cached.keyId(index))
  }
})
