import type { Cache, CacheFunction, CacheKey } from '../../client/cache/cache.ts'
import type { CacheCall } from '../../client/cache/cache-call.ts'
import { MemcachedCache } from '../../client/cache/memcached-cache.ts'
import { RedisCache } from '../../client/cache/redis-cache.ts'
import type { Command } from '../../protocol/command.ts'

/** What a call is tried with. */
interface Sample {
  readonly cache: Cache
  readonly key: CacheKey
  /** Of a key of another type than `key`. */
  readonly board: CacheKey
  readonly value: Uint8Array
}

/** Long enough to be removed by name; what that misses is gone soon after. */
const TTL_MILLIS = 10_000

/** Each call of the vocabulary once. What only reads comes first, so that a large value is never read back. */
const SAMPLES: Readonly<Record<CacheFunction, (sample: Sample) => unknown>> = {
  get: ({ cache, key }) => cache.get(key),
  score: ({ cache, board }) => cache.sortedSet?.score(board, 'member'),
  rank: ({ cache, board }) => cache.sortedSet?.rank(board, 'member'),
  range: ({ cache, board }) => cache.sortedSet?.range(board, 0, 0),
  size: ({ cache, board }) => cache.sortedSet?.size(board),
  getAndTouch: ({ cache, key }) => cache.getAndTouch(key, TTL_MILLIS),
  touch: ({ cache, key }) => cache.touch(key, TTL_MILLIS),
  set: ({ cache, key, value }) => cache.set(key, value, TTL_MILLIS),
  add: ({ cache, key, value }) => cache.add(key, value, TTL_MILLIS),
  replace: ({ cache, key, value }) => cache.replace(key, value, TTL_MILLIS),
  incrementScore: ({ cache, board }) => cache.sortedSet?.incrementScore(board, 'member', 1),
  setScores: ({ cache, board }) => cache.sortedSet?.setScores(board, [{ member: 'member', score: 1 }], TTL_MILLIS),
  expire: ({ cache, board }) => cache.sortedSet?.expire(board, TTL_MILLIS),
  deleteAll: ({ cache, board }) => cache.sortedSet?.deleteAll(board),
  delete: ({ cache, key }) => cache.delete(key),
}

export interface CallCommandsOptions {
  /** Every key begins with it. */
  readonly prefix: string
  /** Size of what is stored. */
  readonly valueBytes: number
}

/** The commands that these calls send to an engine of the family, each call once, on keys of their own. */
export function callCommands(family: 'redis' | 'memcached', calls: readonly CacheFunction[], options: CallCommandsOptions): readonly Command[] {
  const commands: Command[] = []
  const writeDown: CacheCall = async (_fn, _keyId, command) => {
    commands.push(command)
    return { status: 'fail', failure: { status: 'fail', code: 'not-sent', message: 'only written down' } }
  }
  const { prefix, valueBytes } = options
  const sample: Sample = {
    cache: family === 'redis' ? new RedisCache(writeDown) : new MemcachedCache(writeDown),
    key: { id: 0, name: `${prefix}value` },
    board: { id: 1, name: `${prefix}board` },
    value: Buffer.alloc(valueBytes, '.'),
  }
  for (const [name, send] of Object.entries(SAMPLES)) if (calls.includes(name as CacheFunction)) void send(sample)
  return commands
}
