import type { CacheFunction, CacheKey } from '../../client/cache/cache.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { NameRange } from '../../targets/name-range.ts'
import type { NamesExtent, OperationClass, OperationResult, Pattern, PatternContext, SteadyIndicator, World } from '../pattern.ts'
import { inBatches } from './in-batches.ts'
import { keptByKey } from './kept-by-key.ts'
import { readBackRows } from './read-back-rows.ts'
import { createRowPlan, type RowShares } from './row-plan.ts'
import { settledEntries } from './settled-entries.ts'
import { createTimeToLive, type TimeToLive } from './time-to-live.ts'

/** Apart from lane 0, which jitters are drawn from. */
const FILL_LANE = 1

/** What tells the patterns over rows with a cache in front apart. */
export interface CachedRowsOptions extends RowShares, TimeToLive {
  /** After a commit the entry is deleted, or overwritten with what was committed, or left to its time to live. */
  readonly onWrite: 'invalidate' | 'overwrite' | 'none'
  /** How long "there is no such row" is remembered; null = not at all. */
  readonly negativeTtlNanos: Nanos | null
}

export const CACHED_ROWS_CLASSES: readonly OperationClass[] = [
  { name: 'read hit', kind: 'read', cache: 'hit' },
  { name: 'read miss', kind: 'read', cache: 'miss' },
  /** The cache knew that there is no such row. */
  { name: 'read absent hit', kind: 'read', cache: 'hit' },
  { name: 'read absent miss', kind: 'read', cache: 'miss' },
  /** The cache did not answer, the database did. */
  { name: 'read fallback miss', kind: 'read', cache: 'miss', degraded: true },
  /** The database did not answer either. */
  { name: 'read error', kind: 'read' },
  { name: 'write', kind: 'write' },
]

export const CACHED_ROWS_INDICATORS: readonly SteadyIndicator[] = ['hit_ratio', 'evictions', 'items']
/** An entry is deleted by a write, or where a commit's outcome is unknown, but not where entries are left to their TTL. */
export function cachedRowsCalls({ onWrite }: CachedRowsOptions): readonly CacheFunction[] {
  return onWrite === 'none' ? ['get', 'set'] : ['get', 'set', 'delete']
}
/** Rows that are there, and as many that are not. */
export function cachedRowsNames(_options: CachedRowsOptions, { keys }: NamesExtent): readonly NameRange[] {
  return [{ stem: 'row:', count: 2 * keys }]
}

export const CACHED_ROWS_CHECKS: readonly string[] = ['staleness', 'linearizability', 'commits', 'values', 'expiry']

/** Stands in the cache for "there is no such row"; no value of ours looks like it. */
export const NEGATIVE_ENTRY: Uint8Array = new TextEncoder().encode('cp1-absent')

/**
 * Reads ask the cache, then the database, and store what they found. Writes go to the database first, then to the
 * cache. A cache call that fails never fails the operation: a read falls back to the database (and does not try the
 * cache again: it would wait for a second timeout), a write stands as committed; `error` then says what happened.
 */
export function createCachedRows(context: PatternContext<unknown>, options: CachedRowsOptions): Pattern {
  const { values } = context
  const plan = createRowPlan(context, options)
  const writer = context.instance + 1
  const jitter = context.stream('ttl jitter')
  const ttl = createTimeToLive(options, jitter, context.safetyTtlMillis)
  const negativeTtl = createTimeToLive({ ttlNanos: options.negativeTtlNanos, jitter: options.jitter }, jitter, context.safetyTtlMillis)
  const cacheKey = keptByKey((keyId): CacheKey => ({ id: keyId, name: context.keyName(plan.rowKey(keyId)) }))

  async function read(index: number, key: number, world: World): Promise<OperationResult> {
    const entry = cacheKey(key)
    const cached = await world.cache.get(entry)
    let error = ''
    if (cached.status !== 'ok') error = cached.failure.code
    else if (cached.value !== null) {
      const identity = values.read(cached.value)
      if (identity?.keyId === key) return { class: 'read hit', fn: 'read', key, ret: identity.version, writer: identity.writer, status: 'ok' }
      // Another key's value: whoever asked got it, and nobody noticed.
      if (identity) return { class: 'read hit', fn: 'read', key, status: 'ok', error: 'foreign' }
      if (isNegative(cached.value)) return { class: 'read absent hit', fn: 'read', key, status: 'ok' }
      // What can't be read is as good as nothing.
      error = 'torn'
    }

    const found = await world.database.read(key, plan.rowKey(key))
    if (found.status !== 'ok') return { class: 'read error', fn: 'read', key, status: found.status, error: found.failure.code }
    const row = found.value
    if (cached.status === 'ok') {
      const stored = row
        ? await world.cache.set(entry, row.value, ttl(index))
        : options.negativeTtlNanos !== null
          ? await world.cache.set(entry, NEGATIVE_ENTRY, negativeTtl(index))
          : undefined
      if (stored && stored.status !== 'ok') error = stored.failure.code
    }
    const name = cached.status !== 'ok' ? 'read fallback miss' : row ? 'read miss' : 'read absent miss'
    const writer = row ? (values.read(row.value)?.writer ?? -1) : -1
    return { class: name, fn: 'read', key, ret: row?.version ?? Number.NaN, writer, status: 'ok', error }
  }

  async function write(index: number, key: number, world: World): Promise<OperationResult> {
    const written = await world.database.write(key, plan.rowKey(key), (version) => values.make(key, version, writer))
    if (written.status !== 'ok') {
      // It may have been committed: the entry may be old, and deleting it costs no more than a miss.
      if (written.status === 'info' && options.onWrite !== 'none') await world.cache.delete(cacheKey(key))
      return { class: 'write', fn: 'write', key, status: written.status, error: written.failure.code }
    }
    const { version, value } = written.value
    let error = ''
    if (options.onWrite !== 'none') {
      const cached =
        options.onWrite === 'invalidate' ? await world.cache.delete(cacheKey(key)) : await world.cache.set(cacheKey(key), value, ttl(index))
      if (cached.status !== 'ok') error = cached.failure.code
    }
    return { class: 'write', fn: 'write', key, arg: version, ret: version, writer, status: 'ok', error }
  }

  return {
    rows: plan.rows,
    async fill(world, { ratePerSecond }) {
      const entries = settledEntries({
        plan,
        keyCount: context.keys.count,
        writeRatio: options.writeRatio,
        onWrite: options.onWrite,
        ttlNanos: options.ttlNanos,
        ttlMillis: ttl,
        negativeTtlMillis: options.negativeTtlNanos === null ? undefined : negativeTtl,
        draw: (index) => jitter.uniform(index, FILL_LANE),
        ratePerSecond,
      })
      await inBatches(entries, async ({ keyId, negative, ttlMillis }) => {
        await world.cache.set(cacheKey(keyId), negative ? NEGATIVE_ENTRY : values.make(keyId, 1, 0), ttlMillis)
      })
      return entries.length
    },
    intent(index) {
      const key = plan.keyId(index)
      return plan.isWrite(index) ? { fn: 'write', key, kind: 'write', class: 'write' } : { fn: 'read', key, kind: 'read' }
    },
    operation(index, world) {
      const key = plan.keyId(index)
      return plan.isWrite(index) ? write(index, key, world) : read(index, key, world)
    },
    verify: (world) => readBackRows({ plan, keyCount: context.keys.count, values, cacheKey }, world),
  }
}

function isNegative(value: Uint8Array): boolean {
  return value.length === NEGATIVE_ENTRY.length && NEGATIVE_ENTRY.every((byte, at) => byte === value[at])
}
