import type { DecodedArray } from 'hyparquet'
import { allocateOwnNumbers, type HistoryColumnSpec, type NumberArray } from '../../measure/history-columns.ts'
import { TextDictionary } from '../../measure/text-dictionary.ts'
import { COLUMN_WORDS } from './history-encoder.ts'

/** Where a column is put together again, a row group at a time, from the chunks that the reader hands over. */
export class ParquetColumn {
  readonly spec: HistoryColumnSpec
  /** Over all row groups. */
  readonly dictionary = new TextDictionary()
  readonly #words: ReadonlyMap<string, number> | undefined
  #numbers: NumberArray
  #rows = 0
  #filled = 0
  #problem: string | undefined

  constructor(spec: HistoryColumnSpec) {
    this.spec = spec
    const words = COLUMN_WORDS[spec.name]
    this.#words = words && new Map(words.map((word, code) => [word, code]))
    this.#numbers = allocateOwnNumbers(spec.type, 0)
  }

  /** A row group of so many rows begins. */
  begin(rows: number): void {
    if (this.#numbers.length < rows) this.#numbers = allocateOwnNumbers(this.spec.type, rows)
    this.#rows = rows
    this.#filled = 0
  }

  /** Never throws: the reader calls it where nobody would catch it. `end` tells what was wrong. */
  fill(chunk: DecodedArray, rowStart: number): void {
    const numbers = this.#numbers
    const { dictionary } = this
    if (this.#words) {
      for (let row = 0; row < chunk.length; row++) numbers[rowStart + row] = this.#codeOf(chunk[row])
    } else if (this.spec.type === 'text') {
      for (let row = 0; row < chunk.length; row++) numbers[rowStart + row] = dictionary.code(String(chunk[row]))
    } else {
      for (let row = 0; row < chunk.length; row++) numbers[rowStart + row] = Number(chunk[row])
    }
    this.#filled += chunk.length
  }

  /** The file has no such column. */
  leaveOut(instead: number): void {
    this.#numbers.fill(instead)
    this.#filled = this.#rows
  }

  /** The values of the row group. Throws when there are not as many as it has rows, or one is none of the column's words. */
  end(): NumberArray {
    const { name } = this.spec
    if (this.#problem !== undefined) throw new Error(this.#problem)
    if (this.#filled !== this.#rows) throw new Error(`column ${name} has ${this.#filled} of ${this.#rows} rows`)
    return this.#numbers.subarray(0, this.#rows)
  }

  #codeOf(word: unknown): number {
    const code = this.#words!.get(String(word))
    if (code !== undefined) return code
    this.#problem ??= `${this.spec.name} ${JSON.stringify(word)} is not one of ${[...this.#words!.keys()].join(', ')}`
    return 0
  }
}
