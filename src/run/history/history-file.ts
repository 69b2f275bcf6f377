import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type DecodedArray, type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet'
import { type ColumnSource, parquetWriteBuffer } from 'hyparquet-writer'
import { canonicalHistory } from '../../measure/concat-histories.ts'
import type { HistoryColumns } from '../../measure/history.ts'
import { LAYERS, STATUSES } from '../../measure/history.ts'
import {
  allocateNumbers,
  assembleHistory,
  dictionaryOf,
  HISTORY_COLUMNS,
  type HistoryColumnName,
  type HistoryColumnSpec,
  type NumberArray,
  numbersOf,
} from '../../measure/history-columns.ts'
import { TextDictionary } from '../../measure/text-dictionary.ts'
import { makeFolder } from '../make-folder.ts'
import { HistoryFileError } from './history-file-error.ts'

/**
 * A history as one Parquet file that any reader of Parquet understands. Texts, layers and statuses are dictionary
 * encoded strings; ids are byte-stream split and times delta packed int64; other integers delta packed int32; `arg`
 * and `ret` doubles, where NaN means none (as -1 does for `parent`, `key` and a `done` that never came).
 *
 * Equal rows give equal bytes on every machine: dictionaries are put in order of first use, compression is the
 * writer's own Snappy (zlib's output differs between processors), and nothing of the host or the time is in it.
 */
const FORMAT_KEY = 'cacheproof.history'
const FORMAT_VERSION = '1'
/** Rows that a reader has to take at once. */
const ROW_GROUP_ROWS = 262_144

/** Layer and status are codes in memory and words in the file. */
const WORDS: Partial<Record<HistoryColumnName, readonly string[]>> = { layer: LAYERS, status: STATUSES }

/** Columns whose neighbours differ wildly (an operation's index, a call's far larger number) but share their high bytes. */
const SPLIT: ReadonlySet<HistoryColumnName> = new Set(['op', 'parent'])

/** Writes beside the file and renames, so that a file of this name is always whole. Throws what the file system throws. */
export function writeHistoryFile(path: string, columns: HistoryColumns): void {
  makeFolder(dirname(path))
  const temporary = `${path}.part`
  try {
    writeFileSync(temporary, encodeHistoryFile(columns))
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Throws `HistoryFileError`: missing, damaged, or a Parquet file that is no history of ours. */
export async function readHistoryFile(path: string): Promise<HistoryColumns> {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new HistoryFileError('history-missing', `the history ${path} can't be read: ${(error as Error).message}`)
  }
  return decodeHistoryFile(bytes, path)
}

export function encodeHistoryFile(columns: HistoryColumns, rowGroupRows = ROW_GROUP_ROWS): Uint8Array {
  const canonical = canonicalHistory(columns)
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: HISTORY_COLUMNS.map((spec) => columnSource(canonical, spec)),
      statistics: false,
      rowGroupSize: rowGroupRows,
      kvMetadata: [{ key: FORMAT_KEY, value: FORMAT_VERSION }],
      createdBy: 'cacheproof',
    }),
  )
}

/** `name` is for messages. */
export async function decodeHistoryFile(bytes: Uint8Array, name: string): Promise<HistoryColumns> {
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer
  const metadata = metadataOf(buffer, name)
  try {
    return await readColumns(buffer, metadata)
  } catch (error) {
    throw new HistoryFileError('history-damaged', `the history ${name} is damaged: ${(error as Error).message}`)
  }
}

async function readColumns(buffer: ArrayBuffer, metadata: FileMetaData): Promise<HistoryColumns> {
  const length = Number(metadata.num_rows)
  const targets = new Map(HISTORY_COLUMNS.map((spec) => [spec.name as string, new ColumnTarget(spec, length)]))
  await parquetRead({
    file: { byteLength: buffer.byteLength, slice: (start, end) => buffer.slice(start, end) },
    metadata,
    columns: HISTORY_COLUMNS.map((spec) => spec.name),
    onChunk: ({ columnName, columnData, rowStart }) => targets.get(columnName)?.fill(columnData, rowStart),
  })
  for (const target of targets.values()) target.check()
  return assembleHistory(
    length,
    (spec) => targets.get(spec.name)!.numbers,
    (spec) => targets.get(spec.name)!.dictionary.entries,
  )
}

function columnSource(columns: HistoryColumns, { name, type, integer }: HistoryColumnSpec): ColumnSource {
  const numbers = numbersOf(columns, name)
  const words = WORDS[name] ?? dictionaryOf(columns, name)
  const base = { name, nullable: false }
  if (words) return { ...base, type: 'STRING', encoding: 'RLE_DICTIONARY', data: wordsOf(numbers, words) }
  if (type !== 'float64') return { ...base, ...thirtyTwoBits(numbers) }
  if (!integer) return { ...base, type: 'DOUBLE', data: numbers as Float64Array }
  return {
    ...base,
    type: 'INT64',
    encoding: SPLIT.has(name) ? 'BYTE_STREAM_SPLIT' : 'DELTA_BINARY_PACKED',
    data: bigIntsOf(numbers),
  }
}

function thirtyTwoBits(numbers: NumberArray): { type: 'INT32' | 'INT64'; encoding: 'DELTA_BINARY_PACKED'; data: DecodedArray } {
  // Values beyond 2^31 (a client id, a huge reply) would need Parquet's unsigned type; they are rare enough for int64.
  const large = numbers instanceof Uint32Array && numbers.some((value) => value > 0x7fffffff)
  if (large) return { type: 'INT64', encoding: 'DELTA_BINARY_PACKED', data: bigIntsOf(numbers) }
  return { type: 'INT32', encoding: 'DELTA_BINARY_PACKED', data: new Int32Array(numbers) }
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

/** Where a column is put together again from the chunks that the reader hands over. */
class ColumnTarget {
  readonly numbers: NumberArray
  readonly dictionary = new TextDictionary()
  readonly #spec: HistoryColumnSpec
  readonly #words: ReadonlyMap<string, number> | undefined
  #filled = 0
  #problem: string | undefined

  constructor(spec: HistoryColumnSpec, length: number) {
    this.#spec = spec
    this.numbers = allocateNumbers(spec.type, length)
    const words = WORDS[spec.name]
    this.#words = words && new Map(words.map((word, code) => [word, code]))
  }

  /** Never throws: the reader calls it where nobody would catch it. `check` tells what was wrong. */
  fill(chunk: DecodedArray, rowStart: number): void {
    const { numbers, dictionary } = this
    if (this.#words) {
      for (let row = 0; row < chunk.length; row++) numbers[rowStart + row] = this.#codeOf(chunk[row])
    } else if (this.#spec.type === 'text') {
      for (let row = 0; row < chunk.length; row++) numbers[rowStart + row] = dictionary.code(String(chunk[row]))
    } else {
      for (let row = 0; row < chunk.length; row++) numbers[rowStart + row] = Number(chunk[row])
    }
    this.#filled += chunk.length
  }

  check(): void {
    const { name } = this.#spec
    if (this.#problem !== undefined) throw new Error(this.#problem)
    if (this.#filled !== this.numbers.length) throw new Error(`column ${name} has ${this.#filled} of ${this.numbers.length} rows`)
  }

  #codeOf(word: unknown): number {
    const code = this.#words!.get(String(word))
    if (code !== undefined) return code
    this.#problem ??= `${this.#spec.name} ${JSON.stringify(word)} is not one of ${[...this.#words!.keys()].join(', ')}`
    return 0
  }
}

function metadataOf(buffer: ArrayBuffer, name: string): FileMetaData {
  let metadata: FileMetaData
  try {
    metadata = parquetMetadata(buffer)
  } catch (error) {
    throw new HistoryFileError('history-damaged', `${name} is not a whole Parquet file: ${(error as Error).message}`)
  }
  const version = metadata.key_value_metadata?.find(({ key }) => key === FORMAT_KEY)?.value
  if (version !== FORMAT_VERSION) {
    const found = version === undefined ? 'has no history of cacheproof in it' : `has history format ${version}`
    throw new HistoryFileError('history-foreign', `${name} ${found}; this cacheproof reads history format ${FORMAT_VERSION}`)
  }
  return metadata
}
