// needs: redis-server, valkey-server, memcached

import { describe } from 'vitest'
import { cacheContract } from '../src/client/cache/cache.contract.ts'
import { MemcachedCache } from '../src/client/cache/memcached-cache.ts'
import { RedisCache } from '../src/client/cache/redis-cache.ts'
import { createRealRuntime } from '../src/runtime/real-runtime.ts'
import { SECOND } from '../src/runtime/runtime.ts'
import { openTarget } from '../src/targets/open-target.ts'

/** As on the embedded engines (src/targets/engine/cache.test.ts); at once, since most of it is waiting for values to expire. */
describe.concurrent('caches on real servers', () => {
  for (const [url, client] of [
    ['local:redis', 'wire'],
    ['local:redis', 'ioredis'],
    ['local:valkey', 'wire'],
    ['local:memcached', 'wire'],
    ['local:memcached', 'memjs'],
  ] as const) {
    const redis = url !== 'local:memcached'
    cacheContract({
      name: `${url} by ${client}`,
      ...(redis ? { ttlMillis: 500, earlyMillis: 1 } : { ttlMillis: 3_000, earlyMillis: 1_000 }),
      create: (call, runtime) => (redis ? new RedisCache(call) : new MemcachedCache(call, runtime.wall)),
      async open() {
        const runtime = createRealRuntime({ seed: 1 })
        const target = await openTarget(url, { runtime, client, env: process.env })
        const connected = await target.connect({ deadlineNanos: 5 * SECOND, connections: 1, id: 1 })
        return {
          runtime,
          client: connected,
          async close() {
            await connected.close()
            await target.close()
            runtime.close()
          },
        }
      },
    })
  }
})
