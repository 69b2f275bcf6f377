import type { Failure } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import { reason } from '../../runtime/reason.ts'
import { MILLISECOND, type Runtime, SECOND } from '../../runtime/runtime.ts'
import type { Database, DatabaseDescription, DatabaseResult, Row } from '../database.ts'
import { isBusy, patiently, type SqliteConnection, type SqliteRow } from './sqlite-connection.ts'
import { breakStaleLock } from './stale-lock.ts'

export interface SqliteDatabaseOptions {
  readonly runtime: Runtime
  /** Absent = in memory. */
  readonly file?: string
  /** The file is removed at the end, and the table with it. */
  readonly temporary?: boolean
  /** As it was asked for; shown. */
  readonly url: string
  /** Letters, digits and `_`. */
  readonly table: string
}

/** How long another process may keep the lock, and how often is asked. */
const LOCK_PATIENCE_NANOS = 5 * SECOND
const LOCK_RETRY_NANOS = MILLISECOND / 4
const STALE_LOCK_MILLIS = 2_000
/** Answers are for programs and for what stands in front of this database. */
const QUIET = true

/**
 * SQLite as the system of record. Every call is one synchronous transaction inside the call; its answer is handed
 * over on the runtime's next turn. When another process has the file locked, the call is repeated until it is free,
 * without blocking this process.
 *
 * Measured with 500-byte values over 10,000 rows (Node 20, two cores; bench/sqlite.bench.ts, numbers in
 * bench/results/sqlite.json): in memory WASM takes 4.2 us a read and 7.8 us a write, native (libsql) 4.7 and 8.9, because
 * every call across its boundary costs more than SQLite's own work. In a file native (WAL) takes 12 us a read and 31 a
 * write, WASM 180 and 290, since each of its locks is a folder made and removed. Hence WASM in memory, native in a file.
 */
export function createSqliteDatabase(connection: SqliteConnection, options: SqliteDatabaseOptions): Database {
  const { runtime, table, file } = options
  const quoted = `"${table}"`
  const journal = connection.build === 'native' ? 'wal' : 'delete'
  if (file !== undefined) inFile(options, () => patiently(connection, () => connection.exec(`pragma journal_mode = ${journal}`)))
  // A killed process loses nothing that was written; a power cut may, and then the run is gone, too.
  connection.exec('pragma synchronous = off')
  let statements: ReturnType<typeof prepare> | undefined
  let loaded = false
  let closed = false

  function prepare() {
    return {
      read: connection.prepare(`select version, writer, value from ${quoted} where key = ?`),
      version: connection.prepare(`select version from ${quoted} where key = ?`),
      put: connection.prepare(
        `insert into ${quoted} (key, version, writer, value) values (?, ?, ?, ?) on conflict (key) do update set version = excluded.version, writer = excluded.writer, value = excluded.value`,
      ),
    }
  }

  /** Now, or as soon as no other process has the lock. */
  function whenUnlocked<T>(action: () => DatabaseResult<T>, done: (result: DatabaseResult<T>) => void): void {
    const startNanos = runtime.now()
    const attempt = (): DatabaseResult<T> | undefined => {
      if (closed) return { status: 'fail', failure: { status: 'fail', code: 'not-sent', message: 'the database is closed' } }
      try {
        return action()
      } catch (error) {
        if (isBusy(error) && runtime.now() - startNanos < LOCK_PATIENCE_NANOS) return undefined
        return { status: 'fail', failure: failureOf(error) }
      }
    }
    const retry = (): void => {
      if (file !== undefined && connection.build === 'wasm') breakStaleLock(file, runtime.wall.nowMicros() / 1000, STALE_LOCK_MILLIS)
      const result = attempt()
      if (result) done(result)
      else runtime.after(LOCK_RETRY_NANOS, retry)
    }
    const result = attempt()
    if (result) runtime.after(0, () => done(result), QUIET)
    else runtime.after(LOCK_RETRY_NANOS, retry)
  }

  function inTransaction<T>(body: () => T): T {
    connection.exec('begin immediate')
    try {
      const result = body()
      connection.exec('commit')
      return result
    } catch (error) {
      try {
        connection.exec('rollback')
      } catch {
        // SQLite has rolled back by itself (disk full, out of memory): what went wrong is the first error.
      }
      throw error
    }
  }

  /** A process killed in a transaction leaves its lock behind: at the latest when our patience has ended it is stale. */
  function removeTable(): void {
    const remove = () => patiently(connection, () => connection.exec(`drop table if exists ${quoted}`))
    const breakLock = () =>
      file !== undefined && connection.build === 'wasm' && breakStaleLock(file, runtime.wall.nowMicros() / 1000, STALE_LOCK_MILLIS)
    breakLock()
    try {
      remove()
    } catch (error) {
      if (!isBusy(error) || !breakLock()) throw error
      remove()
    }
  }

  return {
    description: describe(connection, options),
    async load(rows) {
      const fill = () => {
        connection.exec(`drop table if exists ${quoted}`)
        // Not "without rowid": SQLite would then copy every large row that it passes on its way down the tree.
        connection.exec(`create table ${quoted} (key text primary key, version integer not null, writer integer not null, value blob not null)`)
        const insert = connection.prepare(`insert into ${quoted} (key, version, writer, value) values (?, 1, 0, ?)`)
        for (const { key, value } of rows) insert.first(key, value)
      }
      inFile(options, () => patiently(connection, () => inTransaction(fill)))
      loaded = true
      statements = prepare()
    },
    read(key, done) {
      whenUnlocked(() => {
        statements ??= prepare()
        const found = statements.read.first(key)
        return { status: 'ok', value: found === undefined ? null : rowOf(key, found) }
      }, done)
    },
    write(key, writer, value, done) {
      whenUnlocked(() => {
        statements ??= prepare()
        const { version: current, put } = statements
        const write = (): DatabaseResult<Row> => {
          const version = Number(current.first(key)?.['version'] ?? 0) + 1
          const bytes = value(version)
          put.first(key, version, writer, bytes)
          return { status: 'ok', value: { key, version, writer, value: bytes } }
        }
        // In memory nobody else can come between, and each statement is a transaction of its own.
        return file === undefined ? write() : inTransaction(write)
      }, done)
    },
    async close() {
      if (closed) return
      closed = true
      try {
        if (loaded && !options.temporary) removeTable()
      } finally {
        connection.close()
      }
    },
  }
}

/** What SQLite can't do before there is any load is the trouble of its file: on a disk that is full, or that takes no writes. */
function inFile<T>({ file, temporary }: SqliteDatabaseOptions, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (file === undefined) throw error
    const hint = temporary ? 'make room there, or set TMPDIR to another folder' : 'make room there, or name another file'
    throw new TargetError('TARGET_UNUSABLE', `the SQLite file ${file} can't be written: ${reason(error)}`, hint)
  }
}

function rowOf(key: string, found: SqliteRow): Row {
  return { key, version: Number(found['version']), writer: Number(found['writer']), value: found['value'] as Uint8Array }
}

/** A transaction that threw was rolled back: nothing of it was applied. */
function failureOf(error: unknown): Failure {
  return { status: 'fail', code: 'client', message: error instanceof Error ? error.message : String(error) }
}

function describe(connection: SqliteConnection, options: SqliteDatabaseOptions): DatabaseDescription {
  const place = options.file === undefined ? 'in memory' : 'in a file'
  const build = connection.build === 'wasm' ? 'WebAssembly' : 'native'
  return {
    label: `sqlite ${connection.version} (${build}, ${place})`,
    kind: 'sqlite',
    url: options.url,
    version: connection.version,
    serviceModel: 'none: in-process, no network',
    evidence: 'observed',
  }
}
