import type { HistoryColumns } from './history.ts'

/** How a column's values are held in memory. `text` is a Uint16 code into the column's own dictionary. */
export type ColumnType = 'float64' | 'uint8' | 'uint16' | 'uint32' | 'int32' | 'text'

export type HistoryColumnName = Exclude<keyof HistoryColumns, 'length'>

export interface HistoryColumnSpec {
  readonly name: HistoryColumnName
  readonly type: ColumnType
  /** True: a float64 column that only ever holds integers (ids, nanoseconds), so it may be stored as int64 or deltas. */
  readonly integer: boolean
}

/** Every column of a history in its one canonical order: segments, Parquet and the hash all walk this table. */
export const HISTORY_COLUMNS: readonly HistoryColumnSpec[] = [
  { name: 'op', type: 'float64', integer: true },
  { name: 'parent', type: 'float64', integer: true },
  { name: 'layer', type: 'uint8', integer: true },
  { name: 'instance', type: 'uint16', integer: true },
  { name: 'client', type: 'uint32', integer: true },
  { name: 'key', type: 'int32', integer: true },
  { name: 'fn', type: 'text', integer: true },
  { name: 'outcome', type: 'text', integer: true },
  { name: 'arg', type: 'float64', integer: false },
  { name: 'ret', type: 'float64', integer: false },
  { name: 'writer', type: 'int32', integer: true },
  { name: 'due', type: 'float64', integer: true },
  { name: 'sent', type: 'float64', integer: true },
  { name: 'done', type: 'float64', integer: true },
  { name: 'status', type: 'uint8', integer: true },
  { name: 'error', type: 'text', integer: true },
  { name: 'node', type: 'text', integer: true },
  { name: 'attempts', type: 'uint16', integer: true },
  { name: 'bytesOut', type: 'uint32', integer: true },
  { name: 'bytesIn', type: 'uint32', integer: true },
  { name: 'phase', type: 'text', integer: true },
  { name: 'block', type: 'uint16', integer: true },
]

export type NumberArray = Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array

/** The numbers of a column: its values, or a text column's codes. */
export function numbersOf(columns: HistoryColumns, name: HistoryColumnName): NumberArray {
  const column = columns[name]
  return 'codes' in column ? column.codes : column
}

/** A text column's dictionary; undefined for a column of numbers. */
export function dictionaryOf(columns: HistoryColumns, name: HistoryColumnName): readonly string[] | undefined {
  const column = columns[name]
  return 'codes' in column ? column.dictionary : undefined
}

interface NumbersOfType {
  float64: Float64Array
  uint8: Uint8Array
  uint16: Uint16Array
  uint32: Uint32Array
  int32: Int32Array
  text: Uint16Array
}

interface ArrayOfNumbers<Numbers> {
  readonly BYTES_PER_ELEMENT: number
  new (memory: SharedArrayBuffer | number): Numbers
}

const ARRAYS: { readonly [Type in ColumnType]: ArrayOfNumbers<NumbersOfType[Type]> } = {
  float64: Float64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  text: Uint16Array,
}

/** A zeroed array for `length` values of the type, in memory that other threads can be given a view of. */
export function allocateNumbers<Type extends ColumnType>(type: Type, length: number): NumbersOfType[Type] {
  const Numbers = ARRAYS[type]
  return new Numbers(new SharedArrayBuffer(length * Numbers.BYTES_PER_ELEMENT))
}

/** The same in memory of this thread's own. V8 counts it, so what is dropped is soon collected; of shared memory it does not know. */
export function allocateOwnNumbers<Type extends ColumnType>(type: Type, length: number): NumbersOfType[Type] {
  return new ARRAYS[type](length)
}

/** How many bytes a value of the type takes in memory. */
export function bytesPerValue(type: ColumnType): number {
  return ARRAYS[type].BYTES_PER_ELEMENT
}

/** The specs of these columns, in the canonical order; all unless told. */
export function columnSpecs(names?: readonly HistoryColumnName[]): readonly HistoryColumnSpec[] {
  return names ? HISTORY_COLUMNS.filter(({ name }) => names.includes(name)) : HISTORY_COLUMNS
}

/** No value of the type. */
export function emptyNumbers(type: ColumnType): NumberArray {
  return EMPTY[type]
}

const EMPTY: { readonly [Type in ColumnType]: NumberArray } = {
  float64: new Float64Array(0),
  uint8: new Uint8Array(0),
  uint16: new Uint16Array(0),
  uint32: new Uint32Array(0),
  int32: new Int32Array(0),
  text: new Uint16Array(0),
}

/** The same rows with only these columns; the others are empty. */
export function onlyColumns(columns: HistoryColumns, names: readonly HistoryColumnName[]): HistoryColumns {
  const wanted = new Set(names)
  return assembleHistory(
    columns.length,
    ({ name, type }) => (wanted.has(name) ? numbersOf(columns, name) : emptyNumbers(type)),
    ({ name }) => (wanted.has(name) ? dictionaryOf(columns, name)! : []),
  )
}

/** Puts a history together from one array per column (of the column's type) and the text columns' dictionaries. */
export function assembleHistory(
  length: number,
  numbers: (spec: HistoryColumnSpec) => NumberArray,
  dictionary: (spec: HistoryColumnSpec) => readonly string[],
): HistoryColumns {
  const columns: Record<string, unknown> = { length }
  for (const spec of HISTORY_COLUMNS) {
    const values = numbers(spec)
    columns[spec.name] = spec.type === 'text' ? { dictionary: dictionary(spec), codes: values } : values
  }
  // Sound as long as HISTORY_COLUMNS names every column with its type, which history-columns.test.ts holds it to.
  return columns as unknown as HistoryColumns
}
