import { describe, expect, it } from 'vitest'
import { NO_CHUNK, SlabAllocator, slabChunkSizes } from './slab-allocator.ts'

describe('slab allocator', () => {
  it('has the chunk sizes of memcached with -f 1.25 -n 48', () => {
    // `memcached -vv` prints them.
    expect(slabChunkSizes().slice(1)).toEqual([
      96, 120, 152, 192, 240, 304, 384, 480, 600, 752, 944, 1184, 1480, 1856, 2320, 2904, 3632, 4544, 5680, 7104, 8880, 11104, 13880, 17352, 21696,
      27120, 33904, 42384, 52984, 66232, 82792, 103496, 129376, 161720, 202152, 252696, 315872, 394840, 524288,
    ])
  })

  it('finds the smallest class that fits', () => {
    const slabs = new SlabAllocator(64 * 1024 * 1024)
    expect([1, 96, 97, 120, 121, 394_840, 394_841, 1_000_000].map((bytes) => slabs.classOf(bytes))).toEqual([1, 1, 2, 2, 3, 38, 39, 39])
  })

  it('gives a class its first page beyond the limit, and no second one', () => {
    const slabs = new SlabAllocator(1024 * 1024)
    for (let i = 0; i < slabs.chunksPerPage(1); i++) expect(slabs.take(1)).not.toBe(NO_CHUNK)
    expect(slabs.take(1)).toBe(NO_CHUNK)
    expect(slabs.take(2)).not.toBe(NO_CHUNK)
    expect(slabs.mallocedBytes).toBe(2 * 1024 * 1024)
    slabs.give(1, 5)
    expect(slabs.freeChunks(1)).toBe(1)
    expect(slabs.take(1)).toBe(5)
  })

  it('gives every chunk room of its own', () => {
    const slabs = new SlabAllocator(3 * 1024 * 1024)
    const size = slabs.chunkBytes[20]! - 56
    const chunks = Array.from({ length: slabs.chunksPerPage(20) * 3 }, () => slabs.take(20))
    for (const chunk of chunks) slabs.pageOf(20, chunk).fill(chunk & 255, slabs.startOf(20, chunk), slabs.startOf(20, chunk) + size)
    for (const chunk of chunks) {
      const held = slabs.pageOf(20, chunk).subarray(slabs.startOf(20, chunk), slabs.startOf(20, chunk) + size)
      expect(held.length).toBe(size)
      expect(held.every((byte) => byte === (chunk & 255))).toBe(true)
    }
  })
})
