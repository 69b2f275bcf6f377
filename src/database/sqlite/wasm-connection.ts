import { createRequire } from 'node:module'
import type * as Wasm from 'node-sqlite3-wasm'
import { PATIENT, type SqliteConnection, type SqliteRow, type SqliteStatement, type SqliteValue } from './sqlite-connection.ts'

/** SQLite compiled to WebAssembly: runs wherever Node does. Throws what SQLite throws when the file can't be opened. */
export function openWasmConnection(file: string): SqliteConnection {
  // Loaded on demand: compiling the module takes 30 ms that a run with PostgreSQL need not pay.
  const { Database } = createRequire(import.meta.url)('node-sqlite3-wasm') as typeof Wasm
  const database = new Database(file)
  database.exec(PATIENT)
  const statements: Wasm.Statement[] = []
  return {
    build: 'wasm',
    version: String(database.get('select sqlite_version() as version')?.['version']),
    exec: (sql) => database.exec(sql),
    prepare(sql): SqliteStatement {
      const statement = database.prepare(sql)
      statements.push(statement)
      // Not `get`: it leaves the statement under way, which keeps a lock and makes COMMIT fail.
      const run = (values: readonly SqliteValue[]) => statement.all(values as SqliteValue[])[0] as SqliteRow | undefined
      return {
        first(...values) {
          try {
            return run(values)
          } catch (error) {
            // A statement that failed (locked) refuses its next use, and is reset by that refusal.
            attempt(() => run(values))
            throw error
          }
        },
      }
    },
    close() {
      for (const statement of statements) statement.finalize()
      database.close()
    },
  }
}

function attempt(action: () => unknown): void {
  try {
    action()
  } catch {
    // Expected.
  }
}
