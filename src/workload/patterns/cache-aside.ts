import { z } from 'zod'
import { durationOrNone, ratio } from '../file/fields.ts'
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
 * The application looks aside into the cache and keeps it itself. Its known hole: a reader that missed, read the
 * old row and stores it only after a writer has committed and invalidated leaves a stale entry until the TTL.
 */
export const cacheAside: PatternDefinition<CachedRowsOptions> = {
  kind: 'pattern',
  name: 'cache-aside',
  summary: 'Reads ask the cache, then the database, and store what they found; writes go to the database and, unless told otherwise, invalidate.',
  settings: z
    .strictObject({
      ...ROW_SHARES,
      on_write: z
        .enum(['invalidate', 'overwrite', 'none'])
        .default('invalidate')
        .describe('What a write does to the cached entry after its commit; none: it leaves it to its TTL.'),
      ttl: durationOrNone({ min: '1ms' }).prefault('60s').describe('How long an entry lives; the bound on staleness.'),
      ttl_jitter: ratio().prefault('10%').describe('Share of the TTL by which it may be shorter, so that entries do not expire together.'),
      negative_ttl: durationOrNone({ min: '1ms' }).prefault('5s').describe('How long "there is no such row" is remembered; never longer than ttl.'),
      missing: ratio().prefault('1%').describe('Share of reads that ask for a row that is not there.'),
    })
    .transform(
      (given): CachedRowsOptions => ({
        ...rowSharesOf(given, given.missing),
        onWrite: given.on_write,
        ttlNanos: given.ttl,
        jitter: given.ttl_jitter,
        negativeTtlNanos: given.negative_ttl === null ? null : Math.min(given.negative_ttl, given.ttl ?? Number.POSITIVE_INFINITY),
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
  // Hit; negative hit; miss and fill; miss and negative fill; fallback; write and invalidate; write of unknown outcome.
  codePaths: 7,
  create: (context) => createCachedRows(context, context.settings),
}
