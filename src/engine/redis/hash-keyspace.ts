import type { Word } from '../../protocol/command.ts'
import { EntrySegment, SEGMENT_BITS, SEGMENT_MASK } from './entry-segment.ts'
import { ExpiryHeap } from './expiry-heap.ts'
import { hashBytes, hashText } from './key-hash.ts'
import type { Entry, Keyspace, KeyspaceSnapshot } from './keyspace.ts'
import { ENTRY_BYTES, NEVER } from './keyspace.ts'
import { isAscii, latin1Of } from './words.ts'

// Of our own, they are folded into the code; an imported constant is read from its module at each use.
const BITS = SEGMENT_BITS
const MASK = SEGMENT_MASK
const MIN_BUCKETS = 16
/** Buckets moved to the new table with every insert or remove while it grows. */
const REHASH_STEP = 4

/**
 * A chained hash table over dense entries. Entries are numbered without gaps: the last one moves into the place
 * of a removed one. That makes sampling uniform and O(1), and a scan that walks the numbers *downward* complete:
 * an entry only ever moves to a lower number, so one not yet visited stays ahead of the cursor.
 *
 * Buckets stay in here: a class of their own costs GET and SET 2 % and SET EX 4 % (commands as in
 * bench/engine.bench.ts, both versions interleaved in one process: two processes differ by 9 % with the same code).
 */
export class HashKeyspace implements Keyspace {
  readonly #segments: EntrySegment[] = []
  readonly #expiries = new ExpiryHeap(this.#segments)
  #size = 0
  #buckets: Int32Array = new Int32Array(MIN_BUCKETS).fill(-1)
  /** The table being left while a new one is filled; buckets below `#moved` are empty. */
  #oldBuckets: Int32Array | undefined
  #moved = 0
  readonly #seed: number
  #used = 0
  #epoch = 1
  #snapshot: { visit: (key: string, value: unknown, expiry: number) => void; left: number } | undefined

  constructor(seed = 0x5bd1e995) {
    this.#seed = seed | 0
  }

  get size(): number {
    return this.#size
  }

  get volatileCount(): number {
    return this.#expiries.size
  }

  get usedBytes(): number {
    return this.#used
  }

  find(key: Word): Entry {
    if (typeof key === 'string') {
      if (!isAscii(key)) return this.find(Buffer.from(key, 'utf8'))
      const hash = hashText(key, this.#seed)
      let entry = this.#bucketHead(hash)
      while (entry >= 0) {
        const segment = this.#segments[entry >> BITS]!
        const at = entry & MASK
        if (segment.hash[at] === hash && segment.keys[at] === key) return entry
        entry = segment.next[at]!
      }
      return -1
    }
    const hash = hashBytes(key, this.#seed)
    let entry = this.#bucketHead(hash)
    while (entry >= 0) {
      const segment = this.#segments[entry >> BITS]!
      const at = entry & MASK
      if (segment.hash[at] === hash && sameKey(segment.keys[at]!, key)) return entry
      entry = segment.next[at]!
    }
    return -1
  }

  insert(key: Word, value: unknown): Entry {
    const text = latin1Of(key)
    const hash = hashText(text, this.#seed)
    if (this.#oldBuckets) this.#rehash(REHASH_STEP)
    else if (this.#size >= this.#buckets.length) this.#resize(this.#buckets.length * 2)
    const entry = this.#size++
    let segment = this.#segments[entry >> BITS]
    if (!segment) {
      segment = new EntrySegment()
      this.#segments.push(segment)
    }
    const at = entry & MASK
    segment.keys[at] = text
    segment.values[at] = value
    segment.hash[at] = hash
    segment.clock[at] = 0
    segment.epoch[at] = this.#epoch
    segment.size[at] = 0
    this.#link(entry, hash)
    this.#used += ENTRY_BYTES + text.length
    return entry
  }

  remove(entry: Entry): void {
    this.beforeChange(entry)
    if (this.#oldBuckets) this.#rehash(REHASH_STEP)
    const segment = this.#segments[entry >> BITS]!
    const at = entry & MASK
    const when = this.expiryAt(entry)
    if (when !== NEVER) this.#expiries.change(entry, when, NEVER)
    this.#used -= ENTRY_BYTES + segment.keys[at]!.length + segment.size[at]!
    this.#unlink(entry, segment.hash[at]!)
    const last = this.#size - 1
    const lastSegment = this.#segments[last >> BITS]!
    const lastAt = last & MASK
    if (entry !== last) {
      const hash = lastSegment.hash[lastAt]!
      this.#unlink(last, hash)
      segment.keys[at] = lastSegment.keys[lastAt]!
      segment.values[at] = lastSegment.values[lastAt]
      segment.hash[at] = hash
      segment.clock[at] = lastSegment.clock[lastAt]!
      // A running snapshot walks downward too; what moves to a lower number is still ahead of it unless visited.
      segment.epoch[at] = lastSegment.epoch[lastAt]!
      segment.size[at] = lastSegment.size[lastAt]!
      this.#link(entry, hash)
      if (lastSegment.expiry !== undefined) this.#expiries.renumber(last, entry)
    }
    lastSegment.keys.length = lastAt
    lastSegment.values.length = lastAt
    this.#size = last
    // One empty segment is kept against thrashing at the border.
    if (lastAt === 0 && this.#segments.length > (last >> BITS) + 2) this.#segments.pop()
    if (!this.#oldBuckets && this.#buckets.length > MIN_BUCKETS && this.#size < this.#buckets.length >> 3) this.#resize(this.#buckets.length >> 1)
  }

  clear(): void {
    if (this.#snapshot) while (!this.#visitMore(1 << 20)) {}
    this.#segments.length = 0
    this.#expiries.clear()
    this.#size = 0
    this.#buckets = new Int32Array(MIN_BUCKETS).fill(-1)
    this.#oldBuckets = undefined
    this.#used = 0
  }

  keyAt(entry: Entry): string {
    return this.#segments[entry >> BITS]!.keys[entry & MASK]!
  }

  valueAt(entry: Entry): unknown {
    return this.#segments[entry >> BITS]!.values[entry & MASK]
  }

  replace(entry: Entry, value: unknown): void {
    this.beforeChange(entry)
    this.#segments[entry >> BITS]!.values[entry & MASK] = value
  }

  beforeChange(entry: Entry): void {
    if (!this.#snapshot) return
    const segment = this.#segments[entry >> BITS]!
    const at = entry & MASK
    if (segment.epoch[at] === this.#epoch) return
    segment.epoch[at] = this.#epoch
    this.#snapshot.visit(segment.keys[at]!, segment.values[at], this.expiryAt(entry))
  }

  expiryAt(entry: Entry): number {
    const column = this.#segments[entry >> BITS]!.expiry
    return column === undefined ? NEVER : column[entry & MASK]!
  }

  setExpiry(entry: Entry, when: number): void {
    const before = this.expiryAt(entry)
    if (before === when) return
    this.beforeChange(entry)
    this.#expiries.change(entry, before, when)
  }

  firstToExpire(): Entry {
    return this.#expiries.first()
  }

  sample(draw: number): Entry {
    return this.#size === 0 ? -1 : Math.floor(draw * this.#size)
  }

  sampleVolatile(draw: number): Entry {
    return this.#expiries.sample(draw)
  }

  clockAt(entry: Entry): number {
    return this.#segments[entry >> BITS]!.clock[entry & MASK]!
  }

  setClock(entry: Entry, clock: number): void {
    this.#segments[entry >> BITS]!.clock[entry & MASK] = clock
  }

  scan(cursor: number, count: number, visit: (entry: Entry) => void): number {
    let at = cursor === 0 || cursor > this.#size ? this.#size : cursor
    const end = Math.max(0, at - count)
    while (at > end) visit(--at)
    return at
  }

  snapshot(visit: (key: string, value: unknown, expiry: number) => void): KeyspaceSnapshot {
    if (this.#snapshot) throw new Error('a snapshot of this keyspace is already under way')
    this.#epoch++
    const mine = { visit, left: this.#size }
    this.#snapshot = mine
    return {
      step: (count) => this.#snapshot !== mine || this.#visitMore(count),
      cancel: () => {
        if (this.#snapshot === mine) this.#snapshot = undefined
      },
    }
  }

  sizeAt(entry: Entry): number {
    return this.#segments[entry >> BITS]!.size[entry & MASK]!
  }

  setSize(entry: Entry, valueBytes: number): void {
    const column = this.#segments[entry >> BITS]!.size
    const at = entry & MASK
    this.#used += valueBytes - column[at]!
    column[at] = valueBytes
  }

  #visitMore(count: number): boolean {
    const running = this.#snapshot
    if (!running) return true
    let at = Math.min(running.left, this.#size)
    const end = Math.max(0, at - count)
    while (at > end) this.beforeChange(--at)
    running.left = at
    if (at === 0) this.#snapshot = undefined
    return at === 0
  }

  #bucketHead(hash: number): Entry {
    const old = this.#oldBuckets
    if (old) {
      const slot = hash & (old.length - 1)
      if (slot >= this.#moved) return old[slot]!
    }
    return this.#buckets[hash & (this.#buckets.length - 1)]!
  }

  #link(entry: Entry, hash: number): void {
    const segment = this.#segments[entry >> BITS]!
    const old = this.#oldBuckets
    let table: Int32Array = this.#buckets
    if (old && (hash & (old.length - 1)) >= this.#moved) table = old
    const slot = hash & (table.length - 1)
    segment.next[entry & MASK] = table[slot]!
    table[slot] = entry
  }

  #unlink(entry: Entry, hash: number): void {
    const old = this.#oldBuckets
    let table: Int32Array = this.#buckets
    if (old && (hash & (old.length - 1)) >= this.#moved) table = old
    const slot = hash & (table.length - 1)
    const next = this.#segments[entry >> BITS]!.next[entry & MASK]!
    let at = table[slot]!
    if (at === entry) {
      table[slot] = next
      return
    }
    for (;;) {
      const column = this.#segments[at >> BITS]!.next
      const following = column[at & MASK]!
      if (following === entry) {
        column[at & MASK] = next
        return
      }
      at = following
    }
  }

  #resize(buckets: number): void {
    this.#oldBuckets = this.#buckets
    this.#moved = 0
    this.#buckets = new Int32Array(buckets).fill(-1)
    this.#rehash(REHASH_STEP)
  }

  #rehash(steps: number): void {
    const old = this.#oldBuckets!
    const mask = this.#buckets.length - 1
    for (let i = 0; i < steps && this.#moved < old.length; i++) {
      let entry = old[this.#moved++]!
      while (entry >= 0) {
        const segment = this.#segments[entry >> BITS]!
        const at = entry & MASK
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

function sameKey(text: string, bytes: Uint8Array): boolean {
  if (text.length !== bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (text.charCodeAt(i) !== bytes[i]) return false
  return true
}
