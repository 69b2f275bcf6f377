import { existsSync, rmSync } from 'node:fs'
import type { HistoryColumns } from '../../measure/history.ts'
import type { HistorySource } from '../../measure/history-source.ts'
import { strandOfColumns } from '../../measure/history-strand.ts'
import { mergeStrands } from '../../measure/merge-strands.ts'
import { HistoryEncoder, ROW_GROUP_ROWS } from './history-encoder.ts'
import { removeIntents, UnfinishedIntents } from './intents.ts'
import { indexSegmentFile, type SegmentFile, strandOfSegmentFile } from './segment-file.ts'
import { createWholeFile } from './whole-file.ts'

/** What the instances of a cell left behind, before it is a history. Plain data: a thread can be handed it. */
export interface RecordedHistory {
  readonly files: readonly SegmentFile[]
  /** Rows that stand in no file of segments: what could not be written, and calls that were begun and never recorded. */
  readonly rows: readonly HistoryColumns[]
  /** Segments that could not be read back, over all files. */
  readonly torn: number
}

/**
 * Looks segment files and their intents through, one file after another; those that are not there left nothing. `kept`: rows
 * that could not be written. Throws what the file system throws, and `SegmentVersionError`.
 */
export function readRecorded(segmentFiles: readonly string[], kept: readonly HistoryColumns[] = []): RecordedHistory {
  const unfinished = new UnfinishedIntents(segmentFiles)
  const files = segmentFiles
    .filter((path) => existsSync(path))
    .map((path) => (unfinished.size > 0 ? indexSegmentFile(path, ['op'], ({ op }) => unfinished.complete(op)) : indexSegmentFile(path)))
  const torn = files.reduce((sum, file) => sum + file.torn, 0)
  return { files, rows: [...kept, unfinished.rows()], torn }
}

export function rowsIn({ files, rows }: RecordedHistory): number {
  return files.reduce((sum, file) => sum + file.rows, 0) + rows.reduce((sum, { length }) => sum + length, 0)
}

/** The history that it makes, in chunks that are row groups of a history file. */
export function mergeRecorded({ files, rows }: RecordedHistory): HistorySource {
  return mergeStrands([...files.map(strandOfSegmentFile), ...rows.map((columns) => strandOfColumns(columns))], ROW_GROUP_ROWS)
}

/** Writes the history file. Throws what the file system throws. */
export async function writeRecorded(path: string, recorded: RecordedHistory): Promise<void> {
  const file = createWholeFile(path)
  try {
    const encoder = new HistoryEncoder(file.write)
    await mergeRecorded(recorded).read((rows) => encoder.rowGroup(rows))
    encoder.finish()
    file.finish()
  } catch (error) {
    file.discard()
    throw error
  }
}

/** Once there is a history file. */
export function removeRecorded(segmentFiles: readonly string[]): void {
  for (const path of segmentFiles) {
    rmSync(path, { force: true })
    removeIntents(path)
  }
}
