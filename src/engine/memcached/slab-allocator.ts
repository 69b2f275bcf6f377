import { ITEM_HEADER_BYTES } from './item.ts'

/** Smallest chunk: item header and 48 bytes for key and value (`-n 48`). */
const SMALLEST_CHUNK_BYTES = ITEM_HEADER_BYTES + 48
const GROWTH_FACTOR = 1.25
const ALIGN_BYTES = 8
export const PAGE_BYTES = 1024 * 1024
/** slab_chunk_max: a larger item is stored in several chunks. */
export const LARGEST_CHUNK_BYTES = 512 * 1024

/**
 * Which memory memcached would have handed out: pages of 1 MiB, cut into chunks of one size per class. Only the
 * counting is done, since it decides when an item has to be evicted and which; the bytes live in JavaScript.
 * Classes are numbered from 1 (slabs.c).
 */
export class SlabAllocator {
  limitBytes: number
  /** Chunk size by class; index 0 is unused. */
  readonly chunkBytes: readonly number[]
  readonly pages: Int32Array
  readonly usedChunks: Int32Array
  readonly freeChunks: Int32Array
  mallocedBytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
    this.chunkBytes = slabChunkSizes()
    this.pages = new Int32Array(this.chunkBytes.length)
    this.usedChunks = new Int32Array(this.chunkBytes.length)
    this.freeChunks = new Int32Array(this.chunkBytes.length)
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

  /** Takes a chunk; false when the class is full and no page may be added: something has to be evicted. */
  take(slabClass: number): boolean {
    if (this.freeChunks[slabClass] === 0) {
      // A class without a page gets its first one even beyond the limit (do_slabs_newslab).
      if (this.pages[slabClass]! > 0 && this.mallocedBytes + PAGE_BYTES > this.limitBytes) return false
      this.pages[slabClass]!++
      this.mallocedBytes += PAGE_BYTES
      this.freeChunks[slabClass] = this.chunksPerPage(slabClass)
    }
    this.freeChunks[slabClass]!--
    this.usedChunks[slabClass]!++
    return true
  }

  give(slabClass: number): void {
    this.usedChunks[slabClass]!--
    this.freeChunks[slabClass]!++
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
