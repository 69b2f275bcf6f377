import { CAS_BYTES, ITEM_HEADER_BYTES } from './item.ts'

/** Smallest chunk: item header and 48 bytes for key and value (`-n 48`). */
const SMALLEST_CHUNK_BYTES = ITEM_HEADER_BYTES + 48
const GROWTH_FACTOR = 1.25
const ALIGN_BYTES = 8
export const PAGE_BYTES = 1024 * 1024
/** slab_chunk_max: a larger item is stored in several chunks. */
export const LARGEST_CHUNK_BYTES = 512 * 1024

/** What of a chunk holds neither key nor value: the item's header and its cas id, which are fields of `Item` here. */
const UNSTORED_BYTES = ITEM_HEADER_BYTES + CAS_BYTES

/** No chunk: the class is full. */
export const NO_CHUNK = -1

/**
 * Memory as memcached hands it out: pages of 1 MiB, cut into chunks of one size per class (slabs.c). It decides
 * when an item has to be evicted and which, and it holds keys and values: an item needs no array of its own, and
 * the garbage collector never sees them. Classes are numbered from 1, a class's chunks from 0.
 */
export class SlabAllocator {
  limitBytes: number
  /** Chunk size by class; index 0 is unused. */
  readonly chunkBytes: readonly number[]
  readonly pages: Int32Array
  readonly usedChunks: Int32Array
  mallocedBytes = 0
  /** Chunks that were given back, by class. */
  readonly #free: number[][]
  /** Chunks of the newest page that were never taken, by class: the number of the next one and of those left. */
  readonly #fresh: Int32Array
  readonly #freshLeft: Int32Array
  /** The bytes of each page, once there is something in them. */
  readonly #bytes: (Uint8Array | undefined)[][]

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
    this.chunkBytes = SLAB_CHUNK_SIZES
    const classes = this.chunkBytes.length
    this.pages = new Int32Array(classes)
    this.usedChunks = new Int32Array(classes)
    this.#fresh = new Int32Array(classes)
    this.#freshLeft = new Int32Array(classes)
    this.#free = Array.from({ length: classes }, () => [])
    this.#bytes = Array.from({ length: classes }, () => [])
  }

  get largestClass(): number {
    return this.chunkBytes.length - 1
  }

  chunksPerPage(slabClass: number): number {
    return Math.floor(PAGE_BYTES / this.chunkBytes[slabClass]!)
  }

  /** The class for an item of this size; one larger than every chunk is counted in the last class. */
  classOf(bytes: number): number {
    let low = 1
    let high = this.largestClass
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.chunkBytes[middle]! >= bytes) high = middle
      else low = middle + 1
    }
    return low
  }

  freeChunks(slabClass: number): number {
    return this.#free[slabClass]!.length + this.#freshLeft[slabClass]!
  }

  /** A chunk's number, or `NO_CHUNK` when the class is full and no page may be added: something has to be evicted. */
  take(slabClass: number): number {
    const freed = this.#free[slabClass]!.pop()
    if (freed !== undefined) {
      this.usedChunks[slabClass]!++
      return freed
    }
    if (this.#freshLeft[slabClass] === 0) {
      // A class without a page gets its first one even beyond the limit (do_slabs_newslab).
      if (this.pages[slabClass]! > 0 && this.mallocedBytes + PAGE_BYTES > this.limitBytes) return NO_CHUNK
      this.pages[slabClass]!++
      this.mallocedBytes += PAGE_BYTES
      this.#freshLeft[slabClass] = this.chunksPerPage(slabClass)
    }
    this.#freshLeft[slabClass]!--
    this.usedChunks[slabClass]!++
    return this.#fresh[slabClass]!++
  }

  give(slabClass: number, chunk: number): void {
    this.usedChunks[slabClass]!--
    this.#free[slabClass]!.push(chunk)
  }

  /** The page that holds a chunk's key and value. */
  pageOf(slabClass: number, chunk: number): Uint8Array {
    const pages = this.#bytes[slabClass]!
    const perPage = this.chunksPerPage(slabClass)
    const number = Math.floor(chunk / perPage)
    let page = pages[number]
    if (page === undefined) {
      page = new Uint8Array(perPage * (this.chunkBytes[slabClass]! - UNSTORED_BYTES))
      pages[number] = page
    }
    return page
  }

  /** Where in its page a chunk's key begins. */
  startOf(slabClass: number, chunk: number): number {
    return (chunk % this.chunksPerPage(slabClass)) * (this.chunkBytes[slabClass]! - UNSTORED_BYTES)
  }
}

/** 96, 120, 152, ... 394840, 524288: each about 1.25 times the one before, aligned to 8. */
export function slabChunkSizes(): number[] {
  const sizes = [0]
  let size = SMALLEST_CHUNK_BYTES
  while (size < LARGEST_CHUNK_BYTES / GROWTH_FACTOR) {
    size += (ALIGN_BYTES - (size % ALIGN_BYTES)) % ALIGN_BYTES
    sizes.push(size)
    size = Math.floor(size * GROWTH_FACTOR)
  }
  sizes.push(LARGEST_CHUNK_BYTES)
  return sizes
}

const SLAB_CHUNK_SIZES: readonly number[] = slabChunkSizes()
