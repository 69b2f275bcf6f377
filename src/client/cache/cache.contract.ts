import { describe, expect, test } from 'vitest'
import type { Command } from '../../protocol/command.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import { MILLISECOND, type Nanos, type Runtime } from '../../runtime/runtime.ts'
import type { Client } from '../client.ts'
import type { Cache, CacheKey, CacheResult } from './cache.ts'
import type { CacheCall, CallReading } from './cache-call.ts'
import { refusalOf } from './outcome.ts'

/** What the shared suite has to know of a cache to try it. */
export interface CacheSubject {
  readonly name: string
  /** Long enough to look twice before it is over, and how much earlier than told a server may end it. */
  readonly ttlMillis: number
  readonly earlyMillis: number
  create(call: CacheCall, runtime: Runtime): Cache
  /** A client of an empty cache of its own. */
  open(): Promise<CacheBed>
  /** Sent before anything else. */
  readonly hello?: Command
}

export interface CacheBed {
  readonly runtime: Runtime
  readonly client: Client
  close(): void | Promise<void>
}

interface Tools {
  readonly cache: Cache
  /** What was written down: "fn keyId outcome". */
  readonly calls: readonly string[]
  readonly client: Client
  readonly ttlMillis: number
  readonly earlyMillis: number
  now(): Nanos
  sleep(millis: number): Promise<void>
}

export interface CacheCase {
  readonly name: string
  run(tools: Tools): Promise<void>
}

const MINUTE = 60_000
const KEY: CacheKey = { id: 7, name: 'cp:cache-contract:k' }
const keyNamed = (name: string): CacheKey => ({ id: 8, name: `cp:cache-contract:${name}` })
const bytes = (text: string): Uint8Array => Buffer.from(text)
const text = (value: Uint8Array | null): string | null => (value === null ? null : Buffer.from(value).toString())

function ok<T>(result: CacheResult<T>): T {
  if (result.status !== 'ok') throw new Error(`${result.status} ${result.failure.code}: ${result.failure.message}`)
  return result.value
}

/** One by one, so that planted faults can be held to them. Each starts with an empty cache. */
export const CACHE_CASES: readonly CacheCase[] = [
  {
    name: 'reads, writes and deletes, and says what happened',
    async run({ cache, calls }) {
      expect(ok(await cache.get(KEY))).toBeNull()
      ok(await cache.set(KEY, bytes('one'), MINUTE))
      expect(text(ok(await cache.get(KEY)))).toBe('one')
      expect(ok(await cache.add(KEY, bytes('two'), MINUTE))).toBe(false)
      expect(text(ok(await cache.get(KEY)))).toBe('one')
      expect(ok(await cache.replace(KEY, bytes('three'), MINUTE))).toBe(true)
      expect(text(ok(await cache.getAndTouch(KEY, MINUTE)))).toBe('three')
      expect(ok(await cache.touch(KEY, MINUTE))).toBe(true)
      expect(ok(await cache.delete(KEY))).toBe(true)
      expect(ok(await cache.delete(KEY))).toBe(false)
      expect(ok(await cache.touch(KEY, MINUTE))).toBe(false)
      expect(ok(await cache.getAndTouch(KEY, MINUTE))).toBeNull()
      expect(ok(await cache.replace(KEY, bytes('four'), MINUTE))).toBe(false)
      expect(ok(await cache.add(KEY, bytes('five'), MINUTE))).toBe(true)
      expect(text(ok(await cache.get(KEY)))).toBe('five')
      expect(calls).toEqual(
        ['get miss', 'set stored', 'get hit', 'add present', 'get hit', 'replace stored', 'getAndTouch hit', 'touch ok', 'delete deleted']
          .concat(['delete absent', 'touch absent', 'getAndTouch miss', 'replace absent', 'add stored', 'get hit'])
          .map((line) => line.replace(' ', ` ${KEY.id} `)),
      )
    },
  },
  {
    name: 'gives back every byte, of none and of many, and keeps keys apart',
    async run({ cache }) {
      const values = [
        new Uint8Array(0),
        bytes('\r\nEND\r\n$5\r\n'),
        Uint8Array.from({ length: 256 }, (_, byte) => byte),
        new Uint8Array(200_000).fill(0x5c),
      ]
      for (const [index, value] of values.entries()) ok(await cache.set(keyNamed(`ключ${index}`), value, MINUTE))
      for (const [index, value] of values.entries()) {
        const got = ok(await cache.get(keyNamed(`ключ${index}`)))
        expect(got !== null && Buffer.from(got).equals(value)).toBe(true)
      }
    },
  },
  {
    name: 'lets values expire after their time to live and not before, and starts it anew on touch',
    async run({ cache, now, sleep, ttlMillis, earlyMillis }) {
      const names = ['left', 'touched', 'read', 'replaced']
      const started = new Map<string, Nanos>()
      const isInTime = (name: string) => now() - started.get(name)! < (ttlMillis - earlyMillis) * MILLISECOND
      const begin = async (name: string, act: () => Promise<CacheResult<unknown>>) => {
        started.set(name, now())
        ok(await act())
      }
      /** What finds nothing starts nothing, and is only to be excused when it came too late. */
      const beginAnew = async (name: string, act: () => Promise<CacheResult<unknown>>) => {
        const startNanos = now()
        const found = ok(await act())
        if (found !== false && found !== null) started.set(name, startNanos)
        else expect(isInTime(name), `${name} found nothing in time`).toBe(false)
      }
      const isThere = async (name: string) => text(ok(await cache.get(keyNamed(name)))) === 'v'
      // On a busy machine a look may come too late to prove anything.
      const mustBeThere = async (name: string) => {
        const found = await isThere(name)
        if (isInTime(name)) expect(found, name).toBe(true)
      }
      for (const name of names) await begin(name, () => cache.set(keyNamed(name), bytes('v'), ttlMillis))
      await sleep(0.6 * ttlMillis)
      for (const name of names) await mustBeThere(name)
      await beginAnew('touched', () => cache.touch(keyNamed('touched'), ttlMillis))
      await beginAnew('read', () => cache.getAndTouch(keyNamed('read'), ttlMillis))
      await beginAnew('replaced', () => cache.replace(keyNamed('replaced'), bytes('v'), ttlMillis))
      await sleep(0.6 * ttlMillis)
      expect(await isThere('left')).toBe(false)
      for (const name of names.slice(1)) await mustBeThere(name)
      await sleep(0.6 * ttlMillis)
      for (const name of names) expect(await isThere(name), name).toBe(false)
    },
  },
  {
    name: 'keeps what is to live for longer than 30 days, and takes what is to live for less than a unit',
    async run({ cache }) {
      ok(await cache.set(KEY, bytes('long'), 40 * 86_400_000))
      expect(text(ok(await cache.get(KEY)))).toBe('long')
      expect(ok(await cache.touch(KEY, 40 * 86_400_000))).toBe(true)
      expect(text(ok(await cache.get(KEY)))).toBe('long')
      ok(await cache.set(KEY, bytes('short'), 0.25))
      ok(await cache.set(keyNamed('second'), bytes('v'), 1))
    },
  },
  {
    name: "hands on the server's refusal, and what the client could not do",
    async run({ cache, client }) {
      if (cache.sortedSet) {
        ok(await cache.sortedSet.setScores(KEY, [{ member: 'm', score: 1 }], MINUTE))
        expect(await cache.get(KEY)).toMatchObject({ status: 'fail', failure: { code: 'WRONGTYPE' } })
        ok(await cache.set(KEY, bytes('text'), MINUTE))
        expect(await cache.sortedSet.score(KEY, 'm')).toMatchObject({ status: 'fail', failure: { code: 'WRONGTYPE' } })
      } else {
        expect(await cache.set(KEY, new Uint8Array(2_000_000), MINUTE)).toMatchObject({ status: 'fail', failure: { code: 'SERVER_ERROR' } })
      }
      await client.close()
      expect(await cache.get(KEY)).toMatchObject({ status: 'fail', failure: { code: 'not-sent' } })
    },
  },
  {
    name: 'has sorted sets where it says so, with ranks from the highest score',
    async run({ cache, calls, sleep, ttlMillis }) {
      const board = cache.sortedSet
      expect(board !== undefined).toBe(cache.capabilities.has('sorted-set'))
      if (!board) return
      const scores = { a: 1, b: 2.5, c: 2.5, d: Number.POSITIVE_INFINITY }
      ok(
        await board.setScores(
          KEY,
          Object.entries(scores).map(([member, score]) => ({ member, score })),
          MINUTE,
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
      expect(ok(await board.range(KEY, 1, 2)).map(({ member }) => member)).toEqual(['c', 'b'])
      expect(ok(await board.size(KEY))).toBe(4)
      expect(ok(await board.expire(KEY, ttlMillis))).toBe(true)
      await sleep(1.2 * ttlMillis)
      expect(ok(await board.size(KEY))).toBe(0)
      expect(ok(await board.range(KEY, 0, 9))).toEqual([])
      expect(ok(await board.expire(KEY, MINUTE))).toBe(false)
      expect(ok(await board.deleteAll(KEY))).toBe(false)
      ok(await board.setScores(KEY, [], MINUTE))
      expect(calls).toEqual(
        ['setScores stored', 'expire ok', 'incrementScore ok', 'score hit', 'score miss', 'rank hit', 'rank miss', 'range hit', 'range hit']
          .concat(['size hit', 'expire ok', 'size miss', 'range miss', 'expire absent', 'deleteAll absent'])
          .map((line) => line.replace(' ', ` ${KEY.id} `)),
      )
      await board.incrementScore(KEY, 'again', -1)
      expect(ok(await board.deleteAll(KEY))).toBe(true)
    },
  },
]

/** Runs a case of the suite; throws where the cache is not as it should be. `plant` puts a fault in between. */
export async function runCacheCase(
  subject: CacheSubject,
  one: CacheCase,
  plant: (cache: Cache, tools: Pick<Tools, 'now'>) => Cache = (cache) => cache,
) {
  const { runtime, client, close } = await subject.open()
  try {
    await runtime.run('cache contract', async (task) => {
      const calls: string[] = []
      const call: CacheCall = <T>(fn: string, keyId: number, command: Command, read: (reply: Reply) => CallReading<T>) =>
        task.wait<CacheResult<T>>(fn, (settle) =>
          client.submit(command, 0, {
            reply(_token, reply) {
              if (reply instanceof ReplyError) {
                const failure = refusalOf(reply)
                return settle({ status: failure.status, failure })
              }
              const { value, outcome } = read(reply)
              calls.push(`${fn} ${keyId} ${outcome}`)
              settle({ status: 'ok', value })
            },
            failed: (_token, failure) => settle({ status: failure.status, failure }),
          }),
        )
      if (subject.hello) await call('hello', 0, subject.hello, () => ({ value: undefined, outcome: 'ok' }))
      calls.length = 0
      const { ttlMillis, earlyMillis } = subject
      const now = () => runtime.now()
      const cache = plant(subject.create(call, runtime), { now })
      await one.run({ cache, calls, client, now, ttlMillis, earlyMillis, sleep: (millis) => task.sleep(Math.round(millis * MILLISECOND)) })
    })
  } finally {
    await close()
  }
}

/** The suite of every cache. */
export function cacheContract(subject: CacheSubject): void {
  describe(`cache contract: ${subject.name}`, () => {
    test.each(CACHE_CASES)('$name', (one) => runCacheCase(subject, one))
  })
}
