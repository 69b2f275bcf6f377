import { z } from 'zod'
import { DATABASE_KINDS } from '../../../measure/database-kind.ts'
import type { DatabaseSpec, LatencySpec } from '../../workload.ts'
import { count } from '../fields.ts'
import { latencySchema } from './latency-schema.ts'

/** For `--database URL` too. */
export const DATABASE_URL = /^(sqlite(\+(native|wasm))?:|postgres(ql)?:\/\/)/
export const DATABASE_URL_FORMS = 'sqlite:, sqlite:/path/to/file.db or postgres://user@host:5432/name'

const CONCURRENCY = 64
const MILLIS = 1_000_000

export const databaseSchema = z
  .strictObject({
    kind: z.enum(DATABASE_KINDS).optional().describe('The system of record behind the cache. Without it, what the url says; without a url, sqlite.'),
    url: z
      .string()
      .regex(DATABASE_URL, DATABASE_URL_FORMS)
      .optional()
      .meta({
        description:
          'Where the database is: sqlite: (in memory), sqlite:/path/to/file.db, postgres://user@host:5432/name. Leave the password to the environment (PGPASSWORD).',
        examples: ['sqlite:', 'postgres://app@localhost:5432/app'],
      }),
    latency: z
      .union([z.literal('none'), latencySchema('Service time in front of the database: lognormal.')])
      .optional()
      .describe('Service time in front of the database. For sqlite { median: 4ms, p99: 25ms } unless told; for a real PostgreSQL none unless told.'),
    concurrency: count({ min: '1', max: '10k' })
      .prefault(CONCURRENCY)
      .describe('How many requests the database works on at once; others queue. For PostgreSQL: connections in the pool.'),
  })
  .superRefine((database, context) => {
    const told = kindOfUrl(database.url)
    if (database.kind === undefined || told === undefined || database.kind === told) return
    const message = `kind is ${database.kind}, but the url is one of ${told}`
    context.issues.push({ code: 'custom', input: database.kind, path: ['kind'], message, params: { expected: told, reason: message } })
  })
  .transform((database): DatabaseSpec => {
    const kind = database.kind ?? kindOfUrl(database.url) ?? DATABASE_KINDS[0]
    const latency = database.latency === 'none' ? undefined : (database.latency ?? defaultLatency(kind))
    return { kind, ...(database.url !== undefined && { url: database.url }), ...(latency && { latency }), concurrency: database.concurrency }
  })

/** An embedded database gets the service time of one across a network; a real one brings its own. */
export function defaultLatency(kind: DatabaseSpec['kind']): LatencySpec | undefined {
  return kind === 'postgres' ? undefined : { medianNanos: 4 * MILLIS, p99Nanos: 25 * MILLIS }
}

/** For `--database URL` too. */
export function kindOfUrl(url: string | undefined): DatabaseSpec['kind'] | undefined {
  return DATABASE_KINDS.find((kind) => url?.startsWith(kind))
}
