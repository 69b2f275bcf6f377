import { describe, expect, it } from 'vitest'
import { ReplyError } from '../../protocol/reply.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { EngineBench } from '../engine.contract.ts'
import { findRedisProfile } from './profiles.ts'
import { createRedisEngine } from './redis-engine.ts'

const LIMIT = 200_000
const VALUE = new Uint8Array(1000)

function bench(maxMemoryPolicy?: string) {
  const create = (options: Parameters<typeof createRedisEngine>[1]) => createRedisEngine(findRedisProfile('redis')!, options)
  return new EngineBench(create, { maxMemoryBytes: LIMIT, ...(maxMemoryPolicy ? { maxMemoryPolicy } : {}) }).connect(1)
}

function info(b: EngineBench, field: string): number {
  const reply = b.ask(1, ['INFO']) as { bytes: Uint8Array }
  return Number(new RegExp(`${field}:(\\d+)`).exec(Buffer.from(reply.bytes).toString())![1])
}

const exists = (b: EngineBench, key: string) => b.ask(1, ['EXISTS', key]) === 1

describe('maxmemory', () => {
  it('noeviction: writes that need memory are refused, others go on', () => {
    const b = bench()
    let refused: unknown
    for (let i = 0; i < 1000 && !refused; i++) {
      const reply = b.ask(1, ['SET', `k${i}`, VALUE])
      if (reply instanceof ReplyError) refused = reply
    }
    expect((refused as ReplyError).text).toBe("OOM command not allowed when used memory > 'maxmemory'.")
    expect(info(b, 'evicted_keys')).toBe(0)
    expect(b.ask(1, ['GET', 'k0'])).toEqual(VALUE)
    expect(b.ask(1, ['EXPIRE', 'k0', '10'])).toBe(1)
    expect(b.ask(1, ['DEL', 'k0', 'k1', 'k2'])).toBe(3)
    expect(b.ask(1, ['SET', 'k0', 'x'])).not.toBeInstanceOf(ReplyError)
  })

  for (const policy of ['allkeys-lru', 'allkeys-lfu', 'allkeys-random', 'volatile-lru', 'volatile-lfu', 'volatile-ttl', 'volatile-random']) {
    it(`${policy}: stays within the limit and tells replicas what went`, () => {
      const b = bench(policy)
      for (let i = 0; i < 1000; i++) {
        expect(b.ask(1, ['SET', `k${i}`, VALUE, 'EX', String(10_000 + i)])).not.toBeInstanceOf(ReplyError)
        expect(info(b, 'used_memory')).toBeLessThan(LIMIT + 2000)
      }
      const gone = b.effects.filter(({ command }) => command[0] === 'DEL').length
      expect(gone).toBeGreaterThan(500)
      expect(gone).toBe(info(b, 'evicted_keys'))
      expect(gone + (b.ask(1, ['DBSIZE']) as number)).toBe(1000)
    })
  }

  it('allkeys-lru: what is read often outlives what is not', () => {
    const b = bench('allkeys-lru')
    for (let i = 0; i < 20; i++) b.ask(1, ['SET', `hot${i}`, VALUE])
    for (let i = 0; i < 1000; i++) {
      for (let j = 0; j < 20; j++) b.ask(1, ['GET', `hot${j}`])
      b.ask(1, ['SET', `cold${i}`, VALUE])
      b.pass(SECOND)
    }
    const left = Array.from({ length: 20 }, (_, i) => exists(b, `hot${i}`)).filter(Boolean).length
    expect(left).toBeGreaterThanOrEqual(18)
  })

  it('allkeys-lfu: what was read often outlives what is merely newer, also where it is written over', () => {
    const survivorsOf = (policy: string) => {
      const b = bench(policy)
      for (let i = 0; i < 20; i++) b.ask(1, ['SET', `hot${i}`, VALUE])
      for (let j = 0; j < 100; j++) for (let i = 0; i < 20; i++) b.ask(1, i % 2 === 0 ? ['GET', `hot${i}`] : ['SET', `hot${i}`, VALUE])
      for (let i = 0; i < 1000; i++) {
        b.ask(1, ['SET', `cold${i}`, VALUE])
        b.pass(SECOND / 100)
      }
      return Array.from({ length: 20 }, (_, i) => exists(b, `hot${i}`)).filter(Boolean).length
    }
    expect(survivorsOf('allkeys-lfu')).toBe(20)
    expect(survivorsOf('allkeys-lru')).toBeLessThan(5)
  })

  it('allkeys-lfu: a key keeps its count under another name, and a minute without a use takes one off', () => {
    const b = bench('allkeys-lfu')
    const frequency = (key: string) => b.ask(1, ['OBJECT', 'FREQ', key])
    b.ask(1, ['SET', 'k', 'v'])
    expect(frequency('k')).toBe(5)
    // The first use of a new key always counts, and looking at the count is none.
    b.ask(1, ['GET', 'k'])
    expect([frequency('k'), frequency('k')]).toEqual([6, 6])
    for (let i = 0; i < 2000; i++) b.ask(1, ['GET', 'k'])
    const high = frequency('k') as number
    expect(high).toBeGreaterThan(15)
    expect(high).toBeLessThan(40)
    b.ask(1, ['SET', 'other', 'v'])
    b.ask(1, ['RENAME', 'k', 'other'])
    expect(frequency('other')).toBeGreaterThanOrEqual(high)
    const renamed = frequency('other') as number
    b.pass(3 * 60 * SECOND)
    expect(frequency('other')).toBe(renamed - 3)
    b.pass(1000 * 60 * SECOND)
    expect(frequency('other')).toBe(0)
    b.ask(1, ['CONFIG', 'SET', 'lfu-decay-time', '0'])
    b.ask(1, ['GET', 'other'])
    b.pass(1000 * 60 * SECOND)
    expect(frequency('other')).toBeGreaterThan(0)
  })

  it('OBJECT tells how long a key has been idle or how often it was used, by the policy', () => {
    const texts = (b: EngineBench) =>
      [['IDLETIME'], ['FREQ']].map(([what]) => (b.ask(1, ['OBJECT', what!, 'k']) as { text?: string })?.text ?? 'a number')
    const lru = bench('allkeys-lru')
    lru.ask(1, ['SET', 'k', 'v'])
    expect(texts(lru)).toEqual(['a number', expect.stringMatching(/^ERR An LFU maxmemory policy is not selected, access frequency not tracked/)])
    const lfu = bench('volatile-lfu')
    lfu.ask(1, ['SET', 'k', 'v'])
    expect(texts(lfu)).toEqual([expect.stringMatching(/^ERR An LFU maxmemory policy is selected, idle time not tracked/), 'a number'])
  })

  it('volatile-lru: keys without an expiry stay, and writes are refused when only they are left', () => {
    const b = bench('volatile-lru')
    for (let i = 0; i < 100; i++) b.ask(1, ['SET', `stay${i}`, VALUE])
    for (let i = 0; i < 300; i++) b.ask(1, ['SET', `go${i}`, VALUE, 'EX', '10000'])
    for (let i = 0; i < 100; i++) expect(exists(b, `stay${i}`)).toBe(true)
    let refused = false
    for (let i = 0; i < 300 && !refused; i++) refused = b.ask(1, ['SET', `more${i}`, VALUE]) instanceof ReplyError
    expect(refused).toBe(true)
  })

  it('volatile-ttl: what expires first goes first', () => {
    const b = bench('volatile-ttl')
    for (let i = 0; i < 100; i++) b.ask(1, ['SET', `soon${i}`, VALUE, 'EX', '100'])
    for (let i = 0; i < 100; i++) b.ask(1, ['SET', `late${i}`, VALUE, 'EX', '100000'])
    const left = (name: string) => Array.from({ length: 100 }, (_, i) => exists(b, `${name}${i}`)).filter(Boolean).length
    expect(left('late')).toBeGreaterThan(left('soon') + 20)
  })

  it('a limit set later counts at once', () => {
    const b = new EngineBench((options) => createRedisEngine(findRedisProfile('valkey')!, options)).connect(1)
    for (let i = 0; i < 300; i++) b.ask(1, ['SET', `k${i}`, VALUE])
    b.ask(1, ['CONFIG', 'SET', 'maxmemory', '100kb', 'maxmemory-policy', 'allkeys-lru'])
    b.ask(1, ['GET', 'k0'])
    expect(info(b, 'used_memory')).toBeLessThanOrEqual(102_400)
  })

  it('memory is given back whatever the type', () => {
    const b = bench()
    b.ask(1, ['HSET', 'h', 'f', VALUE, 'g', 'x'])
    b.ask(1, ['ZADD', 'z', '1', 'a', '2', 'b'])
    b.ask(1, ['APPEND', 's', 'x'])
    b.ask(1, ['APPEND', 's', VALUE])
    expect(info(b, 'used_memory')).toBeGreaterThan(2000)
    b.ask(1, ['HDEL', 'h', 'f', 'g'])
    b.ask(1, ['ZPOPMIN', 'z', '5'])
    b.ask(1, ['RENAME', 's', 't'])
    b.ask(1, ['DEL', 't'])
    expect(info(b, 'used_memory')).toBe(0)
  })
})

/** As seen on redis-server 7.0.15 and valkey-server 8.0.1; test/differential-redis.test.ts compares what one session can do. */
describe('transactions when memory is full', () => {
  const OOM = "OOM command not allowed when used memory > 'maxmemory'."
  const SPOILED = 'EXECABORT Transaction discarded because of previous errors.'

  function full(engine: 'redis' | 'valkey', version?: string) {
    const b = new EngineBench((options) => createRedisEngine(findRedisProfile(engine, version)!, options)).connect(1, 2)
    b.ask(1, ['SET', 'k', 'v'])
    const limit = (bytes: string) => b.ask(2, ['CONFIG', 'SET', 'maxmemory', bytes])
    const texts = (...commands: string[][]) => commands.map((command) => shown(b.ask(1, command)))
    return { b, limit, texts }
  }

  const shown = (reply: unknown): unknown =>
    reply instanceof Uint8Array
      ? Buffer.from(reply).toString()
      : Array.isArray(reply)
        ? reply.map(shown)
        : ((reply as { text?: string })?.text ?? reply)

  it('a command that may use memory is refused as it is queued', () => {
    for (const engine of ['redis', 'valkey'] as const) {
      const { limit, texts } = full(engine)
      limit('1')
      expect(texts(['MULTI'], ['SET', 'k', 'w'], ['EXEC'], ['GET', 'k'])).toEqual(['OK', OOM, SPOILED, 'v'])
    }
  })

  it('one that uses none is queued, and until Redis 7.2 refused', () => {
    const commands = [['MULTI'], ['GET', 'k'], ['EXEC'], ['MULTI'], ['DISCARD']]
    for (const [engine, version] of [
      ['redis', '7.0'],
      ['redis', '7.2'],
    ] as const) {
      const { limit, texts } = full(engine, version)
      limit('1')
      expect(texts(...commands)).toEqual(['OK', OOM, SPOILED, 'OK', 'OK'])
    }
    for (const [engine, version] of [
      ['redis', '8.0'],
      ['valkey', '8.0'],
    ] as const) {
      const { limit, texts } = full(engine, version)
      limit('1')
      expect(texts(...commands)).toEqual(['OK', 'QUEUED', ['v'], 'OK', 'OK'])
    }
  })

  it('EXEC is refused when memory has run out since, unless what was queued uses none', () => {
    const { b, limit, texts } = full('redis')
    texts(['WATCH', 'k'], ['MULTI'], ['SET', 'k', 'w'], ['GET', 'k'])
    limit('1')
    expect(texts(['EXEC'])).toEqual([`EXECABORT Transaction discarded because of: ${OOM}`])
    limit('0')
    // The transaction and what it watched are over.
    b.ask(2, ['SET', 'k', 'w'])
    expect(texts(['DISCARD'], ['MULTI'], ['GET', 'k'])).toEqual(['ERR DISCARD without MULTI', 'OK', 'QUEUED'])
    limit('1')
    expect(texts(['EXEC'])).toEqual([['w']])
  })

  it('what EXEC runs is not judged again', () => {
    const { texts } = full('redis')
    expect(texts(['MULTI'], ['CONFIG', 'SET', 'maxmemory', '1'], ['SET', 'k', 'w'], ['EXEC'], ['GET', 'k'])).toEqual([
      'OK',
      'QUEUED',
      'QUEUED',
      ['OK', 'OK'],
      'w',
    ])
  })
})
