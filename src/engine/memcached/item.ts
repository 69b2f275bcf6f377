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

/** Marks that tell about the reads of one stored value; a new value starts without them. */
export const ITEM_HEADER_BYTES = 48
const CAS_BYTES = 8
const CLIENT_FLAGS_BYTES = 4
const LINE_END_BYTES = 2

/** The segments of one slab class's LRU. */
export const HOT = 0
export const WARM = 1
export const COLD = 2
export type Segment = typeof HOT | typeof WARM | typeof COLD

/**
 * One stored item. Linked into a hash chain and into one LRU list. Times are memcached's own: whole seconds since
 * two seconds and a minute before the start (see `clock.ts`), 0 = never.
 */
export class Item {
  readonly key: Uint8Array
  readonly hash: number
  readonly flags: number
  value: Uint8Array
  exptime: number
  time = 0
  cas = 0n
  marks = 0
  /** What memcached would need for it, in bytes: header, key, client flags, value with its line end, cas. */
  readonly totalBytes: number
  readonly slabClass: number
  /** Where its chunks come from: one for most, several for a large item. */
  readonly chunkClasses: readonly number[] | null
  segment: Segment = HOT
  newer: Item | null = null
  older: Item | null = null
  chain: Item | null = null

  constructor(
    key: Uint8Array,
    hash: number,
    flags: number,
    exptime: number,
    value: Uint8Array,
    slabClass: number,
    chunkClasses: readonly number[] | null,
  ) {
    this.key = key
    this.hash = hash
    this.flags = flags
    this.exptime = exptime
    this.value = value
    this.slabClass = slabClass
    this.chunkClasses = chunkClasses
    this.totalBytes = itemBytes(key.length, flags, value.length)
  }
}

/** ITEM_ntotal: client flags cost 4 bytes unless they are 0. */
export function itemBytes(keyLength: number, flags: number, valueLength: number): number {
  return ITEM_HEADER_BYTES + CAS_BYTES + keyLength + 1 + (flags === 0 ? 0 : CLIENT_FLAGS_BYTES) + valueLength + LINE_END_BYTES
}
