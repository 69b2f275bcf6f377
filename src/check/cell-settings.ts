import { z } from 'zod'
import type { Cell } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'

/**
 * The part of a cell's resolved workload that judging needs. Read leniently: a run of another version, or someone
 * else's history, may hold less, and then less is judged.
 */
const settingsSchema = z
  .object({
    settings: z.record(z.string(), z.unknown()).catch({}).default({}),
    keys: z.unknown().optional(),
    values: z.unknown().optional(),
    database: z.unknown().optional(),
    load: z.unknown().optional(),
    phases: z.unknown().optional(),
    faults: z.array(z.unknown()).catch([]).default([]),
    killInstance: z.object({ instance: z.number(), atNanos: z.number() }).optional().catch(undefined),
    expect: z
      .array(
        z.object({
          text: z.string(),
          metric: z.string(),
          operator: z.enum(['<', '<=', '==', '!=', '>=', '>']),
          value: z.number(),
          line: z.number().optional(),
        }),
      )
      .catch([])
      .default([]),
  })
  .catch({ settings: {}, keys: undefined, values: undefined, database: undefined, load: undefined, phases: undefined, faults: [], expect: [] })

export type CellSettings = z.infer<typeof settingsSchema>

export function cellSettings(cell: Pick<Cell, 'settings'>): CellSettings {
  return settingsSchema.parse(cell.settings)
}

/** Nothing is let go wrong: whatever does was not planned. */
export function isQuiet({ faults, killInstance }: CellSettings): boolean {
  return faults.length === 0 && killInstance === undefined
}

/** The longest that the pattern's values live (`with: { ttl }`; jitter only shortens), in nanoseconds; undefined for none. */
export function ttlNanosOf(settings: CellSettings): number | undefined {
  const ttl = settings.settings['ttlNanos']
  return typeof ttl === 'number' && ttl > 0 ? ttl : undefined
}

/** Whether reading restarts the time to live (`with: { touch: sliding }`). */
export function isSliding(settings: CellSettings): boolean {
  return settings.settings['touch'] === 'sliding'
}

/**
 * How much earlier or later than asked an engine may end a value's life: Memcached's clock counts whole seconds
 * (memcached.c: clock_handler), Redis and Valkey keep milliseconds. To that comes what two clocks of one machine drift.
 */
export function expiryToleranceNanos(cell: Pick<Cell, 'target'>): number {
  return cell.target.engine === 'redis' || cell.target.engine === 'valkey' ? 5 * MILLISECOND : 2 * SECOND
}

/** "full", "keys:1/N", "off" (workload.ts: HistoryLevel). */
export function historyLevelOf(cell: Pick<Cell, 'history'>): 'full' | 'sample' | 'off' {
  const { level } = cell.history
  return level === 'full' ? 'full' : level === 'off' ? 'off' : 'sample'
}
