const SLAB_BYTES = 65_536
/** Larger ones are allocated by themselves: a slab lives as long as the last of what was cut from it. */
const LARGEST_CUT_BYTES = 4_096

/**
 * Memory for many small byte strings, cut from one large one. `Buffer.allocUnsafe` does the same by 8 KB, and a new
 * pool costs some 10 us: with values of 500 bytes that is as much as everything else a decoder does with them.
 */
export class ByteSlab {
  #slab = Buffer.alloc(0)
  #used = 0

  /** Bytes of any content. */
  take(count: number): Buffer {
    if (count > LARGEST_CUT_BYTES) return Buffer.allocUnsafe(count)
    if (this.#used + count > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      this.#used = 0
    }
    const bytes = this.#slab.subarray(this.#used, this.#used + count)
    this.#used += count
    return bytes
  }
}
