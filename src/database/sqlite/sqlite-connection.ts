/** One build of SQLite, synchronous. Implementations: `wasm-connection.ts`, `native-connection.ts`. */
export interface SqliteConnection {
  readonly build: 'wasm' | 'native'
  /** "3.53.4" */
  readonly version: string
  exec(sql: string): void
  prepare(sql: string): SqliteStatement
  close(): void
}

export interface SqliteStatement {
  /** Runs it to its end, so that it holds no lock afterwards, and gives the first row. */
  first(...values: readonly SqliteValue[]): SqliteRow | undefined
}

export type SqliteValue = string | number | Uint8Array
export type SqliteRow = Readonly<Record<string, unknown>>

/** Another process holds the lock. The two builds agree on the words, not on a code. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && error.message.includes('database is locked')
}

/**
 * How a connection comes: it waits this long (blocking this process) for others to give the lock back. Right for
 * opening, filling and closing, when nobody waits for an answer; while a load runs SQLite does not wait.
 */
export const PATIENT = 'pragma busy_timeout = 5000'
const IMPATIENT = 'pragma busy_timeout = 0'

/** Runs `action` with SQLite's own waiting for locks, and leaves it off. Throws as ever when the lock is not to be had. */
export function patiently<T>(connection: SqliteConnection, action: () => T): T {
  connection.exec(PATIENT)
  try {
    return action()
  } finally {
    connection.exec(IMPATIENT)
  }
}
