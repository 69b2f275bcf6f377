import { crc32 } from 'node:zlib'
import { readSegmentHeader, SEGMENT_HEADER_BYTES, SEGMENT_MAGIC } from './segment-format.ts'

/** A file of segments, or one in memory, of which a few bytes at a time are looked at. */
export interface SegmentBytes {
  readonly length: number
  /** The bytes from `offset` on, fewer at the end. Valid until the next call. */
  at(offset: number, length: number): Uint8Array
}

/** Where the payload of a whole segment is. */
export interface SegmentPlace {
  readonly offset: number
  readonly bytes: number
  readonly rows: number
}

/** How much is searched at a time for where a segment begins. */
const SEARCH_BYTES = 65_536

/**
 * Hands over the segments of a file, in order, whose checksums are right. `take` says whether it could read one. Never
 * throws for damage: a damaged segment is skipped by looking for the next header. Returns how many were torn, damaged or
 * are missing between those that were taken. Throws `SegmentVersionError` for segments of another version.
 */
export function scanSegments(file: SegmentBytes, take: (place: SegmentPlace, payload: Uint8Array) => boolean): number {
  let torn = 0
  let expected = 0
  let at = 0
  let garbage = false
  while (at < file.length) {
    const header = readSegmentHeader(file.at(at, SEGMENT_HEADER_BYTES))
    if (!header) {
      garbage = true
      at = nextMagic(file, at + 1)
      continue
    }
    const place = { offset: at + SEGMENT_HEADER_BYTES, bytes: header.payloadBytes, rows: header.rows }
    const end = place.offset + place.bytes
    const payload = file.at(place.offset, Math.min(place.bytes, file.length - place.offset))
    const whole = payload.length === place.bytes && crc32(payload) === header.payloadCrc
    if (whole && take(place, payload)) {
      torn += Math.max(0, header.sequence - expected)
      expected = header.sequence + 1
      garbage = false
      at = end
    } else {
      garbage = true
      // The length of a whole segment can be trusted; that of a torn one points beyond what was written after it.
      at = whole ? end : nextMagic(file, at + 1)
    }
  }
  return torn + (garbage ? 1 : 0)
}

export function segmentBytes(bytes: Uint8Array): SegmentBytes {
  return { length: bytes.length, at: (offset, length) => bytes.subarray(offset, offset + length) }
}

/** Where the next segment may begin; the end when there is none. */
function nextMagic(file: SegmentBytes, from: number): number {
  for (let at = from; at < file.length; at += SEARCH_BYTES) {
    // A magic may lie across two of these.
    const bytes = file.at(at, SEARCH_BYTES + SEGMENT_MAGIC.length - 1)
    const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(SEGMENT_MAGIC, 0, 'latin1')
    if (found >= 0) return at + found
  }
  return file.length
}
