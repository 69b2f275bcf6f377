import type { Cache, CacheKey, CacheResult } from '../../src/client/cache/cache.ts'
import { MILLISECOND } from '../../src/runtime/runtime.ts'
import type { PatternDefinition, World } from '../../src/workload/pattern.ts'
import { type SessionStoreSettings, sessionStore } from '../../src/workload/patterns/session-store.ts'
import { withCache } from './planted-cache.ts'

/**
 * The session store of an application that keeps sessions in its own memory: the claims that sessions are shared and
 * survive must fail on it. Each `create` is a process of its own, with a memory of its own.
 */
export const sessionStoreLocalMemory: PatternDefinition<SessionStoreSettings> = {
  ...sessionStore,
  name: 'session-store-local-memory',
  summary: 'Sessions in the memory of each instance: not shared, gone with the process.',
  create(context) {
    const pattern = sessionStore.create(context)
    const memory = new Map<string, { value: Uint8Array; expiresAt: number }>()
    return {
      rows: () => pattern.rows!(),
      intent: (index) => pattern.intent(index),
      operation: (index, world) => pattern.operation(index, withCache(world, localCache(memory, world))),
      verify: (world, lastIndex) => pattern.verify!(withCache(world, localCache(memory, world)), lastIndex),
    }
  },
}

function localCache(memory: Map<string, { value: Uint8Array; expiresAt: number }>, world: World): Cache {
  // Memory answers at once, but an operation that awaits nothing of the world's would take no time at all.
  const answer = async <T>(value: () => T): Promise<CacheResult<T>> => {
    await world.sleep(1000)
    return { status: 'ok', value: value() }
  }
  const live = (key: CacheKey) => {
    const entry = memory.get(key.name)
    return entry && entry.expiresAt > world.now() ? entry : undefined
  }
  const put = (key: CacheKey, value: Uint8Array, ttlMillis: number): true => {
    memory.set(key.name, { value, expiresAt: world.now() + ttlMillis * MILLISECOND })
    return true
  }
  const restart = (key: CacheKey, ttlMillis: number) => {
    const entry = live(key)
    if (entry) entry.expiresAt = world.now() + ttlMillis * MILLISECOND
    return entry
  }
  return {
    capabilities: new Set(['ttl']),
    sortedSet: undefined,
    get: (key) => answer(() => live(key)?.value ?? null),
    set: (key, value, ttlMillis) => answer(() => void put(key, value, ttlMillis)),
    add: (key, value, ttlMillis) => answer(() => !live(key) && put(key, value, ttlMillis)),
    replace: (key, value, ttlMillis) => answer(() => live(key) !== undefined && put(key, value, ttlMillis)),
    delete: (key) => answer(() => live(key) !== undefined && memory.delete(key.name)),
    touch: (key, ttlMillis) => answer(() => restart(key, ttlMillis) !== undefined),
    getAndTouch: (key, ttlMillis) => answer(() => restart(key, ttlMillis)?.value ?? null),
  }
}
