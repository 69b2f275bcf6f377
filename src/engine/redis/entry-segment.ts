export const SEGMENT_BITS = 14
export const SEGMENT = 1 << SEGMENT_BITS
export const SEGMENT_MASK = SEGMENT - 1

/**
 * The columns of 16,384 entries. A keyspace is a list of these: growth never copies what is there (a single array of
 * 16 M doubles takes 60 ms to grow) and nothing is limited to the 2^24 keys of a JavaScript Map. Entry `n` is in
 * segment `n >> SEGMENT_BITS` at `n & SEGMENT_MASK`.
 */
export class EntrySegment {
  readonly keys: string[] = []
  readonly values: unknown[] = []
  readonly hash = new Int32Array(SEGMENT)
  /** The next entry of the same bucket, or -1. */
  readonly next = new Int32Array(SEGMENT)
  readonly clock = new Uint32Array(SEGMENT)
  readonly epoch = new Uint32Array(SEGMENT)
  readonly size = new Float64Array(SEGMENT)
  /** Allocated when the first key of the segment gets an expiry (`ExpiryHeap`). */
  expiry: Float64Array | undefined
  heapAt: Int32Array | undefined
}
