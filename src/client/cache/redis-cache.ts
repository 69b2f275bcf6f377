import type { Command } from '../../protocol/command.ts'
import { DoubleReply, NullArray, type Reply, SimpleString } from '../../protocol/reply.ts'
import type { Cache, CacheKey, CacheResult, RankedMember, SortedSetCache } from './cache.ts'
import type { CacheCall, CallReading } from './cache-call.ts'
import { capabilitiesOf } from './capabilities.ts'
import { UnexpectedReply } from './unexpected-reply.ts'

/** The cache vocabulary in commands of Redis 6.2 or later and Valkey. Works on RESP2 and RESP3 answers. */
export class RedisCache implements Cache {
  readonly capabilities = capabilitiesOf('redis')
  readonly #call: CacheCall
  #sortedSet: SortedSetCache | undefined

  constructor(call: CacheCall) {
    this.#call = call
  }

  get sortedSet(): SortedSetCache {
    this.#sortedSet ??= new RedisSortedSet(this.#call)
    return this.#sortedSet
  }

  get(key: CacheKey): Promise<CacheResult<Uint8Array | null>> {
    return this.#call('get', key.id, ['GET', key.name], found)
  }

  set(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<void>> {
    return this.#call('set', key.id, ['SET', key.name, value, 'PX', millis(ttlMillis)], (reply) => {
      if (!isOk(reply)) throw new UnexpectedReply('OK', reply)
      return { value: undefined, outcome: 'stored' }
    })
  }

  add(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('add', key.id, ['SET', key.name, value, 'PX', millis(ttlMillis), 'NX'], (reply) => stored(reply, 'present'))
  }

  replace(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('replace', key.id, ['SET', key.name, value, 'PX', millis(ttlMillis), 'XX'], (reply) => stored(reply, 'absent'))
  }

  delete(key: CacheKey): Promise<CacheResult<boolean>> {
    return this.#call('delete', key.id, ['DEL', key.name], (reply) => changed(reply, 'deleted'))
  }

  touch(key: CacheKey, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('touch', key.id, ['PEXPIRE', key.name, millis(ttlMillis)], (reply) => changed(reply, 'ok'))
  }

  getAndTouch(key: CacheKey, ttlMillis: number): Promise<CacheResult<Uint8Array | null>> {
    return this.#call('getAndTouch', key.id, ['GETEX', key.name, 'PX', millis(ttlMillis)], found)
  }
}

class RedisSortedSet implements SortedSetCache {
  readonly #call: CacheCall

  constructor(call: CacheCall) {
    this.#call = call
  }

  incrementScore(key: CacheKey, member: string, delta: number): Promise<CacheResult<number>> {
    return this.#call('incrementScore', key.id, ['ZINCRBY', key.name, score(delta), member], (reply) => ({ value: numberIn(reply), outcome: 'ok' }))
  }

  /** ZADD and PEXPIRE, sent together. Not atomic: when only the second fails, the whole is unknown. */
  async setScores(
    key: CacheKey,
    entries: readonly { readonly member: string; readonly score: number }[],
    ttlMillis: number,
  ): Promise<CacheResult<void>> {
    if (entries.length === 0) return { status: 'ok', value: undefined }
    const command: Command = ['ZADD', key.name, ...entries.flatMap((entry) => [score(entry.score), entry.member])]
    const [added, expiring] = await Promise.all([
      this.#call('setScores', key.id, command, (reply) => {
        integerIn(reply)
        return { value: undefined, outcome: 'stored' }
      }),
      this.expire(key, ttlMillis),
    ])
    if (added.status !== 'ok') return added
    return expiring.status === 'ok' ? added : { status: 'info', failure: expiring.failure }
  }

  score(key: CacheKey, member: string): Promise<CacheResult<number | null>> {
    return this.#call('score', key.id, ['ZSCORE', key.name, member], foundNumber)
  }

  rank(key: CacheKey, member: string): Promise<CacheResult<number | null>> {
    return this.#call('rank', key.id, ['ZREVRANK', key.name, member], (reply) =>
      isNull(reply) ? { value: null, outcome: 'miss' } : { value: integerIn(reply), outcome: 'hit' },
    )
  }

  range(key: CacheKey, first: number, last: number): Promise<CacheResult<readonly RankedMember[]>> {
    return this.#call('range', key.id, ['ZREVRANGE', key.name, String(first), String(last), 'WITHSCORES'], (reply) => {
      const members = ranked(reply)
      return { value: members, outcome: members.length > 0 ? 'hit' : 'miss' }
    })
  }

  size(key: CacheKey): Promise<CacheResult<number>> {
    return this.#call('size', key.id, ['ZCARD', key.name], (reply) => {
      const size = integerIn(reply)
      return { value: size, outcome: size > 0 ? 'hit' : 'miss' }
    })
  }

  expire(key: CacheKey, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('expire', key.id, ['PEXPIRE', key.name, millis(ttlMillis)], (reply) => changed(reply, 'ok'))
  }

  deleteAll(key: CacheKey): Promise<CacheResult<boolean>> {
    return this.#call('deleteAll', key.id, ['DEL', key.name], (reply) => changed(reply, 'deleted'))
  }
}

/** Whole milliseconds; an expiry of zero would delete. */
function millis(ttlMillis: number): string {
  return String(Math.max(1, Math.ceil(ttlMillis)))
}

/** As Redis reads it; JavaScript's shortest form is read back as the same double. */
function score(value: number): string {
  return value === Number.POSITIVE_INFINITY ? '+inf' : value === Number.NEGATIVE_INFINITY ? '-inf' : String(value)
}

function found(reply: Reply): CallReading<Uint8Array | null> {
  if (isNull(reply)) return { value: null, outcome: 'miss' }
  if (reply instanceof Uint8Array) return { value: reply, outcome: 'hit' }
  throw new UnexpectedReply('a string or null', reply)
}

function foundNumber(reply: Reply): CallReading<number | null> {
  return isNull(reply) ? { value: null, outcome: 'miss' } : { value: numberIn(reply), outcome: 'hit' }
}

/** The answer to SET NX and SET XX: OK or null. */
function stored(reply: Reply, otherwise: string): CallReading<boolean> {
  if (isNull(reply)) return { value: false, outcome: otherwise }
  if (!isOk(reply)) throw new UnexpectedReply('OK or null', reply)
  return { value: true, outcome: 'stored' }
}

/** 1 or 0. */
function changed(reply: Reply, outcome: string): CallReading<boolean> {
  const value = integerIn(reply) > 0
  return { value, outcome: value ? outcome : 'absent' }
}

function isNull(reply: Reply): boolean {
  return reply === null || reply instanceof NullArray
}

function isOk(reply: Reply): boolean {
  return reply instanceof SimpleString && reply.text === 'OK'
}

function integerIn(reply: Reply): number {
  if (typeof reply === 'number' || typeof reply === 'bigint') return Number(reply)
  throw new UnexpectedReply('an integer', reply)
}

/** A number in any of its forms: integer, bulk string (RESP2 doubles), double. */
function numberIn(reply: Reply): number {
  if (typeof reply === 'number') return reply
  if (typeof reply === 'bigint') return Number(reply)
  const text = reply instanceof DoubleReply ? reply.text : reply instanceof Uint8Array ? textOf(reply) : undefined
  const value =
    text === undefined || text.trim() === ''
      ? Number.NaN
      : text === 'inf'
        ? Number.POSITIVE_INFINITY
        : text === '-inf'
          ? Number.NEGATIVE_INFINITY
          : Number(text)
  if (Number.isNaN(value)) throw new UnexpectedReply('a number', reply)
  return value
}

/** member, score, member, score on RESP2; pairs on RESP3. */
function ranked(reply: Reply): RankedMember[] {
  if (!Array.isArray(reply)) throw new UnexpectedReply('an array', reply)
  const flat = (reply as readonly Reply[]).flatMap((item) => (Array.isArray(item) ? (item as Reply[]) : [item]))
  if (flat.length % 2 !== 0) throw new UnexpectedReply('members with their scores', reply)
  const members: RankedMember[] = []
  for (let i = 0; i < flat.length; i += 2) {
    const member = flat[i]
    if (!(member instanceof Uint8Array)) throw new UnexpectedReply('a member', member ?? null)
    members.push({ member: textOf(member), score: numberIn(flat[i + 1] ?? null) })
  }
  return members
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}
