import { Worker } from 'node:worker_threads'
import type { HistoryColumns } from '../../measure/history.ts'
import { sliceHistory } from '../../measure/slice-history.ts'
import { entryFile } from '../../runtime/entry-file.ts'
import { ROW_GROUP_ROWS } from './history-encoder.ts'
import { writeHistoryFile } from './history-file.ts'
import { type RecordedHistory, rowsIn, writeRecorded } from './recorded-history.ts'

export type HistoryThreadMessage =
  | { readonly kind: 'rows'; readonly columns: HistoryColumns }
  /** All rows, from where they were recorded. */
  | { readonly kind: 'recorded'; readonly recorded: RecordedHistory }
  /** What was sent does not stand: from the start. */
  | { readonly kind: 'again' }
  | { readonly kind: 'finish' }
  | { readonly kind: 'discard' }

export type HistoryThreadAnswer = { readonly done: true } | { readonly done: false; readonly message: string; readonly code: string | undefined }

/** Below, starting a thread takes longer than writing. */
export const THREAD_ROWS = 100_000

/**
 * All that a row group leaves behind is garbage when it is written. Left to itself V8 takes three times 16 MiB for it, a
 * quarter of what a whole run of a mix takes.
 */
const YOUNG_GENERATION_MIB = 4

/**
 * Writes the history file of a cell beside the simulation and the judging, in a thread: encoding ten minutes of a
 * thousand requests a second takes some 4 s. The file is the same, byte for byte, as `writeHistoryFile` makes of the rows,
 * wherever they come from.
 */
export class HistoryFileWriter {
  readonly #path: string
  /** Whole row groups that the thread has been given. */
  #taken = 0
  #thread: Worker | undefined
  #answer: Promise<HistoryThreadAnswer> | undefined

  constructor(path: string) {
    this.#path = path
  }

  /**
   * All rows so far, in an order that is likely to be the last. Takes what makes whole row groups, as a view that the
   * thread reads while the run goes on: what was offered must not be written over.
   */
  offer(columns: HistoryColumns): void {
    if (columns.length < THREAD_ROWS) return
    for (; columns.length - this.#taken >= ROW_GROUP_ROWS; this.#taken += ROW_GROUP_ROWS) this.#send(columns, this.#taken)
  }

  /** All rows, in their order. `asOffered`: what was offered are the first of them. Throws what the file system throws. */
  async finish(columns: HistoryColumns, asOffered: boolean): Promise<void> {
    if (!this.#thread && columns.length < THREAD_ROWS) {
      writeHistoryFile(this.#path, columns)
      return
    }
    if (!asOffered && this.#taken > 0) {
      this.#start().postMessage({ kind: 'again' } satisfies HistoryThreadMessage)
      this.#taken = 0
    }
    for (; this.#taken < columns.length; this.#taken += ROW_GROUP_ROWS) this.#send(columns, this.#taken)
    await this.#end({ kind: 'finish' })
  }

  /** All rows, from what instances recorded; nothing was offered. Throws what the file system throws. */
  async finishRecorded(recorded: RecordedHistory): Promise<void> {
    if (rowsIn(recorded) < THREAD_ROWS) {
      await writeRecorded(this.#path, recorded)
      return
    }
    this.#start().postMessage({ kind: 'recorded', recorded } satisfies HistoryThreadMessage)
    await this.#end({ kind: 'finish' })
  }

  /** Leaves nothing of what was offered behind. Does nothing after `finish`. */
  async discard(): Promise<void> {
    if (this.#thread) await this.#end({ kind: 'discard' }).catch(() => {})
  }

  #send(columns: HistoryColumns, from: number): void {
    this.#start().postMessage({ kind: 'rows', columns: sliceHistory(columns, from, from + ROW_GROUP_ROWS) } satisfies HistoryThreadMessage)
  }

  #start(): Worker {
    if (this.#thread) return this.#thread
    const thread = new Worker(entryFile(import.meta.url, './history-main.ts'), {
      workerData: { path: this.#path },
      execArgv: [],
      env: {},
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
    })
    this.#thread = thread
    this.#answer = new Promise((resolve, reject) => {
      thread.on('message', resolve)
      thread.on('error', reject)
      thread.on('exit', () => reject(new Error('the thread that writes the history ended before its time')))
    })
    // Heard by `finish`, which may come minutes later.
    this.#answer.catch(() => {})
    return thread
  }

  async #end(message: HistoryThreadMessage): Promise<void> {
    this.#thread!.postMessage(message)
    this.#thread = undefined
    const answer = await this.#answer!
    if (!answer.done) throw Object.assign(new Error(answer.message), { code: answer.code })
  }
}
