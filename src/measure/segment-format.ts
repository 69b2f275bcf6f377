import { crc32 } from 'node:zlib'
import { viewOf } from './column-codec.ts'
import { HISTORY_COLUMNS } from './history-columns.ts'

/**
 * Segments: what is written of a history while the run goes on. A file is segments one behind the other; each has a
 * header with a checksum of its own, then its columns with theirs. Text columns carry only the dictionary entries
 * that are new since the segment before.
 *
 * Header (32 bytes, little-endian): magic "CPHS", u16 version, u16 columns, u32 sequence number from 0, u32 rows,
 * u32 payload bytes, u32 CRC-32 of the payload, u32 CRC-32 of the header so far, u32 zero.
 */
export const SEGMENT_VERSION = 2
/** What a segment begins with, as text. */
export const SEGMENT_MAGIC = 'CPHS'
export const SEGMENT_HEADER_BYTES = 32
const MAGIC = 0x53485043
const HEADER_CRC_AT = 24

export interface SegmentHeader {
  readonly sequence: number
  readonly rows: number
  readonly payloadBytes: number
  readonly payloadCrc: number
}

export class SegmentVersionError extends Error {
  readonly code = 'segment-version'
  constructor(version: number) {
    super(`the history's segments have version ${version}; this cacheproof reads version ${SEGMENT_VERSION}`)
  }
}

/** Writes the header into the first bytes of a segment whose payload is in its place. */
export function writeSegmentHeader(segment: Uint8Array, sequence: number, rows: number): void {
  const header = viewOf(segment)
  header.setUint32(0, MAGIC, true)
  header.setUint16(4, SEGMENT_VERSION, true)
  header.setUint16(6, HISTORY_COLUMNS.length, true)
  header.setUint32(8, sequence, true)
  header.setUint32(12, rows, true)
  header.setUint32(16, segment.length - SEGMENT_HEADER_BYTES, true)
  header.setUint32(20, crc32(segment.subarray(SEGMENT_HEADER_BYTES)), true)
  header.setUint32(HEADER_CRC_AT, crc32(segment.subarray(0, HEADER_CRC_AT)), true)
}

/** Undefined for bytes that are no whole header. Throws `SegmentVersionError` for one of another version. */
export function readSegmentHeader(bytes: Uint8Array): SegmentHeader | undefined {
  if (bytes.length < SEGMENT_HEADER_BYTES) return undefined
  const view = viewOf(bytes)
  if (view.getUint32(0, true) !== MAGIC) return undefined
  if (view.getUint32(HEADER_CRC_AT, true) !== crc32(bytes.subarray(0, HEADER_CRC_AT))) return undefined
  const version = view.getUint16(4, true)
  if (version !== SEGMENT_VERSION || view.getUint16(6, true) !== HISTORY_COLUMNS.length) throw new SegmentVersionError(version)
  return {
    sequence: view.getUint32(8, true),
    rows: view.getUint32(12, true),
    payloadBytes: view.getUint32(16, true),
    payloadCrc: view.getUint32(20, true),
  }
}
