import type { ReservedSql, Sql } from 'postgres'
import { type Nanos, type Runtime, SECOND, type Timer } from '../../runtime/runtime.ts'
import type { Database, DatabaseDescription, DatabaseResult, Row } from '../database.ts'
import { failureOf, isConnectionLost, type Progress } from './postgres-failure.ts'
import { PostgresPool } from './postgres-pool.ts'
import { createTable, fillTable } from './postgres-table.ts'

export interface PostgresDatabaseOptions {
  readonly runtime: Runtime
  /** A client of one connection, not yet connected. */
  readonly connect: () => Sql
  /** Connections at the most. */
  readonly connections: number
  /** Letters, digits and `_`. */
  readonly table: string
  readonly description: DatabaseDescription
  /** Has the table dropped should we die; what it returns takes that back. */
  readonly claim: () => () => void
  /** How long a call may take, waiting for a connection included; 10 s unless told. Beyond it its outcome is unknown. */
  readonly deadlineNanos?: Nanos
}

export interface PostgresDatabase extends Database {
  /** Makes all connections and has each do what a load will do. The table must be there. */
  warm(): Promise<void>
}

const DEADLINE_NANOS = 10 * SECOND

/**
 * PostgreSQL as the system of record. A write is one transaction: the row's new version is chosen under its row
 * lock, the value is made from it, both are committed. BEGIN and the first statement travel together, the second and
 * COMMIT, too, so a write takes two round trips and the row is locked for one.
 */
export function createPostgresDatabase(options: PostgresDatabaseOptions): PostgresDatabase {
  const { runtime, table, connect } = options
  const deadlineNanos = options.deadlineNanos ?? DEADLINE_NANOS
  const pool = new PostgresPool(connect, options.connections)
  const readText = `select version, writer, value from "${table}" where key = $1`
  const bumpText = `insert into "${table}" as t (key, version, writer, value) values ($1, 1, $2, '') on conflict (key) do update set version = t.version + 1, writer = excluded.writer returning version`
  const fillText = `update "${table}" set value = $1 where key = $2`
  let takeBack: (() => void) | undefined
  let closing: Promise<void> | undefined

  async function read(connection: ReservedSql, key: string): Promise<Row | null> {
    const [found] = await connection.unsafe(readText, [key], { prepare: true })
    return found === undefined ? null : rowOf(key, found)
  }

  async function write(connection: ReservedSql, key: string, writer: number, value: (version: number) => Uint8Array, track: Track): Promise<Row> {
    track.progress = 'uncommitted'
    try {
      const begun = connection.unsafe('begin').execute()
      const bumped = connection.unsafe(bumpText, [key, writer], { prepare: true }).execute()
      const [, [found]] = await all([begun, bumped])
      const version = Number((found as unknown as { version: unknown }).version)
      const bytes = made(value, version)
      track.progress = 'committing'
      const filled = connection.unsafe(fillText, [Buffer.from(bytes), key], { prepare: true }).execute()
      const committed = connection.unsafe('commit').execute()
      await all([filled, committed])
      return { key, version, writer, value: bytes }
    } catch (error) {
      // After an error of the statement COMMIT was a ROLLBACK already; before COMMIT there is one to make.
      if (track.progress === 'uncommitted' && !isConnectionLost(error)) await connection.unsafe('rollback')
      throw error
    }
  }

  /** What a load will do, without a trace: a row that is not there is read, and one is written and taken back. */
  async function exercise(connection: ReservedSql, number: number): Promise<void> {
    const key = `cacheproof warms ${number}`
    await read(connection, key)
    await connection.unsafe('begin')
    try {
      await connection.unsafe(bumpText, [key, 0], { prepare: true })
      await connection.unsafe(fillText, [Buffer.alloc(1), key], { prepare: true })
    } finally {
      await connection.unsafe('rollback')
    }
  }

  /** Runs the call and hands its answer over once: its own, or that its time is up. */
  function run<T>(body: (connection: ReservedSql, track: Track) => Promise<T>, done: (result: DatabaseResult<T>) => void): void {
    if (closing) {
      runtime.after(0, () => done({ status: 'fail', failure: { status: 'fail', code: 'not-sent', message: 'the database is closed' } }))
      return
    }
    const track: Track = { progress: 'nothing sent' }
    let timer: Timer | undefined
    const answer = (result: DatabaseResult<T>): void => {
      if (!timer) return
      timer.cancel()
      timer = undefined
      done(result)
    }
    timer = runtime.after(deadlineNanos, () =>
      answer({ status: 'info', failure: { status: 'info', code: 'timeout', message: `no answer within ${deadlineNanos / SECOND} s` } }),
    )
    pool
      .use((connection) => body(connection, track))
      .then(
        (value) => answer({ status: 'ok', value }),
        (error: unknown) => {
          const failure = failureOf(error, track.progress)
          answer({ status: failure.status, failure })
        },
      )
  }

  return {
    warm: () => pool.warm(exercise),
    description: options.description,
    async load(rows) {
      takeBack = options.claim()
      await withClient(connect, async (sql) => {
        await createTable(sql, table)
        await fillTable(sql, table, rows)
      })
    },
    read(key, done) {
      run((connection, track) => {
        // A read has nothing to roll back; once sent, its answer is unknown until it is there.
        track.progress = 'committing'
        return read(connection, key)
      }, done)
    },
    write(key, writer, value, done) {
      run((connection, track) => write(connection, key, writer, value, track), done)
    },
    close() {
      closing ??= pool.end().then(async () => {
        if (!takeBack) return
        // The server may be gone: then the reaper tries once more, and at last a later run does (`dropLeftovers`).
        await withClient(connect, (sql) => sql.unsafe(`drop table if exists "${table}"`)).then(takeBack, () => undefined)
      })
      return closing
    },
  }
}

interface Track {
  progress: Progress
}

/** For what happens once: a client of its own, so that it meets no state of a lost connection. */
async function withClient(connect: () => Sql, body: (sql: Sql) => Promise<unknown>): Promise<void> {
  const sql = connect()
  try {
    await body(sql)
  } finally {
    await sql.end({ timeout: 1 })
  }
}

/** Waits for all, so that none is left to fail unheard; throws the first error of the list. */
async function all<T extends readonly PromiseLike<unknown>[]>(calls: T): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const settled = await Promise.allSettled(calls)
  const broken = settled.find((one) => one.status === 'rejected')
  if (broken) throw broken.reason
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as { -readonly [Index in keyof T]: Awaited<T[Index]> }
}

/** What the caller throws is no sign of a lost connection; it gets the form of an error that the transaction survives. */
function made(value: (version: number) => Uint8Array, version: number): Uint8Array {
  try {
    return value(version)
  } catch (error) {
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), { code: '', severity: 'ERROR' })
  }
}

function rowOf(key: string, found: Record<string, unknown>): Row {
  return { key, version: Number(found['version']), writer: Number(found['writer']), value: found['value'] as Uint8Array }
}
