import { z } from 'zod'
import { METRICS } from '../../../measure/metrics/catalogue.ts'
import { latencyMetric, STATISTICS } from '../../../measure/metrics/latency-metric.ts'
import type { HistoryLevel } from '../../workload.ts'
import { count, duration, type Field } from '../fields.ts'
import { HISTORY_LEVEL_WORDS, parseHistoryLevel } from '../history-level.ts'
import type { SpecRegistry } from '../spec-registry.ts'
import { databaseSchema } from './database-schema.ts'
import { faultsSchema } from './faults-schema.ts'
import { keysSchema } from './keys-schema.ts'
import { latencySchema } from './latency-schema.ts'
import { loadSchema } from './load-schema.ts'
import { phasesSchema } from './phases-schema.ts'
import { valuesSchema } from './values-schema.ts'

/**
 * The one definition of a workload file: it validates, fills in defaults, and the JSON Schema for editors comes out
 * of it (`workload-json-schema.ts`). What depends on the pattern (`with`, the classes `expect` may name, the
 * defaults of `history` and `baseline`) is left as it was given and resolved by `resolve-workload.ts`.
 */
export function workloadSchema(registry: SpecRegistry) {
  const schema = built.get(registry) ?? build(registry)
  built.set(registry, schema)
  return schema
}

/** Building takes some milliseconds; a run parses many files against one registry. */
const built = new WeakMap<SpecRegistry, ReturnType<typeof build>>()

function build(registry: SpecRegistry) {
  const patternNames = registry.patterns.map((pattern) => pattern.name) as [string, ...string[]]
  return z
    .strictObject({
      name: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, ".", "_" and "-", at most 64 of them, such as session-store')
        .meta({ description: 'Names the workload in reports and folders: lower-case letters, digits, . _ -', examples: ['session-store'] }),
      description: z.string().max(2_000).prefault('').describe('What the workload stands for, in a sentence or two. Shown in the report.'),
      pattern: z.enum(patternNames).describe(`The program that runs: ${registry.patterns.map((one) => `${one.name} (${one.summary})`).join('; ')}`),
      with: z.record(z.string(), z.unknown()).prefault({}).describe("The pattern's own settings."),
      keys: keysSchema.prefault({}).describe('How many keys there are and which of them are popular.'),
      values: valuesSchema.prefault({}).describe('How large values are and how well they compress.'),
      database: databaseSchema.prefault({}).describe('The system of record behind the cache.'),
      load: loadSchema
        .prefault({ open: {} })
        .describe('open: operations are due at a rate. closed: a fixed number of connections work as fast as they can.'),
      phases: phasesSchema
        .prefault([{ 'warm-up': 'auto' }, { steady: '10s' }])
        .describe('What happens in which order: a list of names with durations. warm-up is measured but counts for nothing.'),
      faults: faultsSchema(registry.faults).prefault([]).describe('What goes wrong, and when.'),
      expect: z
        .array(z.string().meta({ inputExamples: expectationExamples() }))
        .max(100)
        .prefault([])
        .meta({
          description: 'What must hold, or the run fails: a metric, an operator and a value.',
          inputExamples: [['hit_ratio >= 0.9', 'read.p99 <= 5ms', 'lost_sessions == 0', 'stale_ratio < 1%']],
        }),
      instances: count({ min: '1', max: '64' }).prefault(1).describe('Application instances, each with its own connections.'),
      kill_instance: z
        .strictObject({
          instance: count({ max: '63' }).describe('Which instance dies; the first is 0.'),
          at: duration({ max: '7d' }).describe('When, counted from the start of the first measured phase.'),
        })
        .optional()
        .describe(
          'Ends one application instance in the middle of the run. The others take over its share, with the connections that they have: what is due from then on in an open loop, its users in a closed one. What it had under way is unknown, what was due and nobody sent is counted.',
        ),
      history: historyLevel().optional(),
      baseline: z.boolean().optional().describe('Run the same load without a cache beside it. On unless told where the pattern has a database.'),
      deadline: duration({ min: '1ms', max: '10m' })
        .prefault('1s')
        .describe('How long one cache command may take; beyond it the outcome counts as unknown.'),
      network: latencySchema('One-way network delay in front of an embedded engine (engine: targets); real servers bring their own.').prefault({
        median: '100us',
        p99: '400us',
      }),
    })
    .meta({
      title: 'cacheproof workload',
      description: 'A workload for cacheproof: which caching pattern runs, on what keys, values and load, what goes wrong, and what must hold.',
    })
}

/** One for each metric, so that an editor completes them. */
function expectationExamples(): string[] {
  const metrics = [...METRICS, ...['read', 'write'].flatMap((kind) => STATISTICS.map((statistic) => latencyMetric(kind, statistic)))]
  const values = { ratio: '1%', count: '0', nanos: '5ms', rate: '500/s', bytes: '500', number: '1.5' } as const
  return metrics.map(
    ({ name, unit, better }) => `${name} ${better === 'more' ? '>=' : '<='} ${better === 'more' && unit === 'ratio' ? '90%' : values[unit]}`,
  )
}

export type WorkloadInput = z.output<ReturnType<typeof workloadSchema>>

function historyLevel(): Field<HistoryLevel> {
  return z
    .unknown()
    .transform((given, context): HistoryLevel => {
      const level = parseHistoryLevel(given)
      if (level) return level
      const problem = { expected: HISTORY_LEVEL_WORDS, example: 'keys:1/100' }
      context.issues.push({ code: 'custom', input: given, message: `expected ${HISTORY_LEVEL_WORDS}`, params: problem })
      return z.NEVER
    })
    .meta({
      type: 'string',
      pattern: '^(full|off|keys: ?1/[1-9][0-9]*)$',
      inputExamples: ['full', 'keys:1/100', 'off'],
      description:
        'Which operations are recorded one by one: full, those of one key in N, or off. full unless told; off for raw mixes. Checkers need it.',
    })
}
