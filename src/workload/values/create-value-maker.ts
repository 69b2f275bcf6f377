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
  const page = paddingPage(spec.compressible, stream)
  const slab = new ByteSlab()

  return {
    description: `${describeValueSize(spec.size)}, ${Math.round(spec.compressible * 100)} % of the padding repeats`,
    size,
    make(keyId, version, writer) {
      const bytes = size(keyId)
      const value = slab.take(bytes)
      value[0] = C
      value[1] = P
      value[2] = ONE
      value[3] = COLON
      let at = writeNumber(value, 4, keyId)
      at = writeNumber(value, at, version)
      at = writeNumber(value, at, writer)
      const end = bytes - TRAILER_BYTES
      // Another place of the page for another version: two versions of a key differ in more than their header.
      const hash = identityHash(keyId, version, writer, bytes)
      let from = (hash % (PAGE_BYTES / BLOCK_BYTES)) * BLOCK_BYTES
      while (at < end) {
        const chunk = Math.min(end - at, PAGE_BYTES - from)
        if (chunk > LONGEST_LOOPED_BYTES) page.copy(value, at, from, from + chunk)
        else for (let i = 0; i < chunk; i++) value[at + i] = page[from + i]!
        at += chunk
        from = 0
      }
      writeHex(value, end, hash)
      return value
    },
    read: readValue,
  }
}

const TRAILER_BYTES = 8
/** A call out of JavaScript costs as much as a loop over so many bytes. */
const LONGEST_LOOPED_BYTES = 128
/** Apart from lane 0, which sizes are drawn from. */
const PADDING_LANE = 1
/** Longer than the windows of LZF (8 KiB) and deflate (32 KiB): padding that "does not repeat" doesn't to them either. */
const PAGE_BYTES = 64 * 1024
/** In each block of the page the first part is one character, the rest is random. */
const BLOCK_BYTES = 64

const C = 0x63
const P = 0x70
const ONE = 0x31
const COLON = 0x3a
const ZERO = 0x30

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
    if (value[end + digit] !== hexDigit(hash >>> (28 - 4 * digit))) return false
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
  for (let digit = 0; digit < TRAILER_BYTES; digit++) value[at + digit] = hexDigit(hash >>> (28 - 4 * digit))
}

function hexDigit(number: number): number {
  const digit = number & 0xf
  return digit < 10 ? ZERO + digit : 0x61 + digit - 10
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
