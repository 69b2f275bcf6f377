import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { HistoryColumns } from '../../measure/history.ts'
import { SegmentEncoder } from '../../measure/segment-encoder.ts'
import { makeFolder } from '../make-folder.ts'

/** Why the history ends early. The run goes on without it. */
export interface HistoryProblem {
  readonly code: 'history-unwritable'
  /** For people: the file, the system's word for what went wrong, and what follows from it. */
  readonly message: string
}

/** What the writer needs of the file system; replaced in tests by one that is full. */
export interface SegmentFiles {
  open(path: string): number
  write(handle: number, bytes: Uint8Array, offset: number): number
  truncate(handle: number, length: number): void
  close(handle: number): void
}

export interface SegmentWriterOptions {
  /** Folders on the way are made. An existing file is replaced. */
  readonly path: string
  /** Called once, at the first thing that goes wrong; nothing is written after it. */
  readonly failed: (problem: HistoryProblem) => void
  readonly files?: SegmentFiles
}

/**
 * Appends the rows of one instance to its segment file. `write` returns when the operating system has the bytes, so
 * they outlive the process (not the machine: nothing is synced to disk). The caller decides when, at least once a
 * second; writing is synchronous because a second's rows take about a millisecond and nothing can overtake them then.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions
  readonly #files: SegmentFiles
  readonly #encoder = new SegmentEncoder()
  #handle: number | undefined
  #written = 0
  #rows = 0

  constructor(options: SegmentWriterOptions) {
    this.#options = options
    this.#files = options.files ?? REAL_FILES
    try {
      this.#handle = this.#files.open(options.path)
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Rows that are safe from the end of this process. */
  get rows(): number {
    return this.#rows
  }

  /** Appends one segment; none for no rows. The columns must come from one `HistoryBuilder`, cleared after each call. Says whether they are safe. */
  write(columns: HistoryColumns): boolean {
    if (this.#handle === undefined) return false
    if (columns.length === 0) return true
    const segment = this.#encoder.encode(columns)
    try {
      let offset = 0
      while (offset < segment.length) {
        const written = this.#files.write(this.#handle, segment, offset)
        if (written <= 0) throw new Error('nothing could be written')
        offset += written
      }
      this.#written += segment.length
      this.#rows += columns.length
      return true
    } catch (error) {
      this.#dropTornEnd()
      this.#fail(error)
      return false
    }
  }

  /** Idempotent. */
  close(): void {
    const handle = this.#handle
    this.#handle = undefined
    if (handle === undefined) return
    try {
      this.#files.close(handle)
    } catch (error) {
      this.#report(error)
    }
  }

  #dropTornEnd(): void {
    try {
      if (this.#handle !== undefined) this.#files.truncate(this.#handle, this.#written)
    } catch {
      // The reader drops and counts a torn segment; that is no worse.
    }
  }

  #fail(error: unknown): void {
    const handle = this.#handle
    this.#handle = undefined
    if (handle !== undefined) {
      try {
        this.#files.close(handle)
      } catch {
        // Already failing: the first reason is the one worth telling.
      }
    }
    this.#report(error)
  }

  #report(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    this.#options.failed({
      code: 'history-unwritable',
      message: `the history could not be written to ${this.#options.path}: ${reason}; the run goes on, its history ends after ${this.#rows} rows`,
    })
  }
}

const REAL_FILES: SegmentFiles = {
  open(path) {
    makeFolder(dirname(path))
    return openSync(path, 'w')
  },
  write: (handle, bytes, offset) => writeSync(handle, bytes, offset),
  truncate: ftruncateSync,
  close: closeSync,
}
