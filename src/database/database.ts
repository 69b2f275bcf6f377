import type { Failure } from '../client/client.ts'
import type { DescribedDatabaseKind } from '../measure/database-kind.ts'

/**
 * The system of record behind a cache: one table of rows (key, version, writer, value), where every committed
 * write adds one to the row's version. Implementations: `sqlite/`, `postgres/`, and on virtual time `table/`; `modelled-database.ts` puts a
 * service time and a concurrency limit in front of each. All are held to `database.contract.ts`.
 *
 * Life cycle: `open...` -> `load` -> `read` / `write` -> `close`. Callbacks are called exactly once, never before
 * the call returns.
 */
export interface Database {
  readonly description: DatabaseDescription
  /**
   * How our other processes reach the same rows (`openDatabase`'s `attach`): a temporary file. Absent when the URL
   * that was given does it. Only present when the database was opened to be shared.
   */
  readonly attachUrl?: string
  /** Fills the table with rows at version 1, written by writer 0. Replaces what was there. */
  load(rows: Iterable<{ readonly key: string; readonly value: Uint8Array }>): Promise<void>
  read(key: string, done: (result: DatabaseResult<Row | null>) => void): void
  /**
   * Commits a new version of the row (version 1 if there was none). The value is made from the version the commit
   * gets, so that a value carries its own version; `value` is called inside the commit, with the row locked.
   */
  write(key: string, writer: number, value: (version: number) => Uint8Array, done: (result: DatabaseResult<Row>) => void): void
  /** Drops what `load` made. Idempotent. */
  close(): Promise<void>
}

export interface Row {
  readonly key: string
  readonly version: number
  readonly writer: number
  readonly value: Uint8Array
}

export type DatabaseResult<T> = { readonly status: 'ok'; readonly value: T } | { readonly status: 'fail' | 'info'; readonly failure: Failure }

export interface DatabaseDescription {
  /** "sqlite 3.50 (WebAssembly, in memory)", "postgresql 15.18", "in-memory table". */
  readonly label: string
  readonly kind: DescribedDatabaseKind
  /** Without secrets; empty where there is nothing to reach. */
  readonly url: string
  /** Empty of what is part of this program. */
  readonly version: string
  /** In words, always shown: "median 4 ms, p99 25 ms, 64 at a time", or "none: in-process, no network". */
  readonly serviceModel: string
  readonly evidence: 'observed' | 'modelled'
}
