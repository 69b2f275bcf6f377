import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetRead } from 'hyparquet'
import type { HistoryColumns } from '../../measure/history.ts'
import { assembleHistory, columnSpecs, emptyNumbers, type HistoryColumnName } from '../../measure/history-columns.ts'
import { HistoryFileError } from '../../measure/history-file-error.ts'
import type { HistorySource } from '../../measure/history-source.ts'
import { HISTORY_FORMAT_KEY, HISTORY_FORMAT_VERSION } from './history-encoder.ts'
import { ParquetColumn } from './parquet-column.ts'

/** The version before there were writers. */
const WITHOUT_WRITER = '1'

/** Bytes of a file, of which ranges are read. */
interface OpenBytes extends AsyncBuffer {
  close(): void
}

/**
 * A history file as a source: row group by row group, and of these the columns that are asked for. Throws `HistoryFileError`:
 * missing, damaged, or a Parquet file that is no history of ours; what is damaged behind a whole footer shows when it is read.
 */
export function openHistoryFile(path: string): Promise<HistorySource> {
  return openHistory(() => openBytes(path), path)
}

/** The same of a file in memory; `name` is for messages. */
export function openHistoryBytes(bytes: Uint8Array, name: string): Promise<HistorySource> {
  const slice = (start: number, end = bytes.length) => new Uint8Array(bytes.subarray(start, end)).buffer
  return openHistory(() => ({ byteLength: bytes.length, slice, close() {} }), name)
}

async function openHistory(open: () => OpenBytes, name: string): Promise<HistorySource> {
  const metadata = await withBytes(open, (bytes) => readMetadata(bytes, name))
  return {
    length: Number(metadata.num_rows),
    read: (visit, columns) => withBytes(open, (bytes) => readRowGroups({ bytes, metadata, name, columns, visit })),
  }
}

async function withBytes<Result>(open: () => OpenBytes, use: (bytes: OpenBytes) => Promise<Result>): Promise<Result> {
  const bytes = open()
  try {
    return await use(bytes)
  } finally {
    bytes.close()
  }
}

function openBytes(path: string): OpenBytes {
  try {
    const handle = openSync(path, 'r')
    const byteLength = fstatSync(handle).size
    const slice = (start: number, end = byteLength) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, byteLength) - start))
      let read = 0
      for (let more = -1; more !== 0 && read < bytes.length; read += more) more = readSync(handle, bytes, read, bytes.length - read, start + read)
      return bytes.buffer
    }
    return { byteLength, slice, close: () => closeSync(handle) }
  } catch (error) {
    throw new HistoryFileError('history-missing', `the history ${path} can't be read: ${(error as Error).message}`)
  }
}

async function readMetadata(bytes: OpenBytes, name: string): Promise<FileMetaData> {
  let metadata: FileMetaData
  try {
    metadata = await parquetMetadataAsync(bytes)
    const rows = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n)
    if (rows !== metadata.num_rows) throw new Error(`its row groups have ${rows} of ${metadata.num_rows} rows`)
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

interface Reading {
  readonly bytes: OpenBytes
  readonly metadata: FileMetaData
  readonly name: string
  readonly columns: readonly HistoryColumnName[] | undefined
  readonly visit: (rows: HistoryColumns) => void
}

async function readRowGroups({ bytes, metadata, name, columns, visit }: Reading): Promise<void> {
  const read = new Map(columnSpecs(columns).map((spec) => [spec.name as string, new ParquetColumn(spec)]))
  for (const group of metadata.row_groups) {
    let rows: HistoryColumns
    try {
      rows = await readRowGroup(bytes, { ...metadata, row_groups: [group], num_rows: group.num_rows }, read)
    } catch (error) {
      throw new HistoryFileError('history-damaged', `the history ${name} is damaged: ${(error as Error).message}`)
    }
    visit(rows)
  }
}

/** `metadata`: of one row group. */
async function readRowGroup(file: OpenBytes, metadata: FileMetaData, columns: ReadonlyMap<string, ParquetColumn>): Promise<HistoryColumns> {
  const length = Number(metadata.num_rows)
  const inFile = new Set(metadata.schema.map(({ name }) => name))
  for (const [name, column] of columns) {
    column.begin(length)
    // Before version 2 a history did not say who wrote what it holds.
    if (name === 'writer' && !inFile.has(name)) column.leaveOut(-1)
  }
  const wanted = [...columns.keys()].filter((name) => inFile.has(name))
  if (wanted.length > 0) {
    await parquetRead({
      file,
      metadata,
      columns: wanted,
      onChunk: ({ columnName, columnData, rowStart }) => columns.get(columnName)?.fill(columnData, rowStart),
    })
  }
  return assembleHistory(
    length,
    ({ name, type }) => columns.get(name)?.end() ?? emptyNumbers(type),
    ({ name }) => columns.get(name)?.dictionary.entries ?? [],
  )
}
