import { z } from 'zod'
import { RUN_SCHEMA_VERSION, runResultSchema } from './run-result.ts'

/**
 * The JSON Schema (draft 2020-12) of run.json, generated from the definition that validates. Keys it does not know
 * are allowed, as the reader allows them: within a schema version, fields are only ever added.
 */
export function runJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(runResultSchema, { io: 'input', reused: 'inline' }) as Record<string, unknown>
  return {
    $schema,
    title: 'cacheproof run',
    description: `What "cacheproof run" writes to run.json, schema version ${RUN_SCHEMA_VERSION}. Units are in the names; latencies are HdrHistogram V2 (compressed, base64) in nanoseconds, told apart from 1 us on, 3 significant digits.`,
    ...schema,
  }
}
