import { z } from 'zod'
import { durationOrNone } from '../file/fields.ts'
import type { PatternDefinition } from '../pattern.ts'
import {
  CACHED_ROWS_CHECKS,
  CACHED_ROWS_CLASSES,
  CACHED_ROWS_INDICATORS,
  type CachedRowsOptions,
  cachedRowsCalls,
  cachedRowsNames,
  createCachedRows,
} from './cached-rows.ts'
import { ROW_SHARES, rowSharesOf } from './row-shares.ts'

/**
 * Every write goes through to the cache, entries stay. The cache starts empty, as after a deployment or the loss of
 * a node, so a read that misses falls back to the database and fills: without that a key would be missing until its
 * next write. Its known holes: two writers may reach the cache in another order than the database, and a write
 * whose cache call failed leaves an entry that nothing but the next write replaces.
 */
export const writeThrough: PatternDefinition<CachedRowsOptions> = {
  kind: 'pattern',
  name: 'write-through',
  summary: 'Writes go to the database and then into the cache, where they stay; reads ask the cache and fall back to the database.',
  settings: z
    .strictObject({
      ...ROW_SHARES,
      ttl: durationOrNone({ min: '1ms' }).prefault('none').describe('How long an entry lives; none: until the next write or eviction.'),
    })
    .transform(
      (given): CachedRowsOptions => ({
        ...rowSharesOf(given, 0),
        onWrite: 'overwrite',
        ttlNanos: given.ttl,
        jitter: 0,
        negativeTtlNanos: null,
      }),
    ),
  needs: [],
  usesCache: true,
  calls: cachedRowsCalls,
  names: cachedRowsNames,
  usesDatabase: true,
  classes: CACHED_ROWS_CLASSES,
  indicators: CACHED_ROWS_INDICATORS,
  checks: CACHED_ROWS_CHECKS,
  // Hit; miss and fill; fallback; write and overwrite; write of unknown outcome.
  codePaths: 5,
  create: (context) => createCachedRows(context, context.settings),
}
