import type { Cache, CacheKey, CacheResult, RankedMember, SortedSetCache } from '../../src/client/cache/cache.ts'
import type { Nanos } from '../../src/runtime/runtime.ts'
import type { PatternDefinition, World } from '../../src/workload/pattern.ts'
import { delegate } from './delegate.ts'

/**
 * Faults planted between a pattern and its cache, to prove that what should be noticed is noticed. A wrapper is made
 * once and put around the cache of every operation: what it counts, it counts over all of them.
 */
export type PlantedCache = (cache: Cache, index: number, world: Pick<World, 'now' | 'sleep'>) => Cache

/** The pattern as it is, with a cache that does not do what it says. */
export function withPlantedCache<Settings>(definition: PatternDefinition<Settings>, wrap: PlantedCache): PatternDefinition<Settings> {
  return {
    ...definition,
    create(context) {
      const pattern = definition.create(context)
      return {
        ...(pattern.prepare && { prepare: (world: World) => pattern.prepare!(world) }),
        ...(pattern.rows && { rows: () => pattern.rows!() }),
        intent: (index) => pattern.intent(index),
        operation: (index, world) => pattern.operation(index, withCache(world, wrap(world.cache, index, world))),
        // The read-back sees what is there.
        ...(pattern.verify && { verify: (world: World, lastIndex: number) => pattern.verify!(world, lastIndex) }),
      }
    },
  }
}

/** The world of an operation with another cache. */
export function withCache(world: World, cache: Cache): World {
  return {
    cache,
    database: world.database,
    now: () => world.now(),
    sleep: (nanos) => world.sleep(nanos),
    probe: (row) => world.probe(row),
  }
}

/**
 * Holds back chosen `set` calls: between the read of the row and the store of it, a writer may commit and invalidate
 * (the stale-set race of cache-aside).
 */
export function delaySets(nanos: Nanos, chosen: (key: CacheKey, index: number) => boolean): PlantedCache {
  return (cache, index, world) =>
    delegate(cache, {
      async set(key, value, ttlMillis) {
        if (chosen(key, index)) await world.sleep(nanos)
        return cache.set(key, value, ttlMillis)
      },
    })
}

/** Every nth `delete` is answered and not done: lost invalidations, sessions that survive their logout. */
export function dropDeletes(every: number): PlantedCache {
  const isChosen = everyNth(every)
  return (cache) =>
    delegate(cache, {
      // A read in its place takes the time, and tells whether it was there.
      delete: async (key) => (isChosen() ? map(await cache.get(key), (value) => value !== null) : cache.delete(key)),
    })
}

/** Every nth `set` that is chosen is answered and not done: acknowledged writes that are lost. */
export function dropSets(every: number, chosen: (key: CacheKey, index: number) => boolean = () => true): PlantedCache {
  const isNth = everyNth(every)
  return (cache, index) =>
    delegate(cache, {
      set: async (key, value, ttlMillis) =>
        chosen(key, index) && isNth() ? map(await cache.get(key), () => undefined) : cache.set(key, value, ttlMillis),
    })
}

/** Entries are served up to `lateNanos` after their lifetime has ended. */
export function serveExpired(lateNanos: Nanos): PlantedCache {
  const stored = new Map<string, { readonly value: Uint8Array; expiresAt: Nanos }>()
  const keep = (key: CacheKey, value: Uint8Array, ttlMillis: number, now: Nanos) =>
    void stored.set(key.name, { value, expiresAt: now + ttlMillis * 1e6 })
  const late = (key: CacheKey, now: Nanos): Uint8Array | null => {
    const entry = stored.get(key.name)
    return entry && now < entry.expiresAt + lateNanos ? entry.value : null
  }
  return (cache, _index, world) =>
    delegate(cache, {
      get: async (key) => map(await cache.get(key), (value) => value ?? late(key, world.now())),
      async getAndTouch(key, ttlMillis) {
        const found = await cache.getAndTouch(key, ttlMillis)
        const entry = stored.get(key.name)
        if (entry && found.status === 'ok' && found.value !== null) entry.expiresAt = world.now() + ttlMillis * 1e6
        return map(found, (value) => value ?? late(key, world.now()))
      },
      async set(key, value, ttlMillis) {
        const result = await cache.set(key, value, ttlMillis)
        if (result.status === 'ok') keep(key, value, ttlMillis, world.now())
        return result
      },
      delete(key) {
        stored.delete(key.name)
        return cache.delete(key)
      },
    })
}

/** Every nth increment is applied twice, and the second answer is given: a client that resends after a lost reply. */
export function resendIncrements(every: number): PlantedCache {
  const isChosen = everyNth(every)
  return (cache) =>
    delegateSortedSet(cache, (board) => ({
      async incrementScore(key, member, delta) {
        const first = await board.incrementScore(key, member, delta)
        return isChosen() ? board.incrementScore(key, member, delta) : first
      },
    }))
}

/** Every nth increment is answered as if it had been applied. */
export function dropIncrements(every: number): PlantedCache {
  const isChosen = everyNth(every)
  return (cache) =>
    delegateSortedSet(cache, (board) => ({
      incrementScore: async (key, member, delta) =>
        isChosen() ? map(await board.score(key, member), (score) => (score ?? 0) + delta) : board.incrementScore(key, member, delta),
    }))
}

/** Every nth list of ranks comes the wrong way round, or with its first member twice. */
export function disorderRanges(every: number, how: 'unsorted' | 'duplicate'): PlantedCache {
  const isChosen = everyNth(every)
  const spoil = (members: readonly RankedMember[]) => (how === 'unsorted' ? [...members].reverse() : members.slice(0, 1).concat(members))
  return (cache) =>
    delegateSortedSet(cache, (board) => ({
      range: async (key, first, last) => map(await board.range(key, first, last), (members) => (isChosen() ? spoil(members) : members)),
    }))
}

function everyNth(every: number): () => boolean {
  let count = 0
  return () => ++count % every === 0
}

function map<T, U>(result: CacheResult<T>, change: (value: T) => U): CacheResult<U> {
  return result.status === 'ok' ? { status: 'ok', value: change(result.value) } : result
}

function delegateSortedSet(cache: Cache, changes: (board: SortedSetCache) => Partial<SortedSetCache>): Cache {
  const board = cache.sortedSet
  if (!board) return cache
  return delegate(cache, { sortedSet: delegate(board, changes(board)) })
}
