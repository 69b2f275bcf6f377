import { createRequire } from 'node:module'
import { PATIENT, type SqliteConnection, type SqliteRow, type SqliteStatement, type SqliteValue } from './sqlite-connection.ts'

/** What is used of the optional package `libsql` (SQLite's fork with prebuilt binaries). */
interface LibsqlDatabase {
  exec(sql: string): void
  prepare(sql: string): { get(values: readonly unknown[]): SqliteRow | undefined; raw(on?: boolean): unknown }
  close(): void
}

/** Whether the native build is there: it is an optional dependency, and not every platform has a binary. */
export function hasNativeSqlite(): boolean {
  return loadLibsql() !== undefined
}

/** SQLite as native code. Throws when the package can't be loaded or the file not be opened. */
export function openNativeConnection(file: string): SqliteConnection {
  const Libsql = loadLibsql()
  if (!Libsql) throw new Error('the optional package libsql is not installed, or has no binary for this platform')
  const database = new Libsql(file)
  database.exec(PATIENT)
  return {
    build: 'native',
    version: String(database.prepare('select sqlite_version() as version').get([])?.['version']),
    exec: (sql) => database.exec(sql),
    prepare(sql): SqliteStatement {
      const statement = database.prepare(sql)
      return { first: (...values) => statement.get(values.map(toBuffer)) }
    },
    close: () => database.close(),
  }
}

/** The binding takes Buffers, not plain byte arrays. */
function toBuffer(value: SqliteValue): string | number | Buffer {
  return typeof value === 'object' ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value
}

let loaded: { readonly Libsql: (new (file: string) => LibsqlDatabase) | undefined } | undefined

function loadLibsql(): (new (file: string) => LibsqlDatabase) | undefined {
  if (!loaded) {
    try {
      loaded = { Libsql: createRequire(import.meta.url)('libsql') as new (file: string) => LibsqlDatabase }
    } catch {
      loaded = { Libsql: undefined }
    }
  }
  return loaded.Libsql
}
