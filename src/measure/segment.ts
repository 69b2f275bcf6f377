import { crc32 } from 'node:zlib'
import { decodeNumbers, encodeNumbers, viewOf } from './column-codec.ts'
import type { HistoryColumns } from './history.ts'
import { LAYERS, STATUSES } from './history.ts'
import { assembleHistory, dictionaryOf, HISTORY_COLUMNS, type HistoryColumnName, type NumberArray, numbersOf } from './history-columns.ts'

/**
 * Segments: what is written of a history while the run goes on. A file is segments one behind the other; each has a
 * header with a checksum of its own, then its columns with theirs. Text columns carry only the dictionary entries
 * that are new since the segment before.
 *
 * Header (32 bytes, little-endian): magic "CPHS", u16 version, u16 columns, u32 sequence number from 0, u32 rows,
 * u32 payload bytes, u32 CRC-32 of the payload, u32 CRC-32 of the header so far, u32 zero.
 */
export const SEGMENT_VERSION = 2
const MAGIC = 0x53485043
const HEADER_BYTES = 32
const HEADER_CRC_AT = 24

/** Writes the segments of one file, in order. Holds what was written so far of the dictionaries. */
export class SegmentEncoder {
  #sequence = 0
  readonly #written = new Map<HistoryColumnName, number>()

  /** One segment of these rows. The columns must come from one `HistoryBuilder` from call to call. */
  encode(columns: HistoryColumns): Uint8Array {
    const pieces: Uint8Array[] = []
    for (const { name } of HISTORY_COLUMNS) {
      const dictionary = dictionaryOf(columns, name)
      if (dictionary) pieces.push(...this.#newTexts(name, dictionary))
      pieces.push(...encodeNumbers(numbersOf(columns, name).subarray(0, columns.length)))
    }
    let payloadBytes = 0
    for (const piece of pieces) payloadBytes += piece.length

    const segment = new Uint8Array(HEADER_BYTES + payloadBytes)
    let at = HEADER_BYTES
    for (const piece of pieces) {
      segment.set(piece, at)
      at += piece.length
    }
    const header = viewOf(segment)
    header.setUint32(0, MAGIC, true)
    header.setUint16(4, SEGMENT_VERSION, true)
    header.setUint16(6, HISTORY_COLUMNS.length, true)
    header.setUint32(8, this.#sequence++, true)
    header.setUint32(12, columns.length, true)
    header.setUint32(16, payloadBytes, true)
    header.setUint32(20, crc32(segment.subarray(HEADER_BYTES)), true)
    header.setUint32(HEADER_CRC_AT, crc32(segment.subarray(0, HEADER_CRC_AT)), true)
    return segment
  }

  /** u32 index of the first new entry, u32 how many, then u32 length and UTF-8 bytes of each. */
  #newTexts(name: HistoryColumnName, dictionary: readonly string[]): Uint8Array[] {
    const start = this.#written.get(name) ?? 0
    this.#written.set(name, dictionary.length)
    const pieces = [uint32s(start, dictionary.length - start)]
    for (const text of dictionary.slice(start)) {
      const bytes = new TextEncoder().encode(text)
      pieces.push(uint32s(bytes.length), bytes)
    }
    return pieces
  }
}

export interface DecodedSegments {
  /** One history a segment that could be read, in order. Dictionaries are shared. */
  readonly parts: readonly HistoryColumns[]
  readonly rows: number
  /** Segments that were torn, damaged or are missing between those that could be read. */
  readonly torn: number
}

/**
 * Reads a file of segments; never throws for damage, which is counted. A damaged segment is skipped by looking for
 * the next header; a later one that uses texts which only a lost segment named is lost too. Throws
 * `SegmentVersionError` for segments that a later version wrote.
 */
export function decodeSegments(bytes: Uint8Array): DecodedSegments {
  const parts: HistoryColumns[] = []
  const dictionaries = new Map<HistoryColumnName, string[]>()
  let rows = 0
  let torn = 0
  let expected = 0
  let at = 0
  let garbage = false
  while (at < bytes.length) {
    const header = readHeader(bytes, at)
    if (!header) {
      garbage = true
      at = nextMagic(bytes, at + 1)
      continue
    }
    const end = at + HEADER_BYTES + header.payloadBytes
    const payload = bytes.subarray(at + HEADER_BYTES, end)
    const whole = payload.length === header.payloadBytes && crc32(payload) === header.payloadCrc
    const part = whole ? decodePayload(payload, header.rows, dictionaries) : undefined
    if (part) {
      torn += Math.max(0, header.sequence - expected)
      parts.push(part)
      rows += part.length
      expected = header.sequence + 1
      garbage = false
      at = end
    } else {
      garbage = true
      // The length of a whole segment can be trusted; that of a torn one points beyond what was written after it.
      at = whole ? end : nextMagic(bytes, at + 1)
    }
  }
  return { parts, rows, torn: torn + (garbage ? 1 : 0) }
}

export class SegmentVersionError extends Error {
  readonly code = 'segment-version'
  constructor(version: number) {
    super(`the history's segments have version ${version}; this cacheproof reads version ${SEGMENT_VERSION}`)
  }
}

interface Header {
  readonly sequence: number
  readonly rows: number
  readonly payloadBytes: number
  readonly payloadCrc: number
}

function readHeader(bytes: Uint8Array, at: number): Header | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined
  const view = viewOf(bytes)
  if (view.getUint32(at, true) !== MAGIC) return undefined
  if (view.getUint32(at + HEADER_CRC_AT, true) !== crc32(bytes.subarray(at, at + HEADER_CRC_AT))) return undefined
  const version = view.getUint16(at + 4, true)
  if (version !== SEGMENT_VERSION || view.getUint16(at + 6, true) !== HISTORY_COLUMNS.length) throw new SegmentVersionError(version)
  return {
    sequence: view.getUint32(at + 8, true),
    rows: view.getUint32(at + 12, true),
    payloadBytes: view.getUint32(at + 16, true),
    payloadCrc: view.getUint32(at + 20, true),
  }
}

/** Where the next segment may begin; the end when there is none. */
function nextMagic(bytes: Uint8Array, from: number): number {
  const found = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf('CPHS', from, 'latin1')
  return found < 0 ? bytes.length : found
}

function decodePayload(payload: Uint8Array, rows: number, dictionaries: Map<HistoryColumnName, string[]>): HistoryColumns | undefined {
  const numbers = new Map<HistoryColumnName, NumberArray>()
  let at = 0
  for (const { name, type } of HISTORY_COLUMNS) {
    if (type === 'text') {
      const next = takeTexts(payload, at, dictionary(dictionaries, name))
      if (next === undefined) return undefined
      at = next
    }
    const column = decodeNumbers(payload, at, type, rows)
    if (!column) return undefined
    numbers.set(name, column.values)
    at = column.next
  }
  if (at !== payload.length) return undefined
  const part = assembleHistory(
    rows,
    ({ name }) => numbers.get(name)!,
    ({ name }) => dictionary(dictionaries, name),
  )
  return isMeaningful(part) ? part : undefined
}

function dictionary(dictionaries: Map<HistoryColumnName, string[]>, name: HistoryColumnName): string[] {
  let texts = dictionaries.get(name)
  if (!texts) {
    texts = []
    dictionaries.set(name, texts)
  }
  return texts
}

/** Puts a segment's new texts where their codes point; texts of a lost segment leave holes. Returns where the numbers begin. */
function takeTexts(payload: Uint8Array, at: number, texts: string[]): number | undefined {
  const view = viewOf(payload)
  if (at + 8 > payload.length) return undefined
  const start = view.getUint32(at, true)
  const count = view.getUint32(at + 4, true)
  if (start + count > 0x10000) return undefined
  at += 8
  for (let entry = start; entry < start + count; entry++) {
    if (at + 4 > payload.length) return undefined
    const length = view.getUint32(at, true)
    at += 4
    if (at + length > payload.length) return undefined
    texts[entry] = new TextDecoder().decode(payload.subarray(at, at + length))
    at += length
  }
  return at
}

/** Every code names something. */
function isMeaningful(part: HistoryColumns): boolean {
  for (const { name, type } of HISTORY_COLUMNS) {
    if (type !== 'text') continue
    const codes = numbersOf(part, name)
    const texts = dictionaryOf(part, name)!
    for (let row = 0; row < part.length; row++) if (texts[codes[row]!] === undefined) return false
  }
  for (let row = 0; row < part.length; row++) {
    if (part.layer[row]! >= LAYERS.length || part.status[row]! >= STATUSES.length) return false
  }
  return true
}

function uint32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = viewOf(bytes)
  values.forEach((value, index) => {
    view.setUint32(4 * index, value, true)
  })
  return bytes
}
