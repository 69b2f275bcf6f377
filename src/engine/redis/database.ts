import type { Word } from '../../protocol/command.ts'
import type { AccessFrequency } from './access-frequency.ts'
import { WRONG_TYPE } from './error-texts.ts'
import type { Entry, Keyspace } from './keyspace.ts'
import { NEVER } from './keyspace.ts'
import { HashValue } from './values/hash-value.ts'
import { SortedSet } from './values/sorted-set.ts'
import type { StringValue } from './values/string-value.ts'
import { isString } from './values/string-value.ts'
import { bytesOfLatin1 } from './words.ts'

/** Bytes of a value object beside its contents. */
const VALUE_BYTES = 56

/** What all databases share of the running command: its time, and the count of lookups. Set by the engine. */
export interface CommandClock {
  /** Wall time, frozen for the length of a command. */
  nowMillis: number
  /** For LRU: milliseconds since the engine began, 32 bit. */
  access: number
  /** For LFU. */
  readonly frequency: AccessFrequency
  /** The command only reads: its lookups count as hits and misses. */
  reading: boolean
  hits: number
  misses: number
}

/** What a database tells the engine. */
export interface DatabaseEvents {
  /** A key's time was over and it has been deleted. */
  expired(database: number, key: string): void
  /** A key was written, created or deleted (WATCH, tracking, keyspace events hang here). */
  changed(database: number, key: string): void
}

/**
 * One numbered database: a keyspace with Redis' rules of expiry. A key whose time is over is gone for every
 * command, and is deleted when one comes across it (or by the engine's expiry cycle).
 */
export class Database {
  readonly index: number
  readonly keyspace: Keyspace
  readonly #events: DatabaseEvents
  readonly clock: CommandClock

  constructor(index: number, keyspace: Keyspace, clock: CommandClock, events: DatabaseEvents) {
    this.index = index
    this.keyspace = keyspace
    this.clock = clock
    this.#events = events
  }

  /** The entry of a living key, or -1. Counts as no access. */
  find(key: Word): Entry {
    let entry = this.keyspace.find(key)
    if (entry >= 0 && this.keyspace.volatileCount > 0 && this.isOver(entry)) entry = this.#expire(entry)
    if (this.clock.reading) {
      if (entry < 0) this.clock.misses++
      else this.clock.hits++
    }
    return entry
  }

  /** keyIsExpired in db.c: a key lives through the millisecond of its expiry. */
  isOver(entry: Entry): boolean {
    return this.clock.nowMillis > this.keyspace.expiryAt(entry)
  }

  /** The value of a living key; counts as an access. */
  get(key: Word): unknown {
    const entry = this.find(key)
    if (entry < 0) return undefined
    this.touch(entry)
    return this.keyspace.valueAt(entry)
  }

  /** Counts as an access, in what the eviction policy goes by. */
  touch(entry: Entry): void {
    const { access, frequency } = this.clock
    this.keyspace.setClock(entry, frequency.isKept ? frequency.afterUse(this.keyspace.clockAt(entry)) : access)
  }

  string(key: Word): StringValue | undefined {
    const value = this.get(key)
    if (value === undefined || isString(value)) return value
    throw WRONG_TYPE
  }

  hash(key: Word): HashValue | undefined {
    const value = this.get(key)
    if (value === undefined || value instanceof HashValue) return value
    throw WRONG_TYPE
  }

  sortedSet(key: Word): SortedSet | undefined {
    const value = this.get(key)
    if (value === undefined || value instanceof SortedSet) return value
    throw WRONG_TYPE
  }

  /** To be called before the value of an existing key is changed in place. */
  beforeChange(key: Word): void {
    const entry = this.keyspace.find(key)
    if (entry >= 0) this.keyspace.beforeChange(entry)
  }

  /** To be called after a value was changed in place; deletes the key when its collection has become empty. */
  afterChange(key: Word): void {
    const entry = this.keyspace.find(key)
    if (entry < 0) return
    const value = this.keyspace.valueAt(entry)
    const text = this.keyspace.keyAt(entry)
    if ((value instanceof HashValue || value instanceof SortedSet) && value.size === 0) this.keyspace.remove(entry)
    else this.keyspace.setSize(entry, sizeOf(value))
    this.#events.changed(this.index, text)
  }

  /** Stores under a key whatever was there; the expiry is dropped unless it is to be kept. */
  set(key: Word, value: unknown, keepExpiry = false): Entry {
    let entry = this.find(key)
    if (entry < 0) {
      entry = this.keyspace.insert(key, value)
      this.keyspace.setClock(entry, this.clock.frequency.isKept ? this.clock.frequency.first() : this.clock.access)
    } else {
      // Written over it keeps how often it was used (dbSetValue in db.c), and this is one use more.
      this.touch(entry)
      this.keyspace.replace(entry, value)
      if (!keepExpiry) this.keyspace.setExpiry(entry, NEVER)
    }
    this.keyspace.setSize(entry, sizeOf(value))
    this.#events.changed(this.index, this.keyspace.keyAt(entry))
    return entry
  }

  /** True when there was a living key. */
  remove(key: Word): boolean {
    const entry = this.find(key)
    if (entry < 0) return false
    this.removeEntry(entry)
    return true
  }

  removeEntry(entry: Entry): void {
    const text = this.keyspace.keyAt(entry)
    this.keyspace.remove(entry)
    this.#events.changed(this.index, text)
  }

  setExpiry(entry: Entry, when: number): void {
    this.keyspace.setExpiry(entry, when)
    this.#events.changed(this.index, this.keyspace.keyAt(entry))
  }

  /** Deletes up to `limit` keys whose time is over, the earliest first; false when some are left. */
  expireDue(limit: number): boolean {
    for (let i = 0; i < limit; i++) {
      const entry = this.keyspace.firstToExpire()
      if (entry < 0 || !this.isOver(entry)) return true
      this.#expire(entry)
    }
    const entry = this.keyspace.firstToExpire()
    return entry < 0 || !this.isOver(entry)
  }

  clear(): void {
    const watched = this.keyspace.size > 0
    if (!watched) return
    this.keyspace.scan(0, this.keyspace.size, (entry) => this.#events.changed(this.index, this.keyspace.keyAt(entry)))
    this.keyspace.clear()
  }

  #expire(entry: Entry): -1 {
    const text = this.keyspace.keyAt(entry)
    this.keyspace.remove(entry)
    this.#events.expired(this.index, text)
    this.#events.changed(this.index, text)
    return -1
  }
}

/** An estimate: contents plus fixed costs; what the limit of memory counts and MEMORY USAGE shows. */
export function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return VALUE_BYTES + value.length
  if (value instanceof HashValue || value instanceof SortedSet) return VALUE_BYTES + value.bytes
  return isString(value) ? VALUE_BYTES + value.length : VALUE_BYTES
}

export function typeNameOf(value: unknown): 'string' | 'hash' | 'zset' {
  return value instanceof HashValue ? 'hash' : value instanceof SortedSet ? 'zset' : 'string'
}

/** A latin1 key as a word for effects and replies. */
export const wordOfKey = bytesOfLatin1
