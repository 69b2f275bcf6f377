import { COLD, HOT, type Item, type Segment, WARM } from './item.ts'

const SEGMENTS = 3

/**
 * The LRU lists of every slab class: HOT for what was just stored, WARM for what is read again and again, COLD for
 * the rest, from whose tail items are evicted (doc/new_lru.txt). Newest first.
 */
export class LruLists {
  readonly #newest: (Item | null)[]
  readonly #oldest: (Item | null)[]
  readonly #count: Float64Array
  readonly #bytes: Float64Array

  constructor(classes: number) {
    const lists = (classes + 1) * SEGMENTS
    this.#newest = new Array<Item | null>(lists).fill(null)
    this.#oldest = new Array<Item | null>(lists).fill(null)
    this.#count = new Float64Array(lists)
    this.#bytes = new Float64Array(lists)
  }

  oldest(slabClass: number, segment: Segment): Item | null {
    return this.#oldest[slabClass * SEGMENTS + segment] ?? null
  }

  count(slabClass: number, segment: Segment): number {
    return this.#count[slabClass * SEGMENTS + segment]!
  }

  bytes(slabClass: number, segment: Segment): number {
    return this.#bytes[slabClass * SEGMENTS + segment]!
  }

  items(slabClass: number): number {
    return this.count(slabClass, HOT) + this.count(slabClass, WARM) + this.count(slabClass, COLD)
  }

  totalBytes(slabClass: number): number {
    return this.bytes(slabClass, HOT) + this.bytes(slabClass, WARM) + this.bytes(slabClass, COLD)
  }

  /** As the newest of its segment. */
  link(item: Item, segment: Segment): void {
    const list = item.slabClass * SEGMENTS + segment
    item.segment = segment
    item.newer = null
    const second = this.#newest[list] ?? null
    item.older = second
    if (second === null) this.#oldest[list] = item
    else second.newer = item
    this.#newest[list] = item
    this.#count[list]!++
    this.#bytes[list]! += item.totalBytes
  }

  unlink(item: Item): void {
    const list = item.slabClass * SEGMENTS + item.segment
    if (item.newer === null) this.#newest[list] = item.older
    else item.newer.older = item.older
    if (item.older === null) this.#oldest[list] = item.newer
    else item.older.newer = item.newer
    item.newer = null
    item.older = null
    this.#count[list]!--
    this.#bytes[list]! -= item.totalBytes
  }

  move(item: Item, segment: Segment): void {
    this.unlink(item)
    this.link(item, segment)
  }
}
