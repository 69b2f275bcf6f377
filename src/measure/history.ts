import type { Nanos } from '../runtime/runtime.ts'

/**
 * The history: one row an operation. Rows live in columns (`HistoryColumns`), on disk in checksummed segments
 * while the run goes on and in one Parquet file after it. No wall time or host detail is in it.
 */
export interface HistoryRow {
  /** Unique in the cell. Application rows have the operation's index; rows under them continue the numbering of their instance. */
  readonly op: number
  /** The application operation that made this call; -1 for none. */
  readonly parent: number
  readonly layer: Layer
  readonly instance: number
  /** Small integer: the connection (cache, database) or the simulated user (app). */
  readonly client: number
  /** Key id; -1 for none. */
  readonly key: number
  /** "read", "write", "login" (app); "get", "set", "delete" (cache); "read", "write" (database). */
  readonly fn: string
  /** App: the class it turned out to be ("read hit", "read miss", "login"). Cache: "hit", "miss", "stored", "deleted", "absent", "ok". Else "". */
  readonly outcome: string
  /** Argument or version written; NaN for none. */
  readonly arg: number
  /** Result or version read; NaN for none. */
  readonly ret: number
  /** Who wrote the version in `arg` or `ret`: instance + 1, 0 for what was there before the load; -1: none, or not known. */
  readonly writer: number
  /** When it was due (open loop); equals `sent` in a closed loop and below the app layer. */
  readonly due: Nanos
  /** When it began; -1 for an operation that was due and never did (status info, error "unstarted"). */
  readonly sent: Nanos
  /** When it completed; -1 for an operation that never did (status info). */
  readonly done: Nanos
  readonly status: Status
  /** Failure code or the first word of the server's error; "" for none. */
  readonly error: string
  readonly node: string
  readonly attempts: number
  readonly bytesOut: number
  readonly bytesIn: number
  readonly phase: string
  readonly block: number
}

export type Layer = 'app' | 'cache' | 'database' | 'probe'
export type Status = 'ok' | 'fail' | 'info'

export const LAYERS: readonly Layer[] = ['app', 'cache', 'database', 'probe']
export const STATUSES: readonly Status[] = ['ok', 'fail', 'info']

/** Read access to a history, by column; index = row, in order of completion. Text columns are codes into a dictionary. */
export interface HistoryColumns {
  readonly length: number
  readonly op: Float64Array
  readonly parent: Float64Array
  readonly layer: Uint8Array
  readonly instance: Uint16Array
  readonly client: Uint32Array
  readonly key: Int32Array
  readonly fn: TextColumn
  readonly outcome: TextColumn
  readonly arg: Float64Array
  readonly ret: Float64Array
  readonly writer: Int32Array
  readonly due: Float64Array
  readonly sent: Float64Array
  readonly done: Float64Array
  readonly status: Uint8Array
  readonly error: TextColumn
  readonly node: TextColumn
  readonly attempts: Uint16Array
  readonly bytesOut: Uint32Array
  readonly bytesIn: Uint32Array
  readonly phase: TextColumn
  readonly block: Uint16Array
}

export interface TextColumn {
  readonly dictionary: readonly string[]
  readonly codes: Uint16Array
}
