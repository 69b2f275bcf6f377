import { existsSync, readFileSync, rmSync } from 'node:fs'
import { decodeSegments } from '../../measure/decode-segments.ts'
import type { HistoryColumns, HistoryRow } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { rowAt } from '../../measure/history-row.ts'
import { SegmentWriter } from './segment-writer.ts'

/**
 * What an instance was about to do, on disk before its bytes leave. An instance that is killed takes its last
 * milliseconds of rows with it; without its intents a logout that was applied and never recorded would read as a
 * session that the cache lost. About 20 us a call; only instances that are processes of their own pay it.
 */
export interface IntentLog {
  /** A call that begins now: its row with `done` -1 and status `info`. */
  begin(row: HistoryRow): void
  /** These rows are safe in a segment: the intents that they complete are needed no more. */
  recorded(rows: HistoryColumns): void
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
    recorded() {},
    close: () => writer.close(),
  }
}

/** The intents of the instances of these segment files that no row completes: calls of unknown outcome. */
export class UnfinishedIntents {
  readonly #parts: HistoryColumns[] = []
  readonly #operations = new Set<number>()

  constructor(segmentFiles: readonly string[]) {
    for (const path of segmentFiles.map(intentFileOf).filter((file) => existsSync(file))) {
      const { parts } = decodeSegments(readFileSync(path))
      for (const { op } of parts) for (const operation of op) this.#operations.add(operation)
      this.#parts.push(...parts)
    }
  }

  get size(): number {
    return this.#operations.size
  }

  /** There are rows of these operations. */
  complete(operations: Float64Array): void {
    for (let row = 0; row < operations.length; row++) this.#operations.delete(operations[row]!)
  }

  /** What is left, in the order in which it was begun. */
  rows(): HistoryColumns {
    const unfinished = new HistoryBuilder(64)
    for (const part of this.#parts) {
      for (let row = 0; row < part.length; row++) if (this.#operations.has(part.op[row]!)) unfinished.append(rowAt(part, row))
    }
    return unfinished.view()
  }
}

export function removeIntents(segmentFile: string): void {
  rmSync(intentFileOf(segmentFile), { force: true })
}

function intentFileOf(segmentFile: string): string {
  return segmentFile.replace(/\.segments$/, '.intents')
}
