import type { DecodedArray, SchemaElement } from 'hyparquet'
import { ByteWriter, type ColumnSource, ParquetWriter } from 'hyparquet-writer'
import type { HistoryColumns } from '../../measure/history.ts'
import { LAYERS, STATUSES } from '../../measure/history.ts'
import {
  dictionaryOf,
  HISTORY_COLUMNS,
  type HistoryColumnName,
  type HistoryColumnSpec,
  type NumberArray,
  numbersOf,
} from '../../measure/history-columns.ts'

export const HISTORY_FORMAT_KEY = 'cacheproof.history'
export const HISTORY_FORMAT_VERSION = '2'
/**
 * Rows that a reader has to take at once; every row group but the last has as many. The encoder's arrays of words and
 * bigints stay below 128 KiB each: V8 gives larger ones memory of their own, fresh from the system each time. A quarter of
 * the time went into that with groups of 262,144 rows, whose file is 1 % smaller.
 */
export const ROW_GROUP_ROWS = 16_000

/** Layer and status are codes in memory and words in the file. */
export const COLUMN_WORDS: Partial<Record<HistoryColumnName, readonly string[]>> = { layer: LAYERS, status: STATUSES }

/** Columns whose neighbours differ wildly (an operation's index, a call's far larger number) but share their high bytes. */
const SPLIT: ReadonlySet<HistoryColumnName> = new Set(['op', 'parent'])

/**
 * A history as one Parquet file that any reader of Parquet understands, row group by row group. Texts, layers and
 * statuses are dictionary encoded strings; ids are byte-stream split and times delta packed int64; other integers delta
 * packed int32; `arg` and `ret` doubles, where NaN means none (as -1 does for `parent`, `key` and a `done` that never
 * came).
 *
 * Equal rows give equal bytes on every machine: each row group's dictionaries are in order of first use, compression
 * is the writer's own Snappy (zlib's output differs between processors), and nothing of the host or the time is in it.
 */
export class HistoryEncoder {
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  readonly #write: (bytes: Uint8Array) => void

  /** `write` takes the bytes in order, and must have used them when it returns. What it throws passes through. */
  constructor(write: (bytes: Uint8Array) => void) {
    this.#write = write
    this.#writer = new ParquetWriter({
      writer: this.#bytes,
      schema: SCHEMA,
      statistics: false,
      kvMetadata: [{ key: HISTORY_FORMAT_KEY, value: HISTORY_FORMAT_VERSION }],
      createdBy: 'cacheproof',
    })
  }

  /** Appends all these rows as one row group. */
  rowGroup(columns: HistoryColumns): void {
    this.#writer.write({ columnData: HISTORY_COLUMNS.map((spec) => columnSource(columns, spec)), rowGroupSize: columns.length })
    this.#handOver()
  }

  /** Ends the file. */
  finish(): void {
    this.#writer.finish()
    this.#handOver()
  }

  #handOver(): void {
    this.#write(this.#bytes.getBytes())
    // The position in the file is counted apart.
    this.#bytes.index = 0
  }
}

const SCHEMA: SchemaElement[] = [{ name: 'root', num_children: HISTORY_COLUMNS.length }, ...HISTORY_COLUMNS.map(schemaOf)]

function schemaOf({ name, type, integer }: HistoryColumnSpec): SchemaElement {
  const base = { name, repetition_type: 'REQUIRED' } as const
  if (type === 'text' || COLUMN_WORDS[name]) return { ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8' }
  if (type === 'uint32') return { ...base, type: 'INT32', converted_type: 'UINT_32' }
  if (type !== 'float64') return { ...base, type: 'INT32' }
  return { ...base, type: integer ? 'INT64' : 'DOUBLE' }
}

function columnSource(columns: HistoryColumns, { name, type, integer }: HistoryColumnSpec): ColumnSource {
  const numbers = numbersOf(columns, name)
  const words = COLUMN_WORDS[name] ?? dictionaryOf(columns, name)
  if (words) return { name, encoding: 'RLE_DICTIONARY', data: wordsOf(numbers, words) }
  if (type !== 'float64') {
    const data: DecodedArray = numbers instanceof Int32Array || numbers instanceof Uint32Array ? numbers : new Int32Array(numbers)
    return { name, encoding: 'DELTA_BINARY_PACKED', data }
  }
  if (!integer) return { name, data: numbers as Float64Array }
  return { name, encoding: SPLIT.has(name) ? 'BYTE_STREAM_SPLIT' : 'DELTA_BINARY_PACKED', data: bigIntsOf(numbers) }
}

// Plain loops: the iterating `from` of arrays takes five times as long, and a history has millions of cells.
function bigIntsOf(numbers: NumberArray): BigInt64Array {
  const bigInts = new BigInt64Array(numbers.length)
  for (let row = 0; row < bigInts.length; row++) bigInts[row] = BigInt(numbers[row]!)
  return bigInts
}

function wordsOf(codes: NumberArray, words: readonly string[]): string[] {
  const texts = new Array<string>(codes.length)
  for (let row = 0; row < texts.length; row++) texts[row] = words[codes[row]!]!
  return texts
}
