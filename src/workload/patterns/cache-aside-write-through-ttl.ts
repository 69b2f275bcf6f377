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

/** Both together: what is read is filled in, what is written is overwritten, and a TTL bounds what either gets wrong. */
export const cacheAsideWriteThroughTtl: PatternDefinition<CachedRowsOptions> = {
  kind: 'pattern',
  name: 'cache-aside-write-through-ttl',
  summary: 'Cache-aside reads, write-through writes, and a TTL on every entry that bounds how long either can be wrong.',
  settings: z
    .strictObject({
      ...ROW_SHARES,
      ttl: durationOrNone({ min: '1ms' }).prefault('60s').describe('How long an entry lives; the bound on staleness.'),
      ttl_jitter: ratio().prefault('10%').describe('Share of the TTL by which it may be shorter, so that entries do not expire together.'),
    })
    .transform(
      (given): CachedRowsOptions => ({
        ...rowSharesOf(given, 0),
        onWrite: 'overwrite',
        ttlNanos: given.ttl,
        jitter: given.ttl_jitter,
        negativeTtlNanos: null,
      }),
    ),
  needs: ['ttl'],
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
