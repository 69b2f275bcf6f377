import { describe, expect, it } from 'vitest'
import { delegate } from '../../../test/support/delegate.ts'
import { disorderRanges, dropDeletes, dropSets, type PlantedCache, resendIncrements, serveExpired } from '../../../test/support/planted-cache.ts'
import { CACHE_CASES, type CacheSubject, cacheContract, runCacheCase } from '../../client/cache/cache.contract.ts'
import type { Cache, CacheKey, CacheResult } from '../../client/cache/cache.ts'
import type { CacheCall } from '../../client/cache/cache-call.ts'
import { MemcachedCache } from '../../client/cache/memcached-cache.ts'
import { refusalOf } from '../../client/cache/outcome.ts'
import { RedisCache } from '../../client/cache/redis-cache.ts'
import { UnexpectedReply } from '../../client/cache/unexpected-reply.ts'
import type { Engine, EngineOptions } from '../../engine/engine.ts'
import { createMemcachedEngine } from '../../engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../../engine/memcached/profiles.ts'
import { findRedisProfile } from '../../engine/redis/profiles.ts'
import { createRedisEngine } from '../../engine/redis/redis-engine.ts'
import type { Command } from '../../protocol/command.ts'
import { MapReply, MemcachedValues, type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import { MICROSECOND, SECOND } from '../../runtime/runtime.ts'
import { createVirtualRuntime } from '../../runtime/virtual-runtime.ts'
import { EngineClient } from './engine-client.ts'
import { EngineHost } from './engine-host.ts'

const KEY: CacheKey = { id: 7, name: 'k' }
const value = (text: string): Buffer => Buffer.from(text)

type Family = 'redis' | 'memcached'

/** A cache over an embedded engine on virtual time. */
function embedded(name: string, family: Family, createEngine: (options: EngineOptions) => Engine, hello?: Command): CacheSubject {
  return {
    name,
    ...(family === 'redis' ? { ttlMillis: 500, earlyMillis: 1 } : { ttlMillis: 3_000, earlyMillis: 1_000 }),
    create: (call, runtime) => (family === 'redis' ? new RedisCache(call) : new MemcachedCache(call, runtime.wall)),
    async open() {
      const runtime = createVirtualRuntime({ seed: 1 })
      const host = new EngineHost({ runtime, network: { medianNanos: 10 * MICROSECOND, p99Nanos: 20 * MICROSECOND }, createEngine })
      return { runtime, client: new EngineClient(host, { deadlineNanos: SECOND, connections: 1, id: 1 }), close: () => host.close() }
    },
    ...(hello && { hello }),
  }
}

const redis = (options: EngineOptions) => createRedisEngine(findRedisProfile('redis')!, options)
const valkey = (options: EngineOptions) => createRedisEngine(findRedisProfile('valkey')!, options)
const memcached = (options: EngineOptions) => createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options)

const onRedis = embedded('redis', 'redis', redis)
cacheContract(onRedis)
cacheContract(embedded('redis, RESP3', 'redis', redis, ['HELLO', '3']))
cacheContract(embedded('valkey', 'redis', valkey))
cacheContract(embedded('memcached', 'memcached', memcached))

describe('the suite catches', () => {
  const idle = { now: () => 0, sleep: () => Promise.resolve() }
  const planted: readonly (readonly [string, PlantedCache])[] = [
    ['deletes that are not done', dropDeletes(1)],
    ['stores that are not done', dropSets(1)],
    ['increments that are done twice', resendIncrements(1)],
    ['ranks the wrong way round', disorderRanges(1, 'unsorted')],
    ['values that outlive their time', serveExpired(SECOND)],
    ['a touch that does nothing', (cache) => delegate(cache, { touch: async (key) => presence(await cache.get(key)) })],
    ['an add that overwrites', (cache) => delegate(cache, { add: async (key, bytes, ttl) => presence(await cache.set(key, bytes, ttl)) })],
    ['values that are cut off', (cache) => delegate(cache, { set: (key, bytes, ttl) => cache.set(key, bytes.subarray(0, 100_000), ttl) })],
  ]
  const held = (plant: PlantedCache) =>
    Promise.allSettled(CACHE_CASES.map((one) => runCacheCase(onRedis, one, (cache, { now }) => plant(cache, 0, { ...idle, now }))))

  it.each(planted)('%s', async (_, plant) => {
    expect((await held(plant)).some(({ status }) => status === 'rejected')).toBe(true)
  })

  it('nothing in a cache that is only wrapped', async () => {
    expect((await held((cache) => delegate(cache, {}))).filter(({ status }) => status === 'rejected')).toEqual([])
  })
})

function presence(result: CacheResult<unknown>): CacheResult<boolean> {
  return result.status === 'ok' ? { status: 'ok', value: result.value !== null } : result
}

describe('what the caches send', () => {
  const sent = async (cache: (call: CacheCall) => Cache, use: (cache: Cache) => Promise<unknown>): Promise<string> => {
    const commands: string[] = []
    await use(
      cache((_fn, _keyId, command) => {
        commands.push(command.map(String).join(' '))
        return new Promise(() => {})
      }),
    ).catch(() => {})
    return commands.join(', ')
  }
  const first = <T>(promise: Promise<T>): Promise<unknown> => Promise.race([promise, Promise.resolve()])
  const wall = { nowMicros: () => 1_700_000_000_500_000 }
  const day = 86_400_000

  it.each([
    [1, 'touch k 1'],
    [1_001, 'touch k 2'],
    [30 * day, 'touch k 2592000'],
    [30 * day + 1, `touch k ${1_700_000_001 + 2_592_000}`],
  ])('memcached: a time to live of %d ms is "%s"', async (ttl, expected) => {
    expect(
      await sent(
        (call) => new MemcachedCache(call, wall),
        (cache) => first(cache.touch(KEY, ttl)),
      ),
    ).toBe(expected)
  })

  it('redis: whole milliseconds, rounded up, never zero', async () => {
    expect(
      await sent(
        (call) => new RedisCache(call),
        (cache) => first(cache.touch(KEY, 0.2)),
      ),
    ).toBe('PEXPIRE k 1')
    expect(
      await sent(
        (call) => new RedisCache(call),
        (cache) => first(cache.set(KEY, value('v'), 10.5)),
      ),
    ).toBe('SET k v PX 11')
  })

  it('redis: scores and their expiry go out together', async () => {
    const entries = [{ member: 'm', score: 0.1 }]
    expect(
      await sent(
        (call) => new RedisCache(call),
        (cache) => first(cache.sortedSet!.setScores(KEY, entries, 5)),
      ),
    ).toBe('ZADD k 0.1 m, PEXPIRE k 5')
  })

  it('redis: scores without their expiry are unknown', async () => {
    const failure = { status: 'fail', code: 'not-sent', message: '' } as const
    const call = ((fn: string) =>
      Promise.resolve(fn === 'expire' ? { status: 'fail', failure } : { status: 'ok', value: undefined })) as unknown as CacheCall
    expect(await new RedisCache(call).sortedSet.setScores(KEY, [{ member: 'm', score: 1 }], 5)).toEqual({ status: 'info', failure })
  })

  describe('an answer of another kind', () => {
    const answering = (reply: Reply): CacheCall =>
      ((_fn: string, _id: number, _command: Command, read: (reply: Reply) => unknown) => read(reply)) as unknown as CacheCall
    const OK = SimpleString.ok
    const bulk = (text: string) => Buffer.from(text)
    const values = (...names: string[]) => new MemcachedValues(names.map((name) => ({ key: bulk(name), flags: 0, value: bulk('v') })))
    const redis: readonly (readonly [string, (cache: RedisCache) => unknown, readonly Reply[]])[] = [
      ['get', (cache) => cache.get(KEY), [5, OK, [], true]],
      ['getAndTouch', (cache) => cache.getAndTouch(KEY, 5), [5, OK]],
      ['set', (cache) => cache.set(KEY, bulk('v'), 5), [5, null, bulk('OK'), new SimpleString('QUEUED'), []]],
      ['add', (cache) => cache.add(KEY, bulk('v'), 5), [5, bulk('OK'), new SimpleString('QUEUED')]],
      ['delete', (cache) => cache.delete(KEY), [OK, null, bulk('1')]],
      ['touch', (cache) => cache.touch(KEY, 5), [OK, null, bulk('1')]],
      ['incrementScore', (cache) => cache.sortedSet.incrementScore(KEY, 'm', 1), [OK, null, bulk(''), bulk('x'), []]],
      ['score', (cache) => cache.sortedSet.score(KEY, 'm'), [OK, bulk(''), []]],
      ['rank', (cache) => cache.sortedSet.rank(KEY, 'm'), [OK, bulk('1'), []]],
      ['size', (cache) => cache.sortedSet.size(KEY), [OK, null, bulk('1')]],
      ['range', (cache) => cache.sortedSet.range(KEY, 0, 1), [OK, null, 5, [bulk('m')], [5, bulk('1')], [bulk('m'), OK]]],
    ]
    it.each(redis)('of Redis to %s is an error value of the call', (_, call, replies) => {
      for (const reply of replies) expect(() => call(new RedisCache(answering(reply))), String(reply)).toThrow(UnexpectedReply)
    })

    it('of Redis to ZADD is one, too', async () => {
      await expect(new RedisCache(answering(OK)).sortedSet.setScores(KEY, [{ member: 'm', score: 1 }], 5)).rejects.toThrow(UnexpectedReply)
    })

    const memcached: readonly (readonly [string, (cache: MemcachedCache) => unknown, readonly Reply[]])[] = [
      ['get', (cache) => cache.get(KEY), [5, new SimpleString('NOT_FOUND'), values('a', 'b'), values('another'), new MemcachedValues([], 'stats')]],
      ['set', (cache) => cache.set(KEY, bulk('v'), 5), [new SimpleString('NOT_FOUND'), new SimpleString('NOT_STORED'), values()]],
      ['delete', (cache) => cache.delete(KEY), [5, new SimpleString('STORED')]],
    ]
    it.each(memcached)('of Memcached to %s is an error value of the call', (_, call, replies) => {
      for (const reply of replies) expect(() => call(new MemcachedCache(answering(reply)))).toThrow(UnexpectedReply)
    })

    it.each([
      [5, 'the server answered the integer 5 where a string or null was due'],
      [
        new SimpleString(`\u001b[31m\r${'x'.repeat(100)}`),
        `the server answered the status "?[31m?${'x'.repeat(34)}..." where a string or null was due`,
      ],
      [[1, 2], 'the server answered an array of 2 where a string or null was due'],
      [new MapReply([]), 'the server answered a map where a string or null was due'],
    ] as const)('says what came, short and printable (%#)', (reply, message) => {
      expect(new UnexpectedReply('a string or null', reply).failure).toEqual({ status: 'info', code: 'unexpected-reply', message })
    })
  })
})

describe('what an error answer says', () => {
  it.each([
    ['OOM command not allowed', 'fail'],
    ['READONLY You can not write', 'fail'],
    ['CLUSTERDOWN Hash slot not served', 'fail'],
    ['WRONGTYPE Operation against', 'fail'],
    ['LOADING Redis is loading', 'fail'],
    ['SERVER_ERROR out of memory storing object', 'fail'],
    ['SERVER_ERROR object too large for cache', 'fail'],
    ['CLIENT_ERROR bad data chunk', 'fail'],
    ['ERROR', 'fail'],
    ['SERVER_ERROR backend timed out', 'info'],
    ['IOERR error or timeout reading to target instance', 'info'],
    ['ERR user_script:1: boom script: 1234, on @user_script:1.', 'info'],
  ])('%s -> %s', (line, status) => {
    expect(refusalOf(new ReplyError(line))).toEqual({ status, code: line.split(' ')[0], message: line })
  })
})
