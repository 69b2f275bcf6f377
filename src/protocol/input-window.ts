/**
 * What decoders do with input that comes in pieces of any size: a chunk is parsed where it lies, and only the
 * unfinished rest of it is copied and kept until more arrives. While something is kept, new chunks are appended
 * to it. A decoder that knows how much it needs sets `needBytes`, so a large value that comes in a thousand
 * chunks is looked at twice, not a thousand times.
 *
 * Memory grows with what has arrived, never with what a length field claims.
 */
export class InputWindow {
  /** Parse from here ... */
  bytes: Buffer = Buffer.alloc(0)
  start = 0
  /** ... up to here. */
  end = 0
  /** Unread bytes without which parsing can't go on; 0 or 1 = any. Set by the decoder before `keep`. */
  needBytes = 0
  /** Bytes offered so far. */
  #offered = 0
  #kept: Buffer = Buffer.alloc(0)
  #keptLength = 0

  /** True when there is something worth parsing. `chunk` must stay as it is until `keep` is called. */
  offer(chunk: Buffer): boolean {
    this.#offered += chunk.length
    if (this.#keptLength === 0) {
      this.bytes = chunk
      this.start = 0
      this.end = chunk.length
    } else {
      this.#append(chunk, 0)
      this.bytes = this.#kept
      this.start = 0
      this.end = this.#keptLength
    }
    if (this.end >= this.needBytes) {
      this.needBytes = 0
      return this.end > 0
    }
    this.keep()
    return false
  }

  /** Ends the look at a chunk: copies what was not consumed. */
  keep(): void {
    const rest = this.end - this.start
    if (this.bytes === this.#kept) {
      if (this.start > 0 && rest > 0) this.#kept.copyWithin(0, this.start, this.end)
      this.#keptLength = rest
      if (rest === 0 && this.#kept.length > 1_048_576) this.#kept = Buffer.alloc(0)
    } else {
      this.#keptLength = 0
      if (rest > 0) this.#append(this.bytes, this.start, this.end)
    }
    this.bytes = EMPTY
    this.start = 0
    this.end = 0
  }

  /** Where parsing stands, in bytes since the beginning of the stream; valid while a chunk is looked at. */
  get position(): number {
    return this.#offered - (this.end - this.start)
  }

  /** Bytes kept for later. */
  get keptBytes(): number {
    return this.#keptLength
  }

  discard(): void {
    this.bytes = EMPTY
    this.start = this.end = this.needBytes = this.#keptLength = 0
    this.#kept = EMPTY
  }

  #append(source: Buffer, from: number, to = source.length): void {
    const count = to - from
    const needed = this.#keptLength + count
    if (needed > this.#kept.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, Math.min(this.#kept.length * 2, needed + 67_108_864), 1_024))
      this.#kept.copy(grown, 0, 0, this.#keptLength)
      this.#kept = grown
    }
    source.copy(this.#kept, this.#keptLength, from, to)
    this.#keptLength = needed
  }
}

const EMPTY = Buffer.alloc(0)
