import { MemcachedValues, type Reply, SimpleString } from '../../protocol/reply.ts'
import type { WallClock } from '../../runtime/runtime.ts'
import type { Cache, CacheKey, CacheResult } from './cache.ts'
import type { CacheCall, CallReading } from './cache-call.ts'
import { capabilitiesOf } from './capabilities.ts'
import { UnexpectedReply } from './unexpected-reply.ts'

/** Above this, memcached takes an expiry for a time of day (`REALTIME_MAXDELTA`). */
const LONGEST_RELATIVE_SECONDS = 60 * 60 * 24 * 30

/**
 * The cache vocabulary in memcached's text protocol. Times to live are whole seconds there and are rounded up; one
 * of more than 30 days is sent as a time of day, which is what `wall` is for. There are no sorted sets.
 */
export class MemcachedCache implements Cache {
  readonly capabilities = capabilitiesOf('memcached')
  readonly sortedSet = undefined
  readonly #call: CacheCall
  readonly #wall: WallClock

  constructor(call: CacheCall, wall: WallClock = { nowMicros: () => Date.now() * 1_000 }) {
    this.#call = call
    this.#wall = wall
  }

  get(key: CacheKey): Promise<CacheResult<Uint8Array | null>> {
    return this.#call('get', key.id, ['get', key.name], (reply) => found(reply, key))
  }

  set(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<void>> {
    return this.#call('set', key.id, ['set', key.name, '0', this.#expiry(ttlMillis), value], (reply) => {
      word(reply, 'STORED', 'STORED')
      return { value: undefined, outcome: 'stored' }
    })
  }

  add(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('add', key.id, ['add', key.name, '0', this.#expiry(ttlMillis), value], (reply) =>
      word(reply, 'STORED', 'NOT_STORED') ? STORED : { value: false, outcome: 'present' },
    )
  }

  replace(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('replace', key.id, ['replace', key.name, '0', this.#expiry(ttlMillis), value], (reply) =>
      word(reply, 'STORED', 'NOT_STORED') ? STORED : ABSENT,
    )
  }

  delete(key: CacheKey): Promise<CacheResult<boolean>> {
    return this.#call('delete', key.id, ['delete', key.name], (reply) =>
      word(reply, 'DELETED', 'NOT_FOUND') ? { value: true, outcome: 'deleted' } : ABSENT,
    )
  }

  touch(key: CacheKey, ttlMillis: number): Promise<CacheResult<boolean>> {
    return this.#call('touch', key.id, ['touch', key.name, this.#expiry(ttlMillis)], (reply) =>
      word(reply, 'TOUCHED', 'NOT_FOUND') ? { value: true, outcome: 'ok' } : ABSENT,
    )
  }

  getAndTouch(key: CacheKey, ttlMillis: number): Promise<CacheResult<Uint8Array | null>> {
    return this.#call('getAndTouch', key.id, ['gat', this.#expiry(ttlMillis), key.name], (reply) => found(reply, key))
  }

  /** Zero would mean for ever. */
  #expiry(ttlMillis: number): string {
    const seconds = Math.max(1, Math.ceil(ttlMillis / 1_000))
    if (seconds <= LONGEST_RELATIVE_SECONDS) return String(seconds)
    return String(Math.ceil((this.#wall.nowMicros() / 1_000 + ttlMillis) / 1_000))
  }
}

const STORED: CallReading<boolean> = { value: true, outcome: 'stored' }
const ABSENT: CallReading<boolean> = { value: false, outcome: 'absent' }

/** An answer says whose value it is: with another's, it is the answer to somebody else's question. */
function found(reply: Reply, { name }: CacheKey): CallReading<Uint8Array | null> {
  if (!(reply instanceof MemcachedValues) || reply.kind !== 'values' || reply.items.length > 1) throw new UnexpectedReply('one value or none', reply)
  const item = reply.items[0]
  if (item && !isNamed(item.key, name)) throw new UnexpectedReply('the value of the key asked for', reply)
  return item ? { value: item.value, outcome: 'hit' } : { value: null, outcome: 'miss' }
}

function isNamed(key: Uint8Array, name: string): boolean {
  return Buffer.from(key.buffer, key.byteOffset, key.length).equals(Buffer.from(name))
}

/** True for the one word, false for the other. */
function word(reply: Reply, yes: string, no: string): boolean {
  if (reply instanceof SimpleString && (reply.text === yes || reply.text === no)) return reply.text === yes
  throw new UnexpectedReply(yes === no ? yes : `${yes} or ${no}`, reply)
}
