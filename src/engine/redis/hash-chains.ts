import { type EntrySegment, SEGMENT_BITS, SEGMENT_MASK } from './entry-segment.ts'
import type { Entry } from './keyspace.ts'

const MIN_BUCKETS = 16
/** Buckets moved to the new table with every insert or remove while it grows. */
const REHASH_STEP = 4

/**
 * Buckets of entries with equal low bits of their hash, chained through the segments' `next` column. A table that has
 * become too small or too large is left a few buckets at a time, so that no single command pays for it.
 */
export class HashChains {
  readonly #segments: readonly EntrySegment[]
  #buckets: Int32Array = new Int32Array(MIN_BUCKETS).fill(-1)
  /** The table being left while a new one is filled; buckets below `#moved` are empty. */
  #oldBuckets: Int32Array | undefined
  #moved = 0

  /** `segments` belong to the keyspace, which adds and drops them. */
  constructor(segments: readonly EntrySegment[]) {
    this.#segments = segments
  }

  /** The first entry that may have this hash, or -1. */
  head(hash: number): Entry {
    const old = this.#oldBuckets
    if (old) {
      const slot = hash & (old.length - 1)
      if (slot >= this.#moved) return old[slot]!
    }
    return this.#buckets[hash & (this.#buckets.length - 1)]!
  }

  link(entry: Entry, hash: number): void {
    const segment = this.#segments[entry >> SEGMENT_BITS]!
    const old = this.#oldBuckets
    let table: Int32Array = this.#buckets
    if (old && (hash & (old.length - 1)) >= this.#moved) table = old
    const slot = hash & (table.length - 1)
    segment.next[entry & SEGMENT_MASK] = table[slot]!
    table[slot] = entry
  }

  unlink(entry: Entry, hash: number): void {
    const old = this.#oldBuckets
    let table: Int32Array = this.#buckets
    if (old && (hash & (old.length - 1)) >= this.#moved) table = old
    const slot = hash & (table.length - 1)
    const next = this.#segments[entry >> SEGMENT_BITS]!.next[entry & SEGMENT_MASK]!
    let at = table[slot]!
    if (at === entry) {
      table[slot] = next
      return
    }
    for (;;) {
      const column = this.#segments[at >> SEGMENT_BITS]!.next
      const following = column[at & SEGMENT_MASK]!
      if (following === entry) {
        column[at & SEGMENT_MASK] = next
        return
      }
      at = following
    }
  }

  /** To be called before one more is linked to `size` entries. */
  beforeInsert(size: number): void {
    if (this.#oldBuckets) this.#rehash(this.#oldBuckets)
    else if (size >= this.#buckets.length) this.#resize(this.#buckets.length * 2)
  }

  /** To be called before one is unlinked. */
  beforeRemove(): void {
    if (this.#oldBuckets) this.#rehash(this.#oldBuckets)
  }

  /** To be called when one has been unlinked and `size` are left. */
  afterRemove(size: number): void {
    if (!this.#oldBuckets && this.#buckets.length > MIN_BUCKETS && size < this.#buckets.length >> 3) this.#resize(this.#buckets.length >> 1)
  }

  clear(): void {
    this.#buckets = new Int32Array(MIN_BUCKETS).fill(-1)
    this.#oldBuckets = undefined
  }

  #resize(buckets: number): void {
    const old = this.#buckets
    this.#oldBuckets = old
    this.#moved = 0
    this.#buckets = new Int32Array(buckets).fill(-1)
    this.#rehash(old)
  }

  #rehash(old: Int32Array): void {
    const mask = this.#buckets.length - 1
    for (let i = 0; i < REHASH_STEP && this.#moved < old.length; i++) {
      let entry = old[this.#moved++]!
      while (entry >= 0) {
        const segment = this.#segments[entry >> SEGMENT_BITS]!
        const at = entry & SEGMENT_MASK
        const following = segment.next[at]!
        const slot = segment.hash[at]! & mask
        segment.next[at] = this.#buckets[slot]!
        this.#buckets[slot] = entry
        entry = following
      }
    }
    if (this.#moved === old.length) this.#oldBuckets = undefined
  }
}
