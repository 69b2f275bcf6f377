import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { HistoryColumns } from '../../measure/history.ts'
import { HistoryBuffer } from '../../measure/history-buffer.ts'
import type { HistoryColumnName, NumberArray } from '../../measure/history-columns.ts'
import { ORDER_COLUMNS } from '../../measure/history-order.ts'
import { type HistoryStrand, PIECE_ROWS, type StrandReader } from '../../measure/history-strand.ts'
import { type SegmentBytes, type SegmentPlace, scanSegments } from '../../measure/scan-segments.ts'
import { decodePayload, MEANINGFUL_COLUMNS } from '../../measure/segment-payload.ts'
import { type SegmentTexts, textsOf } from '../../measure/segment-texts.ts'
import { StrandIndexer, type StrandPiece } from '../../measure/strand-index.ts'

/** What is known of a file of segments without reading it again. Plain data: a thread can be handed it. */
export interface SegmentFile {
  readonly path: string
  readonly rows: number
  /** Segments that could not be read back. */
  readonly torn: number
  readonly texts: SegmentTexts
  readonly pieces: readonly StrandPiece[]
  /** By piece. */
  readonly places: readonly (readonly SegmentPlace[])[]
}

const INDEXED_COLUMNS: readonly HistoryColumnName[] = [...MEANINGFUL_COLUMNS, ...ORDER_COLUMNS.completed, ...ORDER_COLUMNS.pending]

/**
 * Looks a file of segments through: which of them can be read, and in what order their rows are. `columns` are decoded for
 * `visit`, which sees all rows as they were recorded. Throws what the file system throws, and `SegmentVersionError`.
 */
export function indexSegmentFile(
  path: string,
  columns: readonly HistoryColumnName[] = [],
  visit: (rows: HistoryColumns) => void = () => {},
): SegmentFile {
  const file = new OpenSegmentFile(path)
  const indexer = new StrandIndexer()
  const texts: SegmentTexts = new Map()
  const places: SegmentPlace[][] = []
  const buffer = new HistoryBuffer(0, [...INDEXED_COLUMNS, ...columns])
  let piece: SegmentPlace[] = []
  let filled = 0
  let rows = 0
  const endPiece = () => {
    if (filled === 0) return
    const view = buffer.view(filled, (name) => textsOf(texts, name))
    indexer.add(view)
    visit(view)
    places.push(piece)
    rows += filled
    piece = []
    filled = 0
  }
  try {
    const torn = scanSegments(file, (place, payload) => {
      buffer.reserve(filled + place.rows, filled)
      if (!decodePayload(payload, place.rows, numbersFrom(buffer, filled, place.rows), texts)) return false
      piece.push(place)
      filled += place.rows
      if (filled >= PIECE_ROWS) endPiece()
      return true
    })
    endPiece()
    return { path, rows, torn, texts, pieces: indexer.pieces, places }
  } finally {
    file.close()
  }
}

/** The file as a strand. Its readers throw what the file system throws. */
export function strandOfSegmentFile({ path, texts, pieces, places }: SegmentFile): HistoryStrand {
  return {
    pieces,
    dictionary: (name) => texts.get(name) ?? [],
    open: () => new SegmentFileReader(path, places),
  }
}

class SegmentFileReader implements StrandReader {
  readonly #file: OpenSegmentFile
  readonly #places: readonly (readonly SegmentPlace[])[]

  constructor(path: string, places: readonly (readonly SegmentPlace[])[]) {
    this.#file = new OpenSegmentFile(path)
    this.#places = places
  }

  load(piece: number, into: HistoryBuffer, at: number): void {
    for (const { offset, bytes, rows } of this.#places[piece]!) {
      const payload = this.#file.at(offset, bytes)
      if (payload.length < bytes || !decodePayload(payload, rows, numbersFrom(into, at, rows))) {
        throw new Error(`${this.#file.path} has changed since it was looked through`)
      }
      at += rows
    }
  }

  close(): void {
    this.#file.close()
  }
}

/** Where the rows of a segment go: the buffer's columns from a row on. */
function numbersFrom(buffer: HistoryBuffer, at: number, rows: number): (name: HistoryColumnName) => NumberArray | undefined {
  return (name) => buffer.numbers(name)?.subarray(at, at + rows)
}

class OpenSegmentFile implements SegmentBytes {
  readonly path: string
  readonly length: number
  readonly #handle: number
  #memory = new Uint8Array(0)

  constructor(path: string) {
    this.path = path
    this.#handle = openSync(path, 'r')
    this.length = fstatSync(this.#handle).size
  }

  at(offset: number, length: number): Uint8Array {
    if (this.#memory.length < length) this.#memory = new Uint8Array(length)
    let read = 0
    while (read < length) {
      const bytes = readSync(this.#handle, this.#memory, read, length - read, offset + read)
      if (bytes === 0) break
      read += bytes
    }
    return this.#memory.subarray(0, read)
  }

  close(): void {
    closeSync(this.#handle)
  }
}
