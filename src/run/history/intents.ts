import { existsSync, readFileSync, rmSync } from 'node:fs'
import type { HistoryColumns, HistoryRow } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { rowAt } from '../../measure/history-row.ts'
import { decodeSegments } from '../../measure/segment.ts'
import { SegmentWriter } from './segment-writer.ts'

/**
 * What an instance was about to do, on disk before its bytes leave. An instance that is killed takes its last
 * milliseconds of rows with it; without its intents a logout that was applied and never recorded would read as a
 * session that the cache lost. About 20 us a call; only instances that are processes of their own pay it.
 */
export interface IntentLog {
  /** A call that begins now: its row with `done` -1 and status `info`. */
  begin(row: HistoryRow): void
  close(): void
}

export function openIntentLog(segmentFile: string, failed: (text: string) => void): IntentLog {
  const writer = new SegmentWriter({ path: intentFileOf(segmentFile), failed: ({ message }) => failed(message) })
  const builder = new HistoryBuilder(1)
  return {
    begin(row) {
      builder.append(row)
      writer.write(builder.view())
      builder.clear()
    },
    close: () => writer.close(),
  }
}

/** The intents of the instances of these segment files that no row of `parts` completes: calls of unknown outcome. */
export function readUnfinishedIntents(segmentFiles: readonly string[], parts: readonly HistoryColumns[]): HistoryColumns {
  const completed = new Set<number>()
  for (const { op, length } of parts) for (let row = 0; row < length; row++) completed.add(op[row]!)
  const unfinished = new HistoryBuilder(64)
  for (const path of segmentFiles.map(intentFileOf).filter((file) => existsSync(file))) {
    for (const part of decodeSegments(readFileSync(path)).parts) {
      for (let row = 0; row < part.length; row++) if (!completed.has(part.op[row]!)) unfinished.append(rowAt(part, row))
    }
  }
  return unfinished.view()
}

export function removeIntents(segmentFile: string): void {
  rmSync(intentFileOf(segmentFile), { force: true })
}

function intentFileOf(segmentFile: string): string {
  return segmentFile.replace(/\.segments$/, '.intents')
}
