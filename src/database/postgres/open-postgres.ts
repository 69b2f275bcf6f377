import postgres from 'postgres'
import { TargetError } from '../../client/target-error.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { theReaper } from '../../targets/local/reaper.ts'
import type { DropServer } from '../../targets/local/undo-entry.ts'
import { redactUrl } from '../../targets/url/redact-url.ts'
import type { Database } from '../database.ts'
import { createPostgresDatabase, type PostgresDatabase } from './postgres-database.ts'
import { dropLeftovers } from './postgres-table.ts'

export interface OpenPostgresOptions {
  readonly runtime: Runtime
  readonly table: string
  /** Connections in the pool. */
  readonly concurrency: number
  /** PGPASSWORD, PGUSER, PGHOST, PGPORT, PGDATABASE fill in what the URL leaves out. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Another process has made the table. */
  readonly attach: boolean
  /** Connect the whole pool before the first call. Not where others will make the load. */
  readonly warm: boolean
}

const CONNECT_TIMEOUT_SECONDS = 5

/** `postgres://user@host:5432/name`. Throws `TargetError` when it can't be reached, does not let us in, or lets us make no table. */
export async function openPostgres(url: string, options: OpenPostgresOptions): Promise<Database> {
  const shown = redactUrl(url)
  const { connect, place, server } = connection(url, shown, options.env)
  const sql = connect()
  try {
    const [row] = await sql`select current_setting('server_version') as version, has_schema_privilege(current_schema(), 'create') as may_create`
    if (row?.['may_create'] !== true) {
      const message = `PostgreSQL at ${shown} lets this user make no table in its schema`
      throw new TargetError('TARGET_READONLY', message, 'grant CREATE on the schema, or use a database of your own')
    }
    if (!options.attach) await dropLeftovers(sql)
    const version = String(row['version']).split(' ')[0] ?? ''
    const database = createPostgresDatabase({
      runtime: options.runtime,
      connect,
      connections: options.concurrency,
      table: options.table,
      claim: () =>
        theReaper().register({
          kind: 'drop',
          server: { ...server, username: sql.options.user, database: sql.options.database },
          table: options.table,
        }),
      description: {
        label: `postgresql ${version}`,
        kind: 'postgres',
        url: shown,
        version,
        serviceModel: `real: ${options.concurrency} connections`,
        evidence: 'observed',
      },
    })
    if (!options.warm) return database
    if (!options.attach) return warmedByLoad(database)
    await database.warm()
    return database
  } catch (error) {
    throw error instanceof TargetError ? error : explain(error, shown, place)
  } finally {
    await sql.end({ timeout: 1 }).catch(() => undefined)
  }
}

/** Whoever makes the table has none before it is loaded. */
function warmedByLoad(database: PostgresDatabase): Database {
  return {
    ...database,
    async load(rows) {
      await database.load(rows)
      await database.warm()
    },
  }
}

/** How clients are made; nothing is connected yet. */
function connection(
  url: string,
  shown: string,
  env: OpenPostgresOptions['env'],
): {
  readonly connect: () => postgres.Sql
  readonly place: string
  readonly server: DropServer
} {
  let parsed: URL
  try {
    parsed = new URL(url)
  } catch {
    throw new UsageError(`"${shown}" is no PostgreSQL URL`, 'use postgres://user@host:5432/name, and PGPASSWORD for the password')
  }
  const host = decodeURIComponent(parsed.hostname) || env['PGHOST'] || 'localhost'
  const port = Number(parsed.port || env['PGPORT'] || 5432)
  const username = decodeURIComponent(parsed.username) || env['PGUSER']
  const password = decodeURIComponent(parsed.password) || env['PGPASSWORD']
  const database = decodeURIComponent(parsed.pathname.slice(1)) || env['PGDATABASE']
  const mode = parsed.searchParams.get('sslmode') ?? env['PGSSLMODE'] ?? 'prefer'
  if (!Object.hasOwn(TLS_MODES, mode)) {
    throw new UsageError(`sslmode=${mode} is not known`, `use one of ${Object.keys(TLS_MODES).join(', ')}`)
  }
  const server: DropServer = {
    host,
    port,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(database !== undefined && { database }),
    ssl: TLS_MODES[mode]!,
  }
  const settings = {
    ...server,
    max: 1,
    connect_timeout: CONNECT_TIMEOUT_SECONDS,
    // On: without it the library never answers a `reserve` that has to connect first (3.4.9).
    fetch_types: true,
    onnotice: () => undefined,
    connection: { application_name: 'cacheproof' },
  }
  return { connect: () => postgres(settings), place: `${host}:${port}`, server }
}

/** libpq's modes: `require` encrypts without asking who is there, `verify-full` asks. */
const TLS_MODES: Readonly<Record<string, false | 'prefer' | 'require' | 'verify-full'>> = {
  disable: false,
  prefer: 'prefer',
  require: 'require',
  'verify-full': 'verify-full',
}

const AUTH_CODES = new Set(['28P01', '28000', 'SASL_SIGNATURE_MISMATCH', 'AUTH_TYPE_NOT_IMPLEMENTED'])
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  'CONNECT_TIMEOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_DESTROYED',
  'ENOENT',
  '57P03',
])

function explain(error: unknown, shown: string, place: string): TargetError {
  const code = String((error as { code?: unknown }).code ?? '')
  const message = error instanceof Error ? error.message : String(error)
  if (AUTH_CODES.has(code) || message.includes('password')) {
    const hint = 'check the user in the URL and the password in PGPASSWORD'
    return new TargetError('TARGET_AUTH', `PostgreSQL at ${shown} does not let us in: ${message}`, hint)
  }
  if (code === '3D000') return new TargetError('TARGET_UNUSABLE', `PostgreSQL at ${shown}: ${message}`, 'create it first: createdb NAME')
  if (NETWORK_CODES.has(code)) {
    const why = code === 'CONNECT_TIMEOUT' ? `no answer within ${CONNECT_TIMEOUT_SECONDS} s` : code
    return new TargetError('TARGET_UNREACHABLE', `PostgreSQL at ${place} can not be reached (${why})`, 'is it running, and does it listen there?')
  }
  if (/ssl|tls|certificate/i.test(message)) {
    return new TargetError(
      'TARGET_TLS',
      `PostgreSQL at ${shown}: ${message}`,
      'try sslmode=disable, or have the server trusted (NODE_EXTRA_CA_CERTS)',
    )
  }
  return new TargetError('TARGET_UNUSABLE', `PostgreSQL at ${shown}: ${code} ${message}`.trim(), '')
}
