import type { HistoryColumns } from './history.ts'
import {
  allocateOwnNumbers,
  assembleHistory,
  columnSpecs,
  dictionaryOf,
  emptyNumbers,
  type HistoryColumnName,
  type HistoryColumnSpec,
  type NumberArray,
  numbersOf,
} from './history-columns.ts'

const NO_TEXTS: readonly string[] = []

/** Memory for rows of some columns, which is filled and read again and again: a page that is new from the system costs more than what is done to it. */
export class HistoryBuffer {
  readonly specs: readonly HistoryColumnSpec[]
  readonly #numbers = new Map<HistoryColumnName, NumberArray>()
  #capacity: number

  /** Only the named columns have memory; all unless told. */
  constructor(capacity: number, columns?: readonly HistoryColumnName[]) {
    this.specs = columnSpecs(columns)
    this.#capacity = capacity
    for (const { name, type } of this.specs) this.#numbers.set(name, allocateOwnNumbers(type, capacity))
  }

  get capacity(): number {
    return this.#capacity
  }

  /** Values or codes of all `capacity` rows; undefined for a column without memory. */
  numbers(name: HistoryColumnName): NumberArray | undefined {
    return this.#numbers.get(name)
  }

  /** Room for `capacity` rows at least, of which the first `kept` stay. */
  reserve(capacity: number, kept: number): void {
    if (capacity <= this.#capacity) return
    this.#capacity = Math.max(capacity, Math.ceil(this.#capacity * 1.5))
    for (const { name, type } of this.specs) {
      const grown = allocateOwnNumbers(type, this.#capacity)
      grown.set(this.#numbers.get(name)!.subarray(0, kept))
      this.#numbers.set(name, grown)
    }
  }

  /** Copies rows to where row `at` is. Codes stay what they are. */
  put(rows: HistoryColumns, at: number): void {
    for (const { name } of this.specs) this.#numbers.get(name)!.set(numbersOf(rows, name).subarray(0, rows.length), at)
  }

  /** The first rows, without copying, with the dictionaries of `texts`. */
  view(length: number, texts?: HistoryColumns | ((name: HistoryColumnName) => readonly string[])): HistoryColumns {
    const dictionary = typeof texts === 'function' ? texts : (name: HistoryColumnName) => (texts && dictionaryOf(texts, name)) ?? NO_TEXTS
    return assembleHistory(
      length,
      ({ name, type }) => this.#numbers.get(name)?.subarray(0, length) ?? emptyNumbers(type),
      ({ name }) => (this.#numbers.has(name) ? dictionary(name) : NO_TEXTS),
    )
  }
}
