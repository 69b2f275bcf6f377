import type { ReservedSql, Sql } from 'postgres'
import { type Nanos, type Runtime, SECOND, type Timer } from '../../runtime/runtime.ts'
import type { Database, DatabaseDescription, DatabaseResult, Row } from '../database.ts'
import { failureOf, type Progress } from './postgres-failure.ts'
import { createTable, fillTable } from './postgres-table.ts'

export interface PostgresDatabaseOptions {
  readonly runtime: Runtime
  /** Letters, digits and `_`. */
  readonly table: string
  readonly description: DatabaseDescription
  /** How long a call may take, waiting for a connection included; 10 s unless told. Beyond it its outcome is unknown. */
  readonly deadlineNanos?: Nanos
}

const DEADLINE_NANOS = 10 * SECOND

/**
 * PostgreSQL as the system of record. A write is one transaction: the row's new version is chosen under its row
 * lock, the value is made from it, both are committed. BEGIN and the first statement travel together, the second and
 * COMMIT, too, so a write takes two round trips and the row is locked for one.
 */
export function createPostgresDatabase(sql: Sql, options: PostgresDatabaseOptions): Database {
  const { runtime, table } = options
  const deadlineNanos = options.deadlineNanos ?? DEADLINE_NANOS
  const readText = `select version, writer, value from "${table}" where key = $1`
  const bumpText = `insert into "${table}" as t (key, version, writer, value) values ($1, 1, $2, '') on conflict (key) do update set version = t.version + 1, writer = excluded.writer returning version`
  const fillText = `update "${table}" set value = $1 where key = $2`
  let loaded = false
  let closing: Promise<void> | undefined

  async function read(key: string): Promise<DatabaseResult<Row | null>> {
    try {
      const [found] = await sql.unsafe(readText, [key], { prepare: true })
      return { status: 'ok', value: found === undefined ? null : rowOf(key, found) }
    } catch (error) {
      return failed(error, 'committing')
    }
  }

  async function write(key: string, writer: number, value: (version: number) => Uint8Array): Promise<DatabaseResult<Row>> {
    let connection: ReservedSql
    try {
      connection = await sql.reserve()
    } catch (error) {
      return failed(error, 'nothing sent')
    }
    try {
      return await commit(connection, key, writer, value)
    } finally {
      connection.release()
    }
  }

  async function commit(connection: ReservedSql, key: string, writer: number, value: (version: number) => Uint8Array): Promise<DatabaseResult<Row>> {
    let progress: Progress = 'uncommitted'
    try {
      const begun = connection.unsafe('begin').execute()
      const bumped = connection.unsafe(bumpText, [key, writer], { prepare: true }).execute()
      const [, [found]] = await all([begun, bumped])
      const version = Number((found as unknown as { version: unknown }).version)
      const bytes = value(version)
      progress = 'committing'
      const filled = connection.unsafe(fillText, [Buffer.from(bytes), key], { prepare: true }).execute()
      const committed = connection.unsafe('commit').execute()
      const [, outcome] = await all([filled, committed])
      // COMMIT of a transaction that has failed succeeds, with the word ROLLBACK.
      const { command } = outcome as unknown as { command: string }
      if (command !== 'COMMIT') return failed(new Error(`the transaction ended in ${command}`), 'uncommitted')
      return { status: 'ok', value: { key, version, writer, value: bytes } }
    } catch (error) {
      if (progress === 'uncommitted') await connection.unsafe('rollback').catch(() => undefined)
      return failed(error, progress)
    }
  }

  /** Hands the answer over once: the call's own, or that its time is up. */
  function answer<T>(call: Promise<DatabaseResult<T>>, done: (result: DatabaseResult<T>) => void): void {
    let timer: Timer | undefined
    const once = (result: DatabaseResult<T>): void => {
      if (!timer) return
      timer.cancel()
      timer = undefined
      done(result)
    }
    timer = runtime.after(deadlineNanos, () =>
      once({ status: 'info', failure: { status: 'info', code: 'timeout', message: `no answer within ${deadlineNanos / SECOND} s` } }),
    )
    void call.then(once)
  }

  return {
    description: options.description,
    async load(rows) {
      await createTable(sql, table)
      loaded = true
      await fillTable(sql, table, rows)
    },
    read: (key, done) => answer(read(key), done),
    write: (key, writer, value, done) => answer(write(key, writer, value), done),
    close() {
      closing ??= (async () => {
        // The server may be gone; the table then stays behind and is dropped by a later run (`dropLeftovers`).
        if (loaded) await sql.unsafe(`drop table if exists "${table}"`).catch(() => undefined)
        await sql.end({ timeout: 2 })
      })()
      return closing
    },
  }
}

/** Waits for all, so that none is left to fail unheard; throws the first error of the list. */
async function all<T extends readonly PromiseLike<unknown>[]>(calls: T): Promise<{ -readonly [Index in keyof T]: Awaited<T[Index]> }> {
  const settled = await Promise.allSettled(calls)
  const broken = settled.find((one) => one.status === 'rejected')
  if (broken) throw broken.reason
  return settled.map((one) => (one as PromiseFulfilledResult<unknown>).value) as { -readonly [Index in keyof T]: Awaited<T[Index]> }
}

function failed(error: unknown, progress: Progress): { readonly status: 'fail' | 'info'; readonly failure: ReturnType<typeof failureOf> } {
  const failure = failureOf(error, progress)
  return { status: failure.status, failure }
}

function rowOf(key: string, found: Record<string, unknown>): Row {
  return { key, version: Number(found['version']), writer: Number(found['writer']), value: found['value'] as Uint8Array }
}
