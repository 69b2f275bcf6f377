import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { concatHistories } from '../../measure/concat-histories.ts'
import type { HistoryColumns } from '../../measure/history.ts'
import { historyHash } from '../../measure/history-hash.ts'
import { readHistoryFile, writeHistoryFile } from './history-file.ts'
import { HistoryFileError } from './history-file-error.ts'
import { findSegmentFiles } from './history-paths.ts'
import { readUnfinishedIntents, removeIntents } from './intents.ts'
import { readSegmentFiles } from './segment-reader.ts'

export interface LoadedHistory {
  readonly columns: HistoryColumns
  /** Segments that could not be read back; 0 for a history whose run ended well. */
  readonly tornSegments: number
  readonly from: 'parquet' | 'segments'
}

/**
 * The history of a cell: from its Parquet file, or, when the run died before there was one, from the segments its
 * instances left. `file` is relative to the run's folder, as `history.file` in run.json. Throws `HistoryFileError`
 * when there is neither, or what there is can't be read.
 */
export async function loadHistory(folder: string, file: string): Promise<LoadedHistory> {
  const path = join(folder, file)
  if (existsSync(path)) return { columns: await readHistoryFile(path), tornSegments: 0, from: 'parquet' }
  const segments = findSegmentFiles(path)
  if (segments.length === 0) throw new HistoryFileError('history-missing', `there is no history ${path}, and no segments of it beside it`)
  const { parts, torn } = readSegmentFiles(segments)
  const columns = concatHistories([...parts, readUnfinishedIntents(segments, parts)])
  return { columns, tornSegments: torn, from: 'segments' }
}

export interface FinishedHistory extends LoadedHistory {
  readonly rows: number
  /** `historyHash` of the columns. */
  readonly hash: string
}

/**
 * What is done at the end of a cell, and again for a run that died: segments become the Parquet file and are then
 * removed. A Parquet file that is there already stays as it is (it is renamed into place whole). Throws as
 * `loadHistory`, and what the file system throws when the file can't be written; the segments are kept then.
 */
export async function finishHistory(folder: string, file: string): Promise<FinishedHistory> {
  const path = join(folder, file)
  const loaded = await loadHistory(folder, file)
  if (loaded.from === 'segments') writeHistoryFile(path, loaded.columns)
  for (const segments of findSegmentFiles(path)) {
    rmSync(segments, { force: true })
    removeIntents(segments)
  }
  return { ...loaded, rows: loaded.columns.length, hash: historyHash(loaded.columns) }
}
