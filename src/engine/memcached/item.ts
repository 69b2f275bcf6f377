/** Bits of `Item.marks`, after ITEM_* of memcached.h. */
export const LINKED = 1
/** Read at least once since it was stored. */
export const FETCHED = 2
/** Read again after that: its next turn at the tail of HOT or COLD brings it to WARM. */
export const ACTIVE = 4
/** Invalidated by `md ... I`. */
export const STALE = 8
/** Some client has been told `W` and is recaching it. */
export const TOKEN_SENT = 16
/** The key came in base64 and goes out in base64. */
export const BINARY_KEY = 32

export const ITEM_HEADER_BYTES = 48
export const CAS_BYTES = 8
const CLIENT_FLAGS_BYTES = 4
const LINE_END_BYTES = 2

/** The segments of one slab class's LRU. */
export const HOT = 0
export const WARM = 1
export const COLD = 2
export type Segment = typeof HOT | typeof WARM | typeof COLD

/** A chunk of a slab class, as an item holds it. */
export interface Chunk {
  readonly slabClass: number
  readonly chunk: number
}

/**
 * One stored item. Linked into a hash chain and into one LRU list. Times are memcached's own: whole seconds since
 * two seconds and a minute before the start (see `clock.ts`), 0 = never.
 */
export class Item {
  /** Where key and value lie, one behind the other: a slab page, or an array of its own for a large item. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly keyLength: number
  readonly valueLength: number
  readonly hash: number
  readonly flags: number
  exptime: number
  time = 0
  cas = 0n
  marks = 0
  readonly slabClass: number
  /** The number of its chunk; meaningless for a large item. */
  readonly chunk: number
  /** What a large item takes: one chunk for its header and several for its value. */
  readonly chunks: readonly Chunk[] | null
  segment: Segment = HOT
  newer: Item | null = null
  older: Item | null = null
  chain: Item | null = null

  /** The value is still to be written. */
  constructor(
    place: {
      readonly bytes: Uint8Array
      readonly start: number
      readonly slabClass: number
      readonly chunk: number
      readonly chunks: readonly Chunk[] | null
    },
    key: Uint8Array,
    hash: number,
    flags: number,
    exptime: number,
    valueLength: number,
  ) {
    this.bytes = place.bytes
    this.start = place.start
    this.slabClass = place.slabClass
    this.chunk = place.chunk
    this.chunks = place.chunks
    this.keyLength = key.length
    this.valueLength = valueLength
    this.hash = hash
    this.flags = flags
    this.exptime = exptime
    put(this.bytes, this.start, key)
  }

  /** What memcached would need for it, in bytes: header, key, client flags, value with its line end, cas. */
  get totalBytes(): number {
    return itemBytes(this.keyLength, this.flags, this.valueLength)
  }

  /** A copy: the chunk will hold something else one day. */
  key(): Uint8Array {
    return copy(this.bytes, this.start, this.keyLength)
  }

  /** A copy. */
  value(): Uint8Array {
    return copy(this.bytes, this.start + this.keyLength, this.valueLength)
  }

  /** Writes part of the value, `at` bytes from its beginning. */
  write(source: Uint8Array, at = 0): void {
    put(this.bytes, this.start + this.keyLength + at, source)
  }

  /** Fills the rest of the value. */
  pad(byte: number, from: number): void {
    const value = this.start + this.keyLength
    this.bytes.fill(byte, value + from, value + this.valueLength)
  }

  hasKey(key: Uint8Array): boolean {
    const { bytes, start, keyLength } = this
    if (key.length !== keyLength) return false
    for (let i = 0; i < keyLength; i++) if (bytes[start + i] !== key[i]) return false
    return true
  }
}

/** Below this many bytes a loop beats a call into the runtime. */
const SHORT_BYTES = 32

function put(target: Uint8Array, at: number, source: Uint8Array): void {
  if (source.length >= SHORT_BYTES) target.set(source, at)
  else for (let i = 0; i < source.length; i++) target[at + i] = source[i]!
}

/** From Buffer's pool: a `slice` pays for an ArrayBuffer of its own, which is most of the cost of a read. */
function copy(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const made = Buffer.allocUnsafe(length)
  if (length >= SHORT_BYTES) made.set(bytes.subarray(start, start + length))
  else for (let i = 0; i < length; i++) made[i] = bytes[start + i]!
  return made
}

/** ITEM_ntotal: client flags cost 4 bytes unless they are 0. */
export function itemBytes(keyLength: number, flags: number, valueLength: number): number {
  return ITEM_HEADER_BYTES + CAS_BYTES + keyLength + 1 + (flags === 0 ? 0 : CLIENT_FLAGS_BYTES) + valueLength + LINE_END_BYTES
}
