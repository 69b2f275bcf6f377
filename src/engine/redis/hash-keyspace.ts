import type { Word } from '../../protocol/command.ts'
import { EntrySegment, SEGMENT_BITS, SEGMENT_MASK } from './entry-segment.ts'
import { ExpiryHeap } from './expiry-heap.ts'
import { HashChains } from './hash-chains.ts'
import { hashBytes, hashText } from './key-hash.ts'
import type { Entry, Keyspace, KeyspaceSnapshot } from './keyspace.ts'
import { ENTRY_BYTES, NEVER } from './keyspace.ts'
import { isAscii, latin1Of } from './words.ts'

/**
 * A chained hash table over dense entries. Entries are numbered without gaps: the last one moves into the place
 * of a removed one. That makes sampling uniform and O(1), and a scan that walks the numbers *downward* complete:
 * an entry only ever moves to a lower number, so one not yet visited stays ahead of the cursor.
 */
export class HashKeyspace implements Keyspace {
  readonly #segments: EntrySegment[] = []
  readonly #chains = new HashChains(this.#segments)
  readonly #expiries = new ExpiryHeap(this.#segments)
  readonly #seed: number
  #size = 0
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
      let entry = this.#chains.head(hash)
      while (entry >= 0) {
        const segment = this.#segments[entry >> SEGMENT_BITS]!
        const at = entry & SEGMENT_MASK
        if (segment.hash[at] === hash && segment.keys[at] === key) return entry
        entry = segment.next[at]!
      }
      return -1
    }
    const hash = hashBytes(key, this.#seed)
    let entry = this.#chains.head(hash)
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
    this.#chains.beforeInsert(this.#size)
    const entry = this.#size++
    let segment = this.#segments[entry >> SEGMENT_BITS]
    if (!segment) {
      segment = new EntrySegment()
      this.#segments.push(segment)
    }
    const at = entry & SEGMENT_MASK
    segment.keys[at] = text
    segment.values[at] = value
    segment.hash[at] = hash
    segment.clock[at] = 0
    segment.epoch[at] = this.#epoch
    segment.size[at] = 0
    this.#chains.link(entry, hash)
    this.#used += ENTRY_BYTES + text.length
    return entry
  }

  remove(entry: Entry): void {
    this.beforeChange(entry)
    this.#chains.beforeRemove()
    const segment = this.#segments[entry >> SEGMENT_BITS]!
    const at = entry & SEGMENT_MASK
    this.#expiries.set(entry, NEVER)
    this.#used -= ENTRY_BYTES + segment.keys[at]!.length + segment.size[at]!
    this.#chains.unlink(entry, segment.hash[at]!)
    const last = this.#size - 1
    const lastSegment = this.#segments[last >> SEGMENT_BITS]!
    const lastAt = last & SEGMENT_MASK
    if (entry !== last) {
      const hash = lastSegment.hash[lastAt]!
      this.#chains.unlink(last, hash)
      segment.keys[at] = lastSegment.keys[lastAt]!
      segment.values[at] = lastSegment.values[lastAt]
      segment.hash[at] = hash
      segment.clock[at] = lastSegment.clock[lastAt]!
      // A running snapshot walks downward too; what moves to a lower number is still ahead of it unless visited.
      segment.epoch[at] = lastSegment.epoch[lastAt]!
      segment.size[at] = lastSegment.size[lastAt]!
      this.#chains.link(entry, hash)
      this.#expiries.renumber(last, entry)
    }
    lastSegment.keys.length = lastAt
    lastSegment.values.length = lastAt
    this.#size = last
    // One empty segment is kept against thrashing at the border.
    if (lastAt === 0 && this.#segments.length > (last >> SEGMENT_BITS) + 2) this.#segments.pop()
    this.#chains.afterRemove(last)
  }

  clear(): void {
    if (this.#snapshot) while (!this.#visitMore(1 << 20)) {}
    this.#segments.length = 0
    this.#chains.clear()
    this.#expiries.clear()
    this.#size = 0
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
    return this.#expiries.whenOf(entry)
  }

  setExpiry(entry: Entry, when: number): void {
    if (this.#expiries.whenOf(entry) === when) return
    this.beforeChange(entry)
    this.#expiries.set(entry, when)
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
}

function sameKey(text: string, bytes: Uint8Array): boolean {
  if (text.length !== bytes.length) return false
  for (let i = 0; i < bytes.length; i++) if (text.charCodeAt(i) !== bytes[i]) return false
  return true
}
