import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Sql } from 'postgres'
import { copyRows } from './copy-rows.ts'

/** Tables of runs that died are dropped when they are this old; a run is at most a week long. */
const LEFTOVER_DAYS = 8

/**
 * Makes the run's table anew. Its comment says when it was made, by the server's clock: whoever finds it later can
 * see what it is, and `dropLeftovers` how old.
 */
export async function createTable(sql: Sql, table: string): Promise<void> {
  await sql.unsafe(`drop table if exists "${table}"`)
  await sql.unsafe(`create table "${table}" (key text not null, version bigint not null, writer integer not null, value bytea not null)`)
  const [row] = await sql`select extract(epoch from now())::bigint::text as seconds`
  await sql.unsafe(`comment on table "${table}" is 'cacheproof: rows of one run, made at ${Number(row?.['seconds'])} (Unix time)'`)
}

/**
 * Drops tables in the current schema that an earlier run made and could not drop: by name, comment and age, so that
 * neither a table of a run under way nor one of somebody else is touched. Failing to is no error of this run's.
 */
export async function dropLeftovers(sql: Sql): Promise<void> {
  const found = await sql`
    select c.relname as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind = 'r' and n.nspname = current_schema() and c.relname like 'cacheproof\\_%'
      and pg_get_userbyid(c.relowner) = current_user
      and substring(obj_description(c.oid, 'pg_class') from '^cacheproof: rows of one run, made at ([0-9]{1,12}) ')::bigint
          < extract(epoch from now()) - ${LEFTOVER_DAYS * 86_400}`
  for (const { name } of found) await sql`drop table if exists ${sql(String(name))}`.catch(() => undefined)
}

/** Fills the table that `createTable` made; the key's index is built once all rows are there. */
export async function fillTable(sql: Sql, table: string, rows: Iterable<{ readonly key: string; readonly value: Uint8Array }>): Promise<void> {
  const target = await sql`copy ${sql(table)} (key, version, writer, value) from stdin with (format binary)`.writable()
  await pipeline(Readable.from(copyRows(rows), { objectMode: false }), target)
  await sql`alter table ${sql(table)} add primary key (key)`
  // The planner must know the table's size before the load begins, not when autovacuum gets to it.
  await sql`analyze ${sql(table)}`
}
