import type { Word } from './command.ts'

const CR = 13
const LF = 10
/** Of characters: a longer one is quicker in Buffer's native writers. */
export const LONGEST_LOOPED_TEXT = 40

/**
 * A growing buffer that encoders write into and drivers hand to a socket. Data plane: nothing is allocated per
 * write while the capacity holds, integers are written digit by digit, short ASCII strings byte by byte (measured
 * in bench/protocol.bench.ts: below about 40 characters that beats a call into Buffer's native writers).
 *
 * The content is `bytes[0, length)`. Whoever hands `bytes` to something asynchronous calls `detach`.
 */
export class ByteWriter {
  bytes: Buffer
  length = 0
  readonly #initialBytes: number

  constructor(initialBytes = 16_384) {
    this.#initialBytes = initialBytes
    this.bytes = Buffer.allocUnsafeSlow(initialBytes)
  }

  /** Forgets the content and keeps the memory, unless one giant message blew it up. */
  reset(): void {
    this.length = 0
    if (this.bytes.length > 64 * this.#initialBytes) this.bytes = Buffer.allocUnsafeSlow(this.#initialBytes)
  }

  /** The content as a view whose memory the writer no longer owns. */
  detach(): Buffer {
    const content = this.bytes.subarray(0, this.length)
    this.bytes = Buffer.allocUnsafeSlow(this.#initialBytes)
    this.length = 0
    return content
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count
    if (needed <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2))
    this.bytes.copy(grown, 0, 0, this.length)
    this.bytes = grown
  }

  byte(value: number): void {
    if (this.length === this.bytes.length) this.reserve(1)
    this.bytes[this.length++] = value
  }

  crlf(): void {
    this.reserve(2)
    this.bytes[this.length++] = CR
    this.bytes[this.length++] = LF
  }

  /** A safe integer in decimal. */
  integer(value: number): void {
    this.reserve(17)
    const { bytes } = this
    if (value < 0) {
      bytes[this.length++] = 45
      value = -value
    }
    if (value < 10) {
      bytes[this.length++] = 48 + value
      return
    }
    const digits = digitsOf(value)
    let at = this.length + digits
    this.length = at
    while (value > 0xffffffff) {
      const quotient = Math.floor(value / 10)
      bytes[--at] = 48 + (value - quotient * 10)
      value = quotient
    }
    // Below 2^32 the engine divides in integer registers.
    let rest = value >>> 0
    do {
      const quotient = (rest / 10) >>> 0
      bytes[--at] = 48 + (rest - quotient * 10)
      rest = quotient
    } while (rest > 0)
  }

  /** One byte a character; characters above 0xff are written as UTF-8 (see `text-bytes`: server texts are Latin-1 views of bytes). */
  latin1(text: string): void {
    const count = text.length
    this.reserve(count)
    const { bytes } = this
    const start = this.length
    for (let i = 0; i < count; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 0xff) {
        this.length = start
        this.utf8(text)
        return
      }
      bytes[start + i] = unit
    }
    this.length = start + count
  }

  utf8(text: string): void {
    this.reserve(text.length * 3)
    this.length += this.bytes.write(text, this.length, 'utf8')
  }

  raw(source: Uint8Array): void {
    const count = source.length
    this.reserve(count)
    if (count < 32) {
      const { bytes } = this
      const start = this.length
      for (let i = 0; i < count; i++) bytes[start + i] = source[i]!
    } else {
      this.bytes.set(source, this.length)
    }
    this.length += count
  }

  word(word: Word): void {
    if (typeof word !== 'string') {
      this.raw(word)
      return
    }
    const count = word.length
    if (count > LONGEST_LOOPED_TEXT) {
      this.utf8(word)
      return
    }
    this.reserve(count * 3)
    const { bytes } = this
    const start = this.length
    for (let i = 0; i < count; i++) {
      const unit = word.charCodeAt(i)
      if (unit > 0x7f) {
        this.utf8(word)
        return
      }
      bytes[start + i] = unit
    }
    this.length = start + count
  }
}

/** Bytes a word takes on the wire. */
export function wordLength(word: Word): number {
  if (typeof word !== 'string') return word.length
  const count = word.length
  if (count > LONGEST_LOOPED_TEXT) return Buffer.byteLength(word, 'utf8')
  for (let i = 0; i < count; i++) if (word.charCodeAt(i) > 0x7f) return Buffer.byteLength(word, 'utf8')
  return count
}

/** Decimal digits of a positive safe integer. */
export function digitsOf(value: number): number {
  if (value < 100_000) {
    if (value < 100) return value < 10 ? 1 : 2
    if (value < 10_000) return value < 1_000 ? 3 : 4
    return 5
  }
  if (value < 10_000_000_000) {
    if (value < 10_000_000) return value < 1_000_000 ? 6 : 7
    if (value < 1_000_000_000) return value < 100_000_000 ? 8 : 9
    return 10
  }
  let digits = 11
  // Powers of ten are exact far beyond the largest safe integer.
  for (let bound = 100_000_000_000; value >= bound; bound *= 10) digits++
  return digits
}
