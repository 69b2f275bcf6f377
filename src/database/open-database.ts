import type { DatabaseKind } from '../measure/database-kind.ts'
import type { Nanos, Runtime } from '../runtime/runtime.ts'
import { UsageError } from '../runtime/usage-error.ts'
import type { Database } from './database.ts'
import type { DatabaseControl } from './database-control.ts'
import { createModelledDatabase } from './modelled-database.ts'
import { openPostgres } from './postgres/open-postgres.ts'
import { openSqlite } from './sqlite/open-sqlite.ts'
import { createTableDatabase } from './table/table-database.ts'

/** What a workload says of its database (`DatabaseSpec` fits). */
export interface DatabaseRequest {
  readonly kind: DatabaseKind
  readonly url?: string
  readonly latency?: { readonly medianNanos: Nanos; readonly p99Nanos: Nanos }
  readonly concurrency?: number
}

export interface OpenDatabaseOptions {
  readonly runtime: Runtime
  /** Makes the table's name the run's own: `cacheproof_<prefix>`. Characters that can't be in a name become `_`. */
  readonly prefix: string
  /** For PGPASSWORD and its relatives; handed in, never read from `process`. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Other processes of the run will attach: an embedded database in memory goes to a temporary file (`attachUrl`). */
  readonly shared?: boolean
  /** This process attaches to what another has opened: by its `attachUrl`, or `true` where the request's own URL does. It drops nothing. */
  readonly attach?: string | true
  /** This process's number; 0 unless told. Its draws of service times are its own. */
  readonly instance?: number
  /** How many processes share the database: each gets its part of the concurrency. 1 unless told. */
  readonly instances?: number
  /** Can take the database away in the middle of the run. */
  readonly control?: DatabaseControl
}

const IN_MEMORY = /^(sqlite(\+\w+)?:(:memory:)?)?$/
const POSTGRES_CONNECTIONS = 16
/** PostgreSQL allows 63 bytes. */
const LONGEST_TABLE_NAME = 63

/**
 * Opens the system of record of a run. On virtual time a table in memory stands for SQLite in memory. Throws
 * `UsageError` for a request that makes no sense and `TargetError` when the database can't be reached or used; neither
 * names a secret.
 */
export async function openDatabase(request: DatabaseRequest, options: OpenDatabaseOptions): Promise<Database> {
  const { runtime, control, instance = 0, instances = 1 } = options
  const table = `cacheproof_${options.prefix.replaceAll(/[^A-Za-z0-9_]+/g, '_').toLowerCase()}`.slice(0, LONGEST_TABLE_NAME)
  const concurrency = request.concurrency === undefined ? undefined : Math.max(1, Math.floor(request.concurrency / instances))
  const database = await openReal(request, options, table, concurrency)
  if (!request.latency && !control) return database
  const model = {
    ...(request.latency && { latency: request.latency }),
    ...(concurrency !== undefined && { concurrency }),
    concern: instance === 0 ? 'database.service' : `database.service/${instance}`,
  }
  return createModelledDatabase(database, model, runtime, control)
}

async function openReal(request: DatabaseRequest, options: OpenDatabaseOptions, table: string, concurrency: number | undefined): Promise<Database> {
  const { runtime, env, attach, shared } = options
  const url = typeof attach === 'string' ? attach : request.url
  if (attach === true && request.kind === 'sqlite' && IN_MEMORY.test(url ?? ''))
    throw new Error('a database in memory can not be attached to: open it as shared')
  if (request.kind === 'sqlite' && runtime.kind === 'virtual' && IN_MEMORY.test(url ?? '')) return createTableDatabase(runtime)
  if (request.kind === 'sqlite') return openSqlite(url ?? 'sqlite:', { runtime, table, ...(shared !== undefined && { shared }) })
  if (runtime.kind === 'virtual') {
    throw new UsageError('PostgreSQL is part of the outside world, where time can not be moved', 'use the embedded database, or leave --virtual out')
  }
  return openPostgres(url ?? 'postgres://', {
    runtime,
    table,
    env,
    concurrency: concurrency ?? POSTGRES_CONNECTIONS,
    attach: attach !== undefined,
    warm: attach !== undefined || shared !== true,
  })
}
