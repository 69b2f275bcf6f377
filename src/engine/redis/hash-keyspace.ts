import type { Word } from '../../protocol/command.ts'
import type { Entry, Keyspace, KeyspaceSnapshot } from './keyspace.ts'
import { ENTRY_BYTES, NEVER } from './keyspace.ts'
import { isAscii, latin1Of } from './words.ts'

const SEGMENT_BITS = 14
const SEGMENT = 1 << SEGMENT_BITS
const SEGMENT_MASK = SEGMENT - 1
const MIN_BUCKETS = 16
/** Buckets moved to the new table with every insert or remove while it grows. */
const REHASH_STEP = 4

/**
 * The entries' columns come in segments of 16,384, so that growth never copies what is there (a single array of
 * 16 M doubles takes 60 ms to grow) and nothing is limited to the 2^24 keys of a JavaScript Map.
 */
class Segment {
  readonly keys: string[] = []
  readonly values: unknown[] = []
  readonly hash = new Int32Array(SEGMENT)
  readonly next = new Int32Array(SEGMENT)
  readonly clock = new Uint32Array(SEGMENT)
  readonly epoch = new Uint32Array(SEGMENT)
  readonly size = new Float64Array(SEGMENT)
  /** Allocated when the first key of the segment gets an expiry. */
  expiry: Float64Array | undefined
  heapAt: Int32Array | undefined
}

/**
 * A chained hash table over dense entries. Entries are numbered without gaps: the last one moves into the place
 * of a removed one. That makes sampling uniform and O(1), and a scan that walks the numbers *downward* complete:
 * an entry only ever moves to a lower number, so one not yet visited stays ahead of the cursor.
 */
export class HashKeyspace implements Keyspace {
  #segments: Segment[] = []
  #size = 0
  #buckets: Int32Array = new Int32Array(MIN_BUCKETS).fill(-1)
  /** The table being left while a new one is filled; buckets below `#moved` are empty. */
  #oldBuckets: Int32Array | undefined
  #moved = 0
  readonly #seed: number
  /** Binary heap of entries by expiry. */
  #heap: Int32Array = new Int32Array(16)
  #heapSize = 0
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
    return this.#heapSize
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
        const segment = this.#segments[entry >> SEGMENT_BITS]!
        const at = entry & SEGMENT_MASK
        if (segment.hash[at] === hash && segment.keys[at] === key) return entry
        entry = segment.next[at]!
      }
      return -1
    }
    const hash = hashBytes(key, this.#seed)
    let entry = this.#bucketHead(hash)
    while (entry >= 0) {
      const segment = this.#segments[entry >> SEGMENT_BITS]!
      const at = entry & SEGMENT_MASK
      if (segment.hash[at] === hash && sameKey(segment.keys[at]!, key)) return entry
      entry = segment.next[at]!
    }
    return -1
  }

  insert(key: Word, value: unknown): Entry {
    const text = latin1Of(key)
    const hash = hashText(text, this.#seed)
    if (this.#oldBuckets) this.#rehash(REHASH_STEP)
    else if (this.#size >= this.#buckets.length) this.#grow()
    const entry = this.#size++
    let segment = this.#segments[entry >> SEGMENT_BITS]
    if (!segment) {
      segment = new Segment()
      this.#segments.push(segment)
    }
    const at = entry & SEGMENT_MASK
    segment.keys[at] = text
    segment.values[at] = value
    segment.hash[at] = hash
    segment.clock[at] = 0
    segment.epoch[at] = this.#epoch
    segment.size[at] = 0
    if (segment.expiry) segment.expiry[at] = NEVER
    this.#link(entry, hash)
    this.#used += ENTRY_BYTES + text.length
    return entry
  }

  remove(entry: Entry): void {
    this.beforeChange(entry)
    if (this.#oldBuckets) this.#rehash(REHASH_STEP)
    const segment = this.#segments[entry >> SEGMENT_BITS]!
    const at = entry & SEGMENT_MASK
    this.setExpiry(entry, NEVER)
    this.#used -= ENTRY_BYTES + segment.keys[at]!.length + segment.size[at]!
    this.#unlink(entry, segment.hash[at]!)
    const last = this.#size - 1
    const lastSegment = this.#segments[last >> SEGMENT_BITS]!
    const lastAt = last & SEGMENT_MASK
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
      const when = lastSegment.expiry ? lastSegment.expiry[lastAt]! : NEVER
      if (when !== NEVER) {
        this.#ensureExpiry(segment)
        segment.expiry![at] = when
        const position = lastSegment.heapAt![lastAt]!
        segment.heapAt![at] = position
        this.#heap[position] = entry
        lastSegment.expiry![lastAt] = NEVER
      }
    }
    lastSegment.keys.length = lastAt
    lastSegment.values.length = lastAt
    this.#size = last
    // One empty segment is kept against thrashing at the border.
    if (lastAt === 0 && this.#segments.length > (last >> SEGMENT_BITS) + 2) this.#segments.pop()
    if (!this.#oldBuckets && this.#buckets.length > MIN_BUCKETS && this.#size < this.#buckets.length >> 3) this.#resize(this.#buckets.length >> 1)
  }

  clear(): void {
    if (this.#snapshot) while (!this.#visitMore(1 << 20)) {}
    this.#segments = []
    this.#size = 0
    this.#buckets = new Int32Array(MIN_BUCKETS).fill(-1)
    this.#oldBuckets = undefined
    this.#heapSize = 0
    this.#heap = new Int32Array(16)
    this.#used = 0
  }

  keyAt(entry: Entry): string {
    return this.#segments[entry >> SEGMENT_BITS]!.keys[entry & SEGMENT_MASK]!
  }

  valueAt(entry: Entry): unknown {
    return this.#segments[entry >> SEGMENT_BITS]!.values[entry & SEGMENT_MASK]
  }

  replace(entry: Entry, value: unknown): void {
    this.beforeChange(entry)
    this.#segments[entry >> SEGMENT_BITS]!.values[entry & SEGMENT_MASK] = value
  }

  beforeChange(entry: Entry): void {
    if (!this.#snapshot) return
    const segment = this.#segments[entry >> SEGMENT_BITS]!
    const at = entry & SEGMENT_MASK
    if (segment.epoch[at] === this.#epoch) return
    segment.epoch[at] = this.#epoch
    this.#snapshot.visit(segment.keys[at]!, segment.values[at], this.expiryAt(entry))
  }

  expiryAt(entry: Entry): number {
    const column = this.#segments[entry >> SEGMENT_BITS]!.expiry
    return column === undefined ? NEVER : column[entry & SEGMENT_MASK]!
  }

  setExpiry(entry: Entry, when: number): void {
    const segment = this.#segments[entry >> SEGMENT_BITS]!
    const at = entry & SEGMENT_MASK
    const before = segment.expiry === undefined ? NEVER : segment.expiry[at]!
    if (before === when) return
    this.beforeChange(entry)
    this.#ensureExpiry(segment)
    segment.expiry![at] = when
    if (before === NEVER) {
      const position = this.#heapSize++
      if (position === this.#heap.length) {
        const grown = new Int32Array(position * 2)
        grown.set(this.#heap)
        this.#heap = grown
      }
      this.#place(position, entry)
      this.#siftUp(position)
    } else if (when === NEVER) {
      const position = segment.heapAt![at]!
      const moved = this.#heap[--this.#heapSize]!
      if (position < this.#heapSize) {
        this.#place(position, moved)
        this.#siftUp(position)
        this.#siftDown(this.#heapPosition(moved))
      }
    } else if (when < before) this.#siftUp(segment.heapAt![at]!)
    else this.#siftDown(segment.heapAt![at]!)
  }

  firstToExpire(): Entry {
    return this.#heapSize === 0 ? -1 : this.#heap[0]!
  }

  sample(draw: number): Entry {
    return this.#size === 0 ? -1 : Math.floor(draw * this.#size)
  }

  sampleVolatile(draw: number): Entry {
    return this.#heapSize === 0 ? -1 : this.#heap[Math.floor(draw * this.#heapSize)]!
  }

  clockAt(entry: Entry): number {
    return this.#segments[entry >> SEGMENT_BITS]!.clock[entry & SEGMENT_MASK]!
  }

  setClock(entry: Entry, clock: number): void {
    this.#segments[entry >> SEGMENT_BITS]!.clock[entry & SEGMENT_MASK] = clock
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
    return this.#segments[entry >> SEGMENT_BITS]!.size[entry & SEGMENT_MASK]!
  }

  setSize(entry: Entry, valueBytes: number): void {
    const column = this.#segments[entry >> SEGMENT_BITS]!.size
    const at = entry & SEGMENT_MASK
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
    const segment = this.#segments[entry >> SEGMENT_BITS]!
    const old = this.#oldBuckets
    let table: Int32Array = this.#buckets
    if (old && (hash & (old.length - 1)) >= this.#moved) table = old
    const slot = hash & (table.length - 1)
    segment.next[entry & SEGMENT_MASK] = table[slot]!
    table[slot] = entry
  }

  #unlink(entry: Entry, hash: number): void {
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

  #grow(): void {
    this.#resize(this.#buckets.length * 2)
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

  #ensureExpiry(segment: Segment): void {
    if (segment.expiry) return
    segment.expiry = new Float64Array(SEGMENT).fill(NEVER)
    segment.heapAt = new Int32Array(SEGMENT)
  }

  #place(position: number, entry: Entry): void {
    this.#heap[position] = entry
    this.#segments[entry >> SEGMENT_BITS]!.heapAt![entry & SEGMENT_MASK] = position
  }

  #heapPosition(entry: Entry): number {
    return this.#segments[entry >> SEGMENT_BITS]!.heapAt![entry & SEGMENT_MASK]!
  }

  #siftUp(start: number): void {
    let position = start
    const entry = this.#heap[position]!
    const when = this.expiryAt(entry)
    while (position > 0) {
      const parent = (position - 1) >> 1
      const other = this.#heap[parent]!
      if (this.expiryAt(other) <= when) break
      this.#place(position, other)
      position = parent
    }
    this.#place(position, entry)
  }

  #siftDown(start: number): void {
    let position = start
    const entry = this.#heap[position]!
    const when = this.expiryAt(entry)
    for (;;) {
      let child = position * 2 + 1
      if (child >= this.#heapSize) break
      if (child + 1 < this.#heapSize && this.expiryAt(this.#heap[child + 1]!) < this.expiryAt(this.#heap[child]!)) child++
      const other = this.#heap[child]!
      if (this.expiryAt(other) >= when) break
      this.#place(position, other)
      position = child
    }
    this.#place(position, entry)
  }
}

/** A seeded multiply-xor hash over the bytes; the finisher is murmur3's. */
function hashText(text: string, seed: number): number {
  let h = seed ^ text.length
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) ^ (h >>> 15)
  return finish(h)
}

function hashBytes(bytes: Uint8Array, seed: number): number {
  let h = seed ^ bytes.length
  for (let i = 0; i < bytes.length; i++) h = Math.imul(h ^ bytes[i]!, 0x01000193) ^ (h >>> 15)
  return finish(h)
}

function finish(hash: number): number {
  let h = hash
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

function sameKey(text: string, bytes: Uint8Array): boolean {
  if (text.length !== bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (text.charCodeAt(i) !== bytes[i]) return false
  return true
}
