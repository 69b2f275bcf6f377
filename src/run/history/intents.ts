import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { decodeSegments } from '../../measure/decode-segments.ts'
import type { HistoryColumns, HistoryRow } from '../../measure/history.ts'
import { HistoryBuilder } from '../../measure/history-builder.ts'
import { rowAt } from '../../measure/history-row.ts'
import { SegmentWriter } from './segment-writer.ts'

/** So many intents are written before those that are needed no more are left out. */
const INTENTS_PER_FILE = 4_096

/**
 * What an instance was about to do, on disk before its bytes leave. An instance that is killed takes its last
 * milliseconds of rows with it; without its intents a logout that was applied and never recorded would read as a
 * session that the cache lost. About 20 us a call; only instances that are processes of their own pay it.
 *
 * The file does not grow with the run: now and then it is replaced by one of the calls still under way. It is renamed into
 * place, and an intent too many is completed by its row, so there is no instant at which one is missing.
 */
export class IntentLog {
  readonly #path: string
  #writer: SegmentWriter
  readonly #row = new HistoryBuilder(1)
  /** Written since the file was begun, and the operations that were recorded since. */
  readonly #written = new HistoryBuilder(INTENTS_PER_FILE)
  #recorded = new Float64Array(INTENTS_PER_FILE)
  #recordedCount = 0
  /** When the file was begun. */
  #underWay = 0

  constructor(segmentFile: string, failed: (text: string) => void) {
    this.#path = intentFileOf(segmentFile)
    this.#writer = new SegmentWriter({ path: this.#path, failed: ({ message }) => failed(message) })
  }

  /** A call that begins now: its row with `done` -1 and status `info`. */
  begin(row: HistoryRow): void {
    this.#row.append(row)
    this.#writer.write(this.#row.view())
    this.#row.clear()
    this.#written.append(row)
  }

  /** These rows are safe in a segment: the intents that they complete are needed no more. */
  recorded({ op, length }: HistoryColumns): void {
    if (this.#recordedCount + length > this.#recorded.length) {
      const grown = new Float64Array(2 * (this.#recordedCount + length))
      grown.set(this.#recorded)
      this.#recorded = grown
    }
    this.#recorded.set(op.subarray(0, length), this.#recordedCount)
    this.#recordedCount += length
    if (this.#written.length >= INTENTS_PER_FILE + 2 * this.#underWay) this.#beginAnew()
  }

  close(): void {
    this.#writer.close()
  }

  #beginAnew(): void {
    const written = this.#written.view()
    const recorded = new Set(this.#recorded.subarray(0, this.#recordedCount))
    const underWay: HistoryRow[] = []
    for (let row = 0; row < written.length; row++) if (!recorded.has(written.op[row]!)) underWay.push(rowAt(written, row))
    this.#written.clear()
    this.#recordedCount = 0
    this.#underWay = underWay.length
    for (const row of underWay) this.#written.append(row)

    let replaced = true
    const next = new SegmentWriter({ path: nextFileOf(this.#path), failed: () => (replaced = false) })
    for (const row of underWay) this.#row.append(row)
    next.write(this.#row.view())
    this.#row.clear()
    try {
      if (replaced) renameSync(nextFileOf(this.#path), this.#path)
    } catch {
      replaced = false
    }
    // Where there is no room for a new file the old one goes on: it only holds more than is needed.
    const old = replaced ? this.#writer : next
    if (replaced) this.#writer = next
    old.close()
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
  const path = intentFileOf(segmentFile)
  rmSync(path, { force: true })
  rmSync(nextFileOf(path), { force: true })
}

function intentFileOf(segmentFile: string): string {
  return segmentFile.replace(/\.segments$/, '.intents')
}

/** Where the next file is written before it takes the place of the one before. */
function nextFileOf(intentFile: string): string {
  return `${intentFile}.next`
}
