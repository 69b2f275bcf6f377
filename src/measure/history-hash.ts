import { createHash, type Hash } from 'node:crypto'
import type { HistoryColumns } from './history.ts'
import { dictionaryOf, HISTORY_COLUMNS, type NumberArray, numbersOf } from './history-columns.ts'
import { TextDictionary } from './text-dictionary.ts'

/** A column is made canonical piece by piece: memory for all of it would be new from the system, which is slow. */
const PIECE_ROWS = 4_096

/**
 * SHA-256 (hex) over all rows in order. Depends on what the rows say only, not on the order of dictionaries or on
 * where the columns come from (memory, segments, Parquet): equal for equal virtual runs.
 */
export function historyHash(columns: HistoryColumns): string {
  const hash = createHash('sha256').update(`cacheproof history 2, ${columns.length} rows\n`)
  for (const { name, type, integer } of HISTORY_COLUMNS) {
    hash.update(`${name} ${type}\n`)
    const numbers = numbersOf(columns, name).subarray(0, columns.length)
    const dictionary = dictionaryOf(columns, name)
    if (dictionary) hashCodes(hash, numbers, dictionary)
    else if (type === 'float64' && !integer) hashFloats(hash, numbers)
    else hash.update(bytesOf(numbers))
  }
  return hash.digest('hex')
}

/** The texts that are used, in order of first use, and codes into that list. */
function hashCodes(hash: Hash, codes: NumberArray, dictionary: readonly string[]): void {
  const used = new TextDictionary()
  const recoded = new Int32Array(dictionary.length).fill(-1)
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (recoded[code] === -1) recoded[code] = used.code(dictionary[code]!)
  }
  hash.update(JSON.stringify(used.entries))
  const piece = new Uint16Array(PIECE_ROWS)
  for (let from = 0; from < codes.length; from += PIECE_ROWS) {
    const rows = Math.min(PIECE_ROWS, codes.length - from)
    for (let row = 0; row < rows; row++) piece[row] = recoded[codes[from + row]!]!
    hash.update(bytesOf(piece.subarray(0, rows)))
  }
}

/** One bit pattern for NaN and one for zero. */
function hashFloats(hash: Hash, values: NumberArray): void {
  const piece = new Float64Array(PIECE_ROWS)
  for (let from = 0; from < values.length; from += PIECE_ROWS) {
    const rows = Math.min(PIECE_ROWS, values.length - from)
    for (let row = 0; row < rows; row++) {
      const value = values[from + row]!
      piece[row] = Number.isNaN(value) ? Number.NaN : value + 0
    }
    hash.update(bytesOf(piece.subarray(0, rows)))
  }
}

function bytesOf(values: NumberArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
