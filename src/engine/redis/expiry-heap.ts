import { type EntrySegment, SEGMENT, SEGMENT_BITS, SEGMENT_MASK } from './entry-segment.ts'
import { type Entry, NEVER } from './keyspace.ts'

// Of our own, they are folded into the code; an imported constant is read from its module at each use.
const BITS = SEGMENT_BITS
const MASK = SEGMENT_MASK
const FIRST_ROOM = 16

/**
 * When entries expire, and a binary heap of those that do by their expiry. Times and places in the heap are columns of
 * the segments, which have them only once one of their entries expires.
 */
export class ExpiryHeap {
  readonly #segments: readonly EntrySegment[]
  #heap: Int32Array = new Int32Array(FIRST_ROOM)
  #size = 0

  /** `segments` belong to the keyspace, which adds and drops them. */
  constructor(segments: readonly EntrySegment[]) {
    this.#segments = segments
  }

  /** How many entries expire. */
  get size(): number {
    return this.#size
  }

  /** The entry that expires first, or -1. */
  first(): Entry {
    return this.#size === 0 ? -1 : this.#heap[0]!
  }

  /** One of them, chosen evenly: `draw` is in [0, 1). -1 when there is none. */
  sample(draw: number): Entry {
    return this.#size === 0 ? -1 : this.#heap[Math.floor(draw * this.#size)]!
  }

  /** Milliseconds of wall time; `NEVER` without an expiry. */
  whenOf(entry: Entry): number {
    const column = this.#segments[entry >> BITS]!.expiry
    return column === undefined ? NEVER : column[entry & MASK]!
  }

  /** `before` is what `whenOf` says, which callers have asked already; it is not `when`. */
  change(entry: Entry, before: number, when: number): void {
    const segment = this.#segments[entry >> BITS]!
    const at = entry & MASK
    ensureColumns(segment)
    segment.expiry![at] = when
    if (before === NEVER) this.#add(entry)
    else if (when === NEVER) this.#drop(segment.heapAt![at]!)
    else if (when < before) this.#siftUp(segment.heapAt![at]!)
    else this.#siftDown(segment.heapAt![at]!)
  }

  /** An entry has got another number, which had no expiry. */
  renumber(from: Entry, to: Entry): void {
    const when = this.whenOf(from)
    if (when === NEVER) return
    const source = this.#segments[from >> BITS]!
    const segment = this.#segments[to >> BITS]!
    ensureColumns(segment)
    segment.expiry![to & MASK] = when
    this.#place(source.heapAt![from & MASK]!, to)
    source.expiry![from & MASK] = NEVER
  }

  clear(): void {
    this.#heap = new Int32Array(FIRST_ROOM)
    this.#size = 0
  }

  #add(entry: Entry): void {
    const position = this.#size++
    if (position === this.#heap.length) {
      const grown = new Int32Array(position * 2)
      grown.set(this.#heap)
      this.#heap = grown
    }
    this.#place(position, entry)
    this.#siftUp(position)
  }

  #drop(position: number): void {
    const moved = this.#heap[--this.#size]!
    if (position === this.#size) return
    this.#place(position, moved)
    this.#siftUp(position)
    this.#siftDown(this.#segments[moved >> BITS]!.heapAt![moved & MASK]!)
  }

  #place(position: number, entry: Entry): void {
    this.#heap[position] = entry
    this.#segments[entry >> BITS]!.heapAt![entry & MASK] = position
  }

  #siftUp(start: number): void {
    let position = start
    const entry = this.#heap[position]!
    const when = this.whenOf(entry)
    while (position > 0) {
      const parent = (position - 1) >> 1
      const other = this.#heap[parent]!
      if (this.whenOf(other) <= when) break
      this.#place(position, other)
      position = parent
    }
    this.#place(position, entry)
  }

  #siftDown(start: number): void {
    let position = start
    const entry = this.#heap[position]!
    const when = this.whenOf(entry)
    for (;;) {
      let child = position * 2 + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.whenOf(this.#heap[child + 1]!) < this.whenOf(this.#heap[child]!)) child++
      const other = this.#heap[child]!
      if (this.whenOf(other) >= when) break
      this.#place(position, other)
      position = child
    }
    this.#place(position, entry)
  }
}

function ensureColumns(segment: EntrySegment): void {
  if (segment.expiry) return
  segment.expiry = new Float64Array(SEGMENT).fill(NEVER)
  segment.heapAt = new Int32Array(SEGMENT)
}
