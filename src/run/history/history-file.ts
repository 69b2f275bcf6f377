import { readFileSync } from 'node:fs'
import { type DecodedArray, type FileMetaData, parquetMetadata, parquetRead } from 'hyparquet'
import type { HistoryColumns } from '../../measure/history.ts'
import { allocateNumbers, assembleHistory, HISTORY_COLUMNS, type HistoryColumnSpec, type NumberArray } from '../../measure/history-columns.ts'
import { sliceHistory } from '../../measure/slice-history.ts'
import { TextDictionary } from '../../measure/text-dictionary.ts'
import { COLUMN_WORDS, HISTORY_FORMAT_KEY, HISTORY_FORMAT_VERSION, HistoryEncoder, ROW_GROUP_ROWS } from './history-encoder.ts'
import { HistoryFileError } from './history-file-error.ts'
import { createWholeFile } from './whole-file.ts'

/** The version before there were writers. */
const WITHOUT_WRITER = '1'

/** Writes beside the file and renames, so that a file of this name is always whole. Throws what the file system throws. */
export function writeHistoryFile(path: string, columns: HistoryColumns): void {
  const file = createWholeFile(path)
  try {
    encodeRows(columns, (bytes) => file.write(bytes))
    file.finish()
  } catch (error) {
    file.discard()
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
  const parts: Uint8Array[] = []
  encodeRows(columns, (bytes) => parts.push(bytes.slice()), rowGroupRows)
  return Buffer.concat(parts)
}

function encodeRows(columns: HistoryColumns, write: (bytes: Uint8Array) => void, rowGroupRows = ROW_GROUP_ROWS): void {
  const encoder = new HistoryEncoder(write)
  for (let row = 0; row < columns.length; row += rowGroupRows) encoder.rowGroup(sliceHistory(columns, row, row + rowGroupRows))
  encoder.finish()
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
    columns: HISTORY_COLUMNS.map((spec) => spec.name).filter((name) => metadata.schema.some((one) => one.name === name)),
    onChunk: ({ columnName, columnData, rowStart }) => targets.get(columnName)?.fill(columnData, rowStart),
  })
  // Before version 2 a history did not say who wrote what it holds.
  if (!metadata.schema.some(({ name }) => name === 'writer')) targets.get('writer')!.leaveOut(-1)
  for (const target of targets.values()) target.check()
  return assembleHistory(
    length,
    (spec) => targets.get(spec.name)!.numbers,
    (spec) => targets.get(spec.name)!.dictionary.entries,
  )
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
    const words = COLUMN_WORDS[spec.name]
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

  /** The file has no such column. */
  leaveOut(instead: number): void {
    this.numbers.fill(instead)
    this.#filled = this.numbers.length
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
  const version = metadata.key_value_metadata?.find(({ key }) => key === HISTORY_FORMAT_KEY)?.value
  if (version !== HISTORY_FORMAT_VERSION && version !== WITHOUT_WRITER) {
    const found = version === undefined ? 'has no history of cacheproof in it' : `has history format ${version}`
    throw new HistoryFileError('history-foreign', `${name} ${found}; this cacheproof reads history formats up to ${HISTORY_FORMAT_VERSION}`)
  }
  return metadata
}
