import type { HistoryColumns } from './history.ts'
import { dictionaryOf, type HistoryColumnSpec, type NumberArray, numbersOf } from './history-columns.ts'
import { TextDictionary } from './text-dictionary.ts'

/** A column is made canonical piece by piece: memory for all of it would be new from the system, which is slow. */
const PIECE_ROWS = 4_096

/** What a column says, as bytes that do not depend on where it comes from: what is equal has equal bytes. */
export class CanonicalColumn {
  readonly spec: HistoryColumnSpec
  readonly #used = new TextDictionary()
  /** By code as it stands in the column; -1: not seen yet. */
  #codes = new Int32Array(0)
  readonly #floats = new Float64Array(PIECE_ROWS)
  readonly #recoded = new Uint16Array(PIECE_ROWS)

  constructor(spec: HistoryColumnSpec) {
    this.spec = spec
  }

  /** A text column's texts that are used in what was learnt, in order of first use: what its canonical codes point into. */
  get texts(): readonly string[] {
    return this.#used.entries
  }

  /** Finds new texts. Does nothing for numbers. */
  learn(rows: HistoryColumns): void {
    const texts = dictionaryOf(rows, this.spec.name)
    if (!texts) return
    if (this.#codes.length < texts.length) {
      const grown = new Int32Array(texts.length).fill(-1)
      grown.set(this.#codes)
      this.#codes = grown
    }
    const codes = numbersOf(rows, this.spec.name)
    for (let row = 0; row < rows.length; row++) {
      const code = codes[row]!
      if (this.#codes[code] === -1) this.#codes[code] = this.#used.code(texts[code]!)
    }
  }

  /** Hands over the bytes of these rows, in order, in pieces that are valid during the call. Texts have to be learnt. */
  bytes(rows: HistoryColumns, take: (bytes: Uint8Array) => void): void {
    const { name, type, integer } = this.spec
    const values = numbersOf(rows, name).subarray(0, rows.length)
    if (type === 'text') this.#takeCodes(values, take)
    else if (type === 'float64' && !integer) this.#takeFloats(values, take)
    else take(bytesOf(values))
  }

  #takeCodes(codes: NumberArray, take: (bytes: Uint8Array) => void): void {
    for (let from = 0; from < codes.length; from += PIECE_ROWS) {
      const rows = Math.min(PIECE_ROWS, codes.length - from)
      for (let row = 0; row < rows; row++) this.#recoded[row] = this.#codes[codes[from + row]!]!
      take(bytesOf(this.#recoded.subarray(0, rows)))
    }
  }

  /** One bit pattern for NaN and one for zero. */
  #takeFloats(values: NumberArray, take: (bytes: Uint8Array) => void): void {
    for (let from = 0; from < values.length; from += PIECE_ROWS) {
      const rows = Math.min(PIECE_ROWS, values.length - from)
      for (let row = 0; row < rows; row++) {
        const value = values[from + row]!
        this.#floats[row] = Number.isNaN(value) ? Number.NaN : value + 0
      }
      take(bytesOf(this.#floats.subarray(0, rows)))
    }
  }
}

function bytesOf(values: NumberArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
