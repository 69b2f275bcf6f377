import { encodeNumbers, viewOf } from './column-codec.ts'
import type { HistoryColumns } from './history.ts'
import { dictionaryOf, HISTORY_COLUMNS, type HistoryColumnName, numbersOf } from './history-columns.ts'
import { SEGMENT_HEADER_BYTES, writeSegmentHeader } from './segment-format.ts'

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

    const segment = new Uint8Array(SEGMENT_HEADER_BYTES + payloadBytes)
    let at = SEGMENT_HEADER_BYTES
    for (const piece of pieces) {
      segment.set(piece, at)
      at += piece.length
    }
    writeSegmentHeader(segment, this.#sequence++, columns.length)
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

function uint32s(...values: number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = viewOf(bytes)
  values.forEach((value, index) => {
    view.setUint32(4 * index, value, true)
  })
  return bytes
}
