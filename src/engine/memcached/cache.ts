import { MemcachedClock } from './clock.ts'
import { ClassCounters, Counters } from './counters.ts'
import { HashTable, hashKey } from './hash-table.ts'
import { ACTIVE, type Chunk, COLD, FETCHED, HOT, Item, itemBytes, LINKED, WARM } from './item.ts'
import { LruLists } from './lru-lists.ts'
import { LARGEST_CHUNK_BYTES, NO_CHUNK, SlabAllocator } from './slab-allocator.ts'

const MEBIBYTE = 1024 * 1024
const NOTHING = new Uint8Array(0)
/** -m 64, -I 1m. */
export const DEFAULT_LIMIT_BYTES = 64 * MEBIBYTE
export const DEFAULT_ITEM_LIMIT_BYTES = MEBIBYTE
/** Header of one chunk of a large item (struct _strchunk). */
const CHUNK_HEADER_BYTES = 48
/** How often an allocation goes back to the LRU before it gives up (do_item_alloc_pull). */
const ALLOCATION_TRIES = 10
/** How many items a look at the tail of a list may pass over (lru_pull_tail). */
const TAIL_TRIES = 5

export type PullKind = 'move' | 'evict'
/** No item: it could never fit, or there is no room now. */
export type Refused = 'too large' | 'no memory'

export interface CacheSettings {
  readonly limitBytes: number
  readonly itemLimitBytes: number
  /** False = `-M`: a full cache refuses to store. */
  readonly evict: boolean
}

/**
 * The items of one memcached: lookup, memory, expiry, eviction. Follows items.c; what other threads do there in
 * the background (`lru-maintainer.ts`) is done here when time is advanced.
 *
 * Approximate: pages never move from one slab class to another (slab_automove), and items held by replies not yet
 * written are not known here.
 */
export class MemcachedCache {
  readonly settings: CacheSettings
  readonly clock = new MemcachedClock()
  counters = new Counters()
  classes: ClassCounters[] = []
  table = new HashTable()
  slabs: SlabAllocator
  lru: LruLists
  bytes = 0
  /** Linked items that will expire: as long as there are any, the crawler has work. */
  expiring = 0
  /** Items with a time up to this are flushed, once the clock has come here; 0 = no flush yet. */
  oldestLive = 0
  #oldestCas = 0n
  #lastCas = 0n
  /** Where the next item goes; filled anew for each. */
  readonly #place = { bytes: NOTHING as Uint8Array, start: 0, slabClass: 0, chunk: NO_CHUNK, chunks: null as readonly Chunk[] | null }
  /** Set by everything that gives the maintainer something to do. */
  disturbed = false

  constructor(settings: CacheSettings) {
    this.settings = settings
    this.slabs = new SlabAllocator(settings.limitBytes)
    this.lru = new LruLists(this.slabs.largestClass)
    this.#resetClasses()
  }

  /** Empty, as after a start of the process. */
  restart(nowNanos: number, wallMicros: number): void {
    this.clock.start(nowNanos, wallMicros)
    this.counters = new Counters()
    this.#resetClasses()
    this.table = new HashTable()
    this.slabs = new SlabAllocator(this.settings.limitBytes)
    this.lru = new LruLists(this.slabs.largestClass)
    this.bytes = 0
    this.expiring = 0
    this.oldestLive = 0
    this.#oldestCas = 0n
    this.#lastCas = 0n
    this.disturbed = false
  }

  /** `stats reset`: the counters only. */
  resetCounters(): void {
    this.counters = new Counters()
    this.#resetClasses()
  }

  #resetClasses(): void {
    this.classes = this.slabs.chunkBytes.map(() => new ClassCounters())
  }

  nextCas(): bigint {
    return ++this.#lastCas
  }

  /** `flush_all`: what is older than the cas id of this moment is gone at once, or at `oldestLive`. */
  flush(newOldest: number): void {
    this.oldestLive = newOldest - 1
    if (this.oldestLive <= this.clock.now) this.#oldestCas = this.nextCas()
    this.disturbed = true
  }

  isFlushed(item: Item): boolean {
    if (this.oldestLive === 0 || this.oldestLive > this.clock.now) return false
    return item.time <= this.oldestLive || (this.#oldestCas !== 0n && item.cas !== 0n && item.cas < this.#oldestCas)
  }

  /** do_item_get: an item that is expired or flushed is dropped here and counts as missing. */
  find(key: Uint8Array, hash = hashKey(key)): Item | null {
    const item = this.table.find(key, hash)
    if (item === null) return null
    if (this.isFlushed(item)) {
      this.counters.getFlushed++
      this.unlink(item)
      return null
    }
    if (item.exptime !== 0 && item.exptime <= this.clock.now) {
      this.counters.getExpired++
      this.unlink(item)
      return null
    }
    return item
  }

  /** do_item_bump: what a read does to an item's place. */
  bump(item: Item): void {
    if ((item.marks & ACTIVE) !== 0) return
    if ((item.marks & FETCHED) === 0) {
      item.marks |= FETCHED
      return
    }
    item.marks |= ACTIVE
    this.disturbed = true
    if (item.segment === COLD) this.update(item)
    else item.time = this.clock.now
  }

  /** do_item_update: a second read rescues an item from COLD. */
  update(item: Item): void {
    item.time = this.clock.now
    if (item.segment !== COLD || (item.marks & ACTIVE) === 0) return
    item.marks &= ~ACTIVE
    this.lru.move(item, WARM)
    this.classes[item.slabClass]!.movesToWarm++
  }

  setExptime(item: Item, exptime: number): void {
    if ((item.marks & LINKED) !== 0) this.expiring += Number(exptime !== 0) - Number(item.exptime !== 0)
    item.exptime = exptime
    this.disturbed = true
  }

  /** Memory for an item, made by evicting where it must; its value is not written and it is not linked yet. */
  allocate(key: Uint8Array, hash: number, flags: number, exptime: number, valueLength: number): Item | Refused {
    const total = itemBytes(key.length, flags, valueLength)
    if (total > this.settings.itemLimitBytes) return 'too large'
    const slabClass = this.slabs.classOf(total)
    const place = this.#place
    place.slabClass = slabClass
    place.chunks = null
    if (total > LARGEST_CHUNK_BYTES) {
      const chunks = this.#takeChunks(key.length, flags, valueLength)
      if (chunks === undefined) return 'no memory'
      place.chunks = chunks
      place.chunk = NO_CHUNK
      place.bytes = new Uint8Array(key.length + valueLength)
      place.start = 0
    } else {
      const chunk = this.#take(slabClass)
      if (chunk === NO_CHUNK) return 'no memory'
      place.chunk = chunk
      place.bytes = this.slabs.pageOf(slabClass, chunk)
      place.start = this.slabs.startOf(slabClass, chunk)
    }
    return new Item(place, key, hash, flags, exptime, valueLength)
  }

  /** Gives back the memory of an item that was allocated and not linked. */
  release(item: Item): void {
    if (item.chunks === null) this.slabs.give(item.slabClass, item.chunk)
    else for (const { slabClass, chunk } of item.chunks) this.slabs.give(slabClass, chunk)
  }

  /** `cas`: the new cas id, where the client gives one. */
  link(item: Item, cas?: bigint): void {
    item.marks |= LINKED
    item.time = this.clock.now
    item.cas = cas ?? this.nextCas()
    this.table.insert(item)
    this.lru.link(item, HOT)
    this.bytes += item.totalBytes
    this.counters.totalItems++
    if (item.exptime !== 0) this.expiring++
    this.disturbed = true
  }

  unlink(item: Item): void {
    item.marks &= ~LINKED
    this.table.remove(item)
    this.lru.unlink(item)
    this.bytes -= item.totalBytes
    if (item.exptime !== 0) this.expiring--
    this.release(item)
  }

  /** The old item may have been evicted meanwhile, to make room for the new one. */
  replace(old: Item, item: Item, cas?: bigint): void {
    if ((old.marks & LINKED) !== 0) this.unlink(old)
    this.link(item, cas)
  }

  /** do_item_alloc_pull: a chunk from memory, or from the oldest item in COLD, which HOT fills up when it is empty. */
  #take(slabClass: number): number {
    for (let i = 0; i < ALLOCATION_TRIES; i++) {
      const chunk = this.slabs.take(slabClass)
      if (chunk !== NO_CHUNK) {
        if (i > 0) this.classes[slabClass]!.directReclaims += i
        return chunk
      }
      if (this.pullTail(slabClass, COLD, 0, 'evict', 0) <= 0) this.pullTail(slabClass, HOT, 0, 'move', 0)
    }
    this.classes[slabClass]!.outOfMemory++
    return NO_CHUNK
  }

  /** A large item: its header in a small chunk, its value in the largest ones and the rest in one that fits. */
  #takeChunks(keyLength: number, flags: number, valueLength: number): Chunk[] | undefined {
    const taken: Chunk[] = []
    const take = (slabClass: number) => {
      const chunk = this.#take(slabClass)
      if (chunk === NO_CHUNK) return false
      taken.push({ slabClass, chunk })
      return true
    }
    const largest = this.slabs.largestClass
    let fits = take(this.slabs.classOf(itemBytes(keyLength, flags, 0) - 2 + CHUNK_HEADER_BYTES))
    let left = valueLength + 2
    while (fits && left > 0) {
      const size = Math.min(left + CHUNK_HEADER_BYTES, LARGEST_CHUNK_BYTES)
      const slabClass = this.slabs.classOf(size)
      fits = take(slabClass) || (slabClass !== largest && take(largest))
      left -= size - CHUNK_HEADER_BYTES
    }
    if (fits) return taken
    for (const { slabClass, chunk } of taken) this.slabs.give(slabClass, chunk)
    return undefined
  }

  /**
   * lru_pull_tail: looks at the oldest items of a segment; drops those that are over, moves on those that are due,
   * evicts one if asked. Returns how many left their place.
   */
  pullTail(slabClass: number, segment: 0 | 1 | 2, limitBytes: number, kind: PullKind, maxAge: number): number {
    const counters = this.classes[slabClass]!
    let removed = 0
    let item = this.lru.oldest(slabClass, segment)
    for (let tries = TAIL_TRIES; tries > 0 && item !== null; tries--) {
      const next = item.newer
      if ((item.exptime !== 0 && item.exptime < this.clock.now) || this.isFlushed(item)) {
        counters.reclaimed++
        if ((item.marks & FETCHED) === 0) counters.expiredUnfetched++
        this.unlink(item)
        removed++
        item = next
        continue
      }
      if (segment === COLD) return removed + this.#pullCold(item, kind)
      if ((item.marks & ACTIVE) !== 0) {
        item.marks &= ~ACTIVE
        removed++
        this.lru.move(item, WARM)
        if (segment === HOT) {
          counters.movesToWarm++
          return removed
        }
        counters.movesWithinLru++
        item = next
        continue
      }
      if (this.lru.bytes(slabClass, segment) > limitBytes || this.clock.now - item.time > maxAge) {
        counters.movesToCold++
        removed++
        this.lru.move(item, COLD)
      }
      return removed
    }
    return removed
  }

  #pullCold(item: Item, kind: PullKind): number {
    const counters = this.classes[item.slabClass]!
    if (kind === 'evict') {
      if (!this.settings.evict) return 0
      counters.evicted++
      counters.evictedTime = this.clock.now - item.time
      if (item.exptime !== 0) counters.evictedNonzero++
      if ((item.marks & FETCHED) === 0) counters.evictedUnfetched++
      if ((item.marks & ACTIVE) !== 0) counters.evictedActive++
      this.unlink(item)
      return 1
    }
    if ((item.marks & ACTIVE) === 0) return 0
    item.marks &= ~ACTIVE
    counters.movesToWarm++
    this.lru.move(item, WARM)
    return 1
  }
}
