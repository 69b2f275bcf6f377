import { parseInt64 } from '../numbers/integer.ts'

/**
 * A string. Most are plain bytes, whose encoding follows from what they are; a box holds those whose encoding
 * tells of how they came to be: "raw" after APPEND and SETRANGE, "embstr" of digits after INCRBYFLOAT.
 */
export type StringValue = Uint8Array | BoxedString

/** Ranges below this are copied: a reference would hold the whole value, or make the next write move it. */
const COPIED_BYTES = 65_536

export class BoxedString {
  #buffer: Uint8Array
  #length: number
  /** Replies refer to bytes before this: a write to them moves the value to a new place first. */
  #lent = 0
  readonly encoding: 'raw' | 'embstr'

  constructor(bytes: Uint8Array, encoding: 'raw' | 'embstr') {
    this.#buffer = bytes
    this.#length = bytes.length
    this.encoding = encoding
  }

  /** Valid until the next change: for reading at once. */
  get view(): Uint8Array {
    return this.#length === this.#buffer.length ? this.#buffer : this.#buffer.subarray(0, this.#length)
  }

  get length(): number {
    return this.#length
  }

  /** Bytes that stay as they are whatever is written later. A long range costs nothing until a write hits it. */
  lend(from: number, to: number): Uint8Array {
    if (to - from < COPIED_BYTES) return this.#buffer.slice(from, to)
    if (to > this.#lent) this.#lent = to
    return this.#buffer.subarray(from, to)
  }

  /** Writes at `offset`, with zeros up to it where there was nothing. Grows by doubling, so that appending is linear. */
  write(offset: number, bytes: Uint8Array): void {
    const end = Math.max(this.#length, offset + bytes.length)
    if (end > this.#buffer.length || offset < this.#lent) {
      const grown = new Uint8Array(end < 1 << 20 ? end * 2 : end + (1 << 20))
      grown.set(this.view)
      this.#buffer = grown
      this.#lent = 0
    }
    this.#buffer.set(bytes, offset)
    this.#length = end
  }
}

export function isString(value: unknown): value is StringValue {
  return value instanceof Uint8Array || value instanceof BoxedString
}

/** For reading only. */
export function viewOf(value: StringValue): Uint8Array {
  return value instanceof BoxedString ? value.view : value
}

/** For replies, which may be written long after: plain bytes are never changed in place, boxed ones are. */
export function replyBytes(value: StringValue): Uint8Array {
  return value instanceof BoxedString ? value.lend(0, value.length) : value
}

export function replyRange(value: StringValue, from: number, to: number): Uint8Array {
  if (value instanceof BoxedString) return value.lend(from, to)
  return to - from < COPIED_BYTES ? value.slice(from, to) : value.subarray(from, to)
}

/** Longest string that Redis allocates together with its header. */
const EMBEDDED_LIMIT = 44

export function stringEncoding(value: StringValue): 'int' | 'embstr' | 'raw' {
  if (value instanceof BoxedString) return value.encoding
  if (parseInt64(value) !== undefined) return 'int'
  return value.length <= EMBEDDED_LIMIT ? 'embstr' : 'raw'
}
