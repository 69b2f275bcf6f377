import { describe, expect, it } from 'vitest'
import { createMemcachedEngine } from '../engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../engine/memcached/profiles.ts'
import { findRedisProfile } from '../engine/redis/profiles.ts'
import { createRedisEngine } from '../engine/redis/redis-engine.ts'
import type { Command } from '../protocol/command.ts'
import { type Reply, ReplyError } from '../protocol/reply.ts'
import { MICROSECOND, MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import type { Cache, CacheKey, CacheResult } from './cache.ts'
import type { CacheCall } from './cache-call.ts'
import { EngineHost } from './engine/engine-host.ts'
import { MemcachedCache } from './memcached-cache.ts'
import { refusalOf } from './outcome.ts'
import { RedisCache } from './redis-cache.ts'

const KEY: CacheKey = { id: 7, name: 'k' }
const value = (text: string): Buffer => Buffer.from(text)

interface Recorded {
  readonly calls: string[]
  readonly cache: Cache
  sleep(millis: number): Promise<void>
}

/** Runs a program against a cache over an embedded engine on virtual time; `calls` are lines of "fn outcome". */
async function on(family: 'redis' | 'memcached', program: (tools: Recorded) => Promise<void>, hello?: Command): Promise<void> {
  const runtime = createVirtualRuntime({ seed: 1 })
  const host = new EngineHost({
    runtime,
    network: { medianNanos: 10 * MICROSECOND, p99Nanos: 20 * MICROSECOND },
    createEngine: (options) =>
      family === 'redis' ? createRedisEngine(findRedisProfile('redis')!, options) : createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, options),
  })
  await runtime.run('test', async (task) => {
    const client = host.connect({ deadlineNanos: SECOND, connections: 1, id: 1 })
    const calls: string[] = []
    const call: CacheCall = <T>(fn: string, keyId: number, command: Command, read: (reply: Reply) => { value: T; outcome: string }) =>
      task.wait<CacheResult<T>>(fn, (settle) =>
        client.submit(command, 0, {
          reply(_token, reply) {
            if (reply instanceof ReplyError) {
              const failure = refusalOf(reply)
              settle({ status: failure.status, failure })
              return
            }
            const reading = read(reply)
            calls.push(`${fn} ${keyId} ${reading.outcome}`)
            settle({ status: 'ok', value: reading.value })
          },
          failed: (_token, failure) => settle({ status: failure.status, failure }),
        }),
      )
    if (hello) await call('hello', 0, hello, () => ({ value: undefined, outcome: 'ok' }))
    calls.length = 0
    const cache = family === 'redis' ? new RedisCache(call) : new MemcachedCache(call, runtime.wall)
    await program({ calls, cache, sleep: (millis) => task.sleep(millis * MILLISECOND) })
  })
}

const ok = <T>(result: CacheResult<T>): T => {
  if (result.status !== 'ok') throw new Error(result.failure.message)
  return result.value
}
const text = (bytes: Uint8Array | null): string | null => (bytes === null ? null : Buffer.from(bytes).toString())

describe.each(['redis', 'memcached'] as const)('cache vocabulary on %s', (family) => {
  it('reads, writes and deletes, and says what happened', () =>
    on(family, async ({ cache, calls }) => {
      expect(ok(await cache.get(KEY))).toBeNull()
      ok(await cache.set(KEY, value('one'), 60_000))
      expect(text(ok(await cache.get(KEY)))).toBe('one')
      expect(ok(await cache.add(KEY, value('two'), 60_000))).toBe(false)
      expect(ok(await cache.replace(KEY, value('three'), 60_000))).toBe(true)
      expect(text(ok(await cache.getAndTouch(KEY, 60_000)))).toBe('three')
      expect(ok(await cache.touch(KEY, 60_000))).toBe(true)
      expect(ok(await cache.delete(KEY))).toBe(true)
      expect(ok(await cache.delete(KEY))).toBe(false)
      expect(ok(await cache.touch(KEY, 60_000))).toBe(false)
      expect(ok(await cache.getAndTouch(KEY, 60_000))).toBeNull()
      expect(ok(await cache.replace(KEY, value('four'), 60_000))).toBe(false)
      expect(ok(await cache.add(KEY, value('five'), 60_000))).toBe(true)
      expect(calls).toEqual([
        'get 7 miss',
        'set 7 stored',
        'get 7 hit',
        'add 7 present',
        'replace 7 stored',
        'getAndTouch 7 hit',
        'touch 7 ok',
        'delete 7 deleted',
        'delete 7 absent',
        'touch 7 absent',
        'getAndTouch 7 miss',
        'replace 7 absent',
        'add 7 stored',
      ])
    }))

  it('lets values expire after their time to live and not before, and starts it anew on touch', () =>
    on(family, async ({ cache, sleep }) => {
      ok(await cache.set(KEY, value('v'), 3_000))
      await sleep(1_800)
      expect(text(ok(await cache.get(KEY)))).toBe('v')
      ok(await cache.touch(KEY, 3_000))
      await sleep(1_800)
      expect(text(ok(await cache.getAndTouch(KEY, 3_000)))).toBe('v')
      await sleep(1_800)
      expect(text(ok(await cache.get(KEY)))).toBe('v')
      await sleep(3_000)
      expect(ok(await cache.get(KEY))).toBeNull()
    }))

  it('keeps what is to live for longer than 30 days, and what is to live for less than a unit', () =>
    on(family, async ({ cache }) => {
      ok(await cache.set(KEY, value('long'), 40 * 86_400_000))
      expect(text(ok(await cache.get(KEY)))).toBe('long')
      ok(await cache.set(KEY, value('short'), 0.25))
      ok(await cache.set({ id: 8, name: 'second' }, value('v'), 1))
    }))

  it("hands on the server's refusal", () =>
    on(family, async ({ cache }) => {
      const result = await cache.set(KEY, Buffer.alloc(2_000_000), 1_000)
      if (family === 'redis') expect(result.status).toBe('ok')
      else expect(result).toMatchObject({ status: 'fail', failure: { code: 'SERVER_ERROR' } })
    }))
})

describe.each([2, 3])('sorted sets on RESP%d', (version) => {
  it('ranks members', () =>
    on(
      'redis',
      async ({ cache, calls, sleep }) => {
        const board = cache.sortedSet!
        ok(
          await board.setScores(
            KEY,
            [
              { member: 'a', score: 1 },
              { member: 'b', score: 2.5 },
              { member: 'c', score: 2.5 },
              { member: 'd', score: Number.POSITIVE_INFINITY },
            ],
            60_000,
          ),
        )
        expect(ok(await board.incrementScore(KEY, 'a', 0.5))).toBe(1.5)
        expect(ok(await board.score(KEY, 'b'))).toBe(2.5)
        expect(ok(await board.score(KEY, 'x'))).toBeNull()
        expect(ok(await board.rank(KEY, 'd'))).toBe(0)
        expect(ok(await board.rank(KEY, 'x'))).toBeNull()
        expect(ok(await board.range(KEY, 0, -1))).toEqual([
          { member: 'd', score: Number.POSITIVE_INFINITY },
          { member: 'c', score: 2.5 },
          { member: 'b', score: 2.5 },
          { member: 'a', score: 1.5 },
        ])
        expect(ok(await board.size(KEY))).toBe(4)
        expect(ok(await board.expire(KEY, 1_000))).toBe(true)
        await sleep(1_100)
        expect(ok(await board.size(KEY))).toBe(0)
        expect(ok(await board.range(KEY, 0, 9))).toEqual([])
        expect(ok(await board.deleteAll(KEY))).toBe(false)
        ok(await board.setScores(KEY, [], 60_000))
        expect(calls).toEqual(
          [
            'setScores 7 stored',
            'expire 7 ok',
            'incrementScore 7 ok',
            'score 7 hit',
            'score 7 miss',
            'rank 7 hit',
            'rank 7 miss',
            'range 7 hit',
          ].concat(['size 7 hit', 'expire 7 ok', 'size 7 miss', 'range 7 miss', 'deleteAll 7 absent']),
        )
        ok(await cache.set(KEY, value('text'), 60_000))
        expect(await board.score(KEY, 'a')).toMatchObject({ status: 'fail', failure: { code: 'WRONGTYPE' } })
      },
      ['HELLO', String(version)],
    ))
})

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

  it('takes an answer of another kind for what it is: a fault of ours', () => {
    const answering = (reply: Reply): CacheCall =>
      ((_fn: string, _id: number, _command: Command, read: (reply: Reply) => unknown) => read(reply)) as unknown as CacheCall
    expect(() => new RedisCache(answering(5)).get(KEY)).toThrow(TypeError)
    expect(() => new RedisCache(answering(null)).delete(KEY)).toThrow(TypeError)
    expect(() => new MemcachedCache(answering(5)).get(KEY)).toThrow(TypeError)
    expect(() => new MemcachedCache(answering(5)).delete(KEY)).toThrow(TypeError)
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
