import { ByteSlab } from '../../protocol/byte-slab.ts'
import { digitsOf } from '../../protocol/byte-writer.ts'
import type { Stream } from '../../runtime/runtime.ts'
import type { ValuesSpec } from '../workload.ts'
import type { ValueIdentity, ValueMaker } from './value-maker.ts'
import { createValueSize, describeValueSize } from './value-size.ts'

/**
 * `cp1:<key id>:<version>:<writer>:` in decimal, padding, and at the very end 8 hex digits that are a hash of the
 * three numbers and the length. A value cut short, grown, or put together from two versions has an end that does not
 * fit its beginning. Key ids and versions have at most 10 digits, writers 5: header and trailer fit into
 * MIN_VALUE_BYTES, so every version of a key has the same size.
 *
 * Data plane: a value is one copy out of a page of padding made once.
 */
export function createValueMaker(spec: ValuesSpec, stream: Stream): ValueMaker {
  const size = createValueSize(spec.size, stream)
  const pad = createPadding(spec, stream)
  const slab = new ByteSlab()

  return {
    description: `${describeValueSize(spec.size)}, ${Math.round(spec.compressible * 100)} % of the padding repeats`,
    size,
    make(keyId, version, writer) {
      const bytes = size(keyId)
      const value = slab.take(bytes)
      const hash = identityHash(keyId, version, writer, bytes)
      // Another place of the page for another version: two versions of a key differ in more than their header.
      pad(value, hash & (BLOCKS - 1))
      value[0] = C
      value[1] = P
      value[2] = ONE
      value[3] = COLON
      let at = writeNumber(value, 4, keyId)
      at = writeNumber(value, at, version)
      writeNumber(value, at, writer)
      const end = bytes - TRAILER_BYTES
      writeHex(value, end, hash)
      return value
    },
    read: readValue,
  }
}

const TRAILER_BYTES = 8
/** Apart from lane 0, which sizes are drawn from. */
const PADDING_LANE = 1
/** Longer than the windows of LZF (8 KiB) and deflate (32 KiB): padding that "does not repeat" doesn't to them either. */
const PAGE_BYTES = 64 * 1024
/** In each block of the page the first part is one character, the rest is random. */
const BLOCK_BYTES = 64
const BLOCKS = PAGE_BYTES / BLOCK_BYTES

const C = 0x63
const P = 0x70
const ONE = 0x31
const COLON = 0x3a
const ZERO = 0x30
const HEX = Buffer.from('0123456789abcdef')

/** Fills a value with the page from one of its blocks on. A cut of the page is an object: where all values are of one size, it is kept. */
function createPadding({ compressible, size }: ValuesSpec, stream: Stream): (value: Buffer, block: number) => void {
  const page = paddingPage(compressible, stream)
  const kept = size.kind === 'fixed' ? new Array<Buffer | undefined>(BLOCKS).fill(undefined) : undefined
  return (value, block) => {
    const from = block * BLOCK_BYTES
    const end = from + value.length
    if (end > PAGE_BYTES) {
      fillAround(value, page, from)
      return
    }
    let cut = kept?.[block]
    if (!cut) {
      cut = page.subarray(from, end)
      if (kept) kept[block] = cut
    }
    value.set(cut)
  }
}

/** Past the page's end it goes on at its beginning. */
function fillAround(value: Buffer, page: Buffer, start: number): void {
  let from = start
  for (let at = 0; at < value.length; ) {
    const chunk = Math.min(value.length - at, PAGE_BYTES - from)
    page.copy(value, at, from, from + chunk)
    at += chunk
    from = 0
  }
}

function paddingPage(compressible: number, stream: Stream): Buffer {
  const page = Buffer.alloc(PAGE_BYTES, '.')
  const repeated = Math.round(BLOCK_BYTES * compressible)
  for (let at = 0; at < PAGE_BYTES; at++) if (at % BLOCK_BYTES >= repeated) page[at] = stream.uint32(at, PADDING_LANE) & 0xff
  return page
}

/** What a value says of itself; undefined when it is none of ours or torn. Allocates nothing but its answer. */
function readValue(value: Uint8Array): ValueIdentity | undefined {
  if (value[0] !== C || value[1] !== P || value[2] !== ONE || value[3] !== COLON) return undefined
  let at = 4
  let keyId = 0
  let version = 0
  for (let field = 0; field < 3; field++) {
    let number = 0
    const start = at
    for (; at < value.length; at++) {
      const digit = value[at]! - ZERO
      if (digit < 0 || digit > 9) break
      number = number * 10 + digit
    }
    if (at === start || value[at] !== COLON) return undefined
    at++
    if (field === 0) keyId = number
    else if (field === 1) version = number
    else return trailerFits(value, at, keyId, version, number) ? { keyId, version, writer: number } : undefined
  }
  return undefined
}

function trailerFits(value: Uint8Array, headerEnd: number, keyId: number, version: number, writer: number): boolean {
  const end = value.length - TRAILER_BYTES
  if (end < headerEnd) return false
  const hash = identityHash(keyId, version, writer, value.length)
  for (let digit = 0; digit < TRAILER_BYTES; digit++) {
    if (value[end + digit] !== HEX[(hash >>> (28 - 4 * digit)) & 0xf]) return false
  }
  return true
}

/** Digit by digit: `buffer.write(String(n))` costs a string and a call out of JavaScript. */
function writeNumber(value: Buffer, at: number, number: number): number {
  if (number < 0x100000000) return writeShortNumber(value, at, number >>> 0)
  let digits = 1
  for (let bound = 10; number >= bound; bound *= 10) digits++
  const end = at + digits
  let left = number
  for (let place = end - 1; place >= at; place--) {
    const shorter = Math.floor(left / 10)
    value[place] = ZERO + left - shorter * 10
    left = shorter
  }
  value[end] = COLON
  return end + 1
}

/** The same below 2^32, where the engine divides in integer registers: half the time. */
function writeShortNumber(value: Buffer, at: number, number: number): number {
  const end = at + digitsOf(number)
  let left = number
  for (let place = end - 1; place >= at; place--) {
    const shorter = (left / 10) >>> 0
    value[place] = ZERO + left - shorter * 10
    left = shorter
  }
  value[end] = COLON
  return end + 1
}

function writeHex(value: Buffer, at: number, hash: number): void {
  for (let digit = 0; digit < TRAILER_BYTES; digit++) value[at + digit] = HEX[(hash >>> (28 - 4 * digit)) & 0xf]!
}

/** FNV-1a over the 32-bit halves, then MurmurHash3's finaliser; unsigned 32 bits. */
function identityHash(keyId: number, version: number, writer: number, bytes: number): number {
  let hash = 0x811c9dc5
  hash = Math.imul(hash ^ (keyId >>> 0), 0x01000193)
  hash = Math.imul(hash ^ Math.floor(keyId / 4294967296), 0x01000193)
  hash = Math.imul(hash ^ (version >>> 0), 0x01000193)
  hash = Math.imul(hash ^ Math.floor(version / 4294967296), 0x01000193)
  hash = Math.imul(hash ^ (writer >>> 0), 0x01000193)
  hash = Math.imul(hash ^ bytes, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
