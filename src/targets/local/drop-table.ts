import type { DropServer } from './undo-entry.ts'

const CONNECT_SECONDS = 5
const STATEMENT_MILLIS = 10_000
/** A statement that was under way when we died may make the table after it was dropped. */
const AGAIN_AFTER_MILLIS = 1_000

/** Drops a table that a process which has died can't drop any more. */
export async function dropTable(server: DropServer, table: string): Promise<void> {
  if (!/^cacheproof_[a-z0-9_]+$/.test(table)) throw new Error(`refusing to drop "${table}"`)
  const { default: postgres } = await import('postgres')
  const connection = { application_name: 'cacheproof', statement_timeout: STATEMENT_MILLIS }
  const sql = postgres({ ...server, max: 1, connect_timeout: CONNECT_SECONDS, onnotice: () => undefined, connection })
  try {
    await sql.unsafe(`drop table if exists "${table}"`)
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MILLIS))
    await sql.unsafe(`drop table if exists "${table}"`)
  } finally {
    await sql.end({ timeout: 1 })
  }
}
