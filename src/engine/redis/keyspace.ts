import type { Word } from '../../protocol/command.ts'

/**
 * One database's keys: what the commands, expiry, eviction and persistence stand on. Held to
 * `keyspace.contract.ts`; measured by `bench/keyspace.bench.ts`.
 *
 * An `Entry` number is valid until the next insert or remove.
 */
export interface Keyspace {
  readonly size: number
  /** The entry of a key, or -1. */
  find(key: Word): Entry
  /** Adds a key that `find` has just not found; no expiry. */
  insert(key: Word, value: unknown): Entry
  remove(entry: Entry): void
  clear(): void
  keyAt(entry: Entry): string
  valueAt(entry: Entry): unknown
  /** Puts another value in place; a running snapshot sees the old one first. */
  replace(entry: Entry, value: unknown): void
  /** To be called before a value is changed in place, for a running snapshot. */
  beforeChange(entry: Entry): void
  /** Milliseconds of wall time; `NEVER` without one. */
  expiryAt(entry: Entry): number
  setExpiry(entry: Entry, when: number): void
  /** How many keys have an expiry. */
  readonly volatileCount: number
  /** The entry that expires first, or -1. */
  firstToExpire(): Entry
  /** Uniform choice: `draw` is in [0, 1). -1 when there is none. */
  sample(draw: number): Entry
  sampleVolatile(draw: number): Entry
  /** Last access, in a unit of the caller's choice (32 bit). */
  clockAt(entry: Entry): number
  setClock(entry: Entry, clock: number): void
  /**
   * Visits at least `count` entries from `cursor` on (0 = from the start) and returns the next cursor, 0 at the
   * end. A key present from the first call to the last is visited at least once, whatever else comes and goes.
   */
  scan(cursor: number, count: number, visit: (entry: Entry) => void): number
  /**
   * Every key as it is now, exactly once, while writes go on: entries about to change are visited just before.
   * One at a time.
   */
  snapshot(visit: (key: string, value: unknown, expiry: number) => void): KeyspaceSnapshot
  /** Bytes accounted: keys, the table, and what `setSize` says of values. */
  readonly usedBytes: number
  sizeAt(entry: Entry): number
  setSize(entry: Entry, valueBytes: number): void
}

export type Entry = number
export const NEVER = Number.POSITIVE_INFINITY

export interface KeyspaceSnapshot {
  /** Visits up to `count` more; true when everything has been visited. */
  step(count: number): boolean
  cancel(): void
}

/** What one key costs apart from its own bytes and its value: the columns below, a bucket, a string header. */
export const ENTRY_BYTES = 72
