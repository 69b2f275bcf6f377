import type { Runtime } from '../../runtime/runtime.ts'
import type { Database, DatabaseResult, Row } from '../database.ts'

/** Answers are for programs and for what stands in front of this database. */
const QUIET = true
const CLOSED = { status: 'fail', failure: { status: 'fail', code: 'not-sent', message: 'the database is closed' } } as const

/**
 * A table in memory as the system of record on virtual time, where nobody measures the database itself: what a call takes is
 * the service model's, and SQL would only be work that is thrown away (a third of a whole run, as SQLite in WebAssembly).
 * Rows are handed out as they are stored, since nobody writes into a value. Every call takes effect at once; its answer is
 * handed over on the runtime's next turn, as SQLite's is, so that a history is the same, byte for byte, on either.
 */
export function createTableDatabase(runtime: Runtime): Database {
  let rows = new Map<string, Row>()
  let closed = false

  function answer<T>(result: DatabaseResult<T>, done: (result: DatabaseResult<T>) => void): void {
    runtime.after(0, () => done(result), QUIET)
  }

  function commit(key: string, writer: number, value: (version: number) => Uint8Array): DatabaseResult<Row> {
    const version = (rows.get(key)?.version ?? 0) + 1
    try {
      const row = { key, version, writer, value: value(version) }
      rows.set(key, row)
      return { status: 'ok', value: row }
    } catch (error) {
      return { status: 'fail', failure: { status: 'fail', code: 'client', message: error instanceof Error ? error.message : String(error) } }
    }
  }

  return {
    description: {
      label: 'in-memory table',
      kind: 'table',
      url: '',
      version: '',
      serviceModel: 'none: in-process, no network',
      evidence: 'modelled',
    },
    async load(given) {
      rows = new Map()
      for (const { key, value } of given) rows.set(key, { key, version: 1, writer: 0, value })
    },
    read: (key, done) => answer(closed ? CLOSED : { status: 'ok', value: rows.get(key) ?? null }, done),
    write: (key, writer, value, done) => answer(closed ? CLOSED : commit(key, writer, value), done),
    async close() {
      closed = true
      rows = new Map()
    },
  }
}
