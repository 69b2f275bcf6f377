import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HistoryFileError } from '../../measure/history-file-error.ts'
import type { HistorySource } from '../../measure/history-source.ts'
import { openHistoryFile } from './history-file-reader.ts'
import { findSegmentFiles } from './history-paths.ts'
import { mergeRecorded, type RecordedHistory, readRecorded, removeRecorded, writeRecorded } from './recorded-history.ts'

export interface LoadedHistory {
  /** Reads the files that are there; `columnsOfSource` gives all of it at once. */
  readonly source: HistorySource
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
  if (existsSync(path)) return { source: await openHistoryFile(path), tornSegments: 0, from: 'parquet' }
  const recorded = recordedOf(path)
  return { source: mergeRecorded(recorded), tornSegments: recorded.torn, from: 'segments' }
}

/**
 * What is done at the end of a cell, and again for a run that died: segments become the Parquet file and are then
 * removed. A Parquet file that is there already stays as it is (it is renamed into place whole). Throws as
 * `loadHistory`, and what the file system throws when the file can't be written; the segments are kept then.
 */
export async function finishHistory(folder: string, file: string): Promise<LoadedHistory> {
  const path = join(folder, file)
  let recorded: RecordedHistory | undefined
  if (!existsSync(path)) {
    recorded = recordedOf(path)
    await writeRecorded(path, recorded)
  }
  const source = await openHistoryFile(path)
  removeRecorded(findSegmentFiles(path))
  return { source, tornSegments: recorded?.torn ?? 0, from: recorded ? 'segments' : 'parquet' }
}

function recordedOf(path: string): RecordedHistory {
  const segments = findSegmentFiles(path)
  if (segments.length === 0) throw new HistoryFileError('history-missing', `there is no history ${path}, and no segments of it beside it`)
  return readRecorded(segments)
}
