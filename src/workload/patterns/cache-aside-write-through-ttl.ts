import { z } from 'zod'
import type { PatternDefinition } from '../pattern.ts'
import { durationOrNone, ratio } from '../spec/fields.ts'
import {
  CACHED_ROWS_CALLS,
  CACHED_ROWS_CHECKS,
  CACHED_ROWS_CLASSES,
  CACHED_ROWS_INDICATORS,
  type CachedRowsOptions,
  createCachedRows,
} from './cached-rows.ts'

/** Both together: what is read is filled in, what is written is overwritten, and a TTL bounds what either gets wrong. */
export const cacheAsideWriteThroughTtl: PatternDefinition<CachedRowsOptions> = {
  kind: 'pattern',
  name: 'cache-aside-write-through-ttl',
  summary: 'Cache-aside reads, write-through writes, and a TTL on every entry that bounds how long either can be wrong.',
  settings: z
    .strictObject({
      write_ratio: ratio().prefault('10%').describe('Share of operations that write.'),
      ttl: durationOrNone({ min: '1ms' }).prefault('60s').describe('How long an entry lives; the bound on staleness.'),
      ttl_jitter: ratio().prefault('10%').describe('Share of the TTL by which it may be shorter, so that entries do not expire together.'),
    })
    .transform(
      (given): CachedRowsOptions => ({
        writeRatio: given.write_ratio,
        onWrite: 'overwrite',
        ttlNanos: given.ttl,
        jitter: given.ttl_jitter,
        negativeTtlNanos: null,
        missing: 0,
      }),
    ),
  needs: ['ttl'],
  usesCache: true,
  calls: () => CACHED_ROWS_CALLS,
  usesDatabase: true,
  classes: CACHED_ROWS_CLASSES,
  indicators: CACHED_ROWS_INDICATORS,
  checks: CACHED_ROWS_CHECKS,
  // Hit; miss and fill; fallback; write and overwrite; write of unknown outcome.
  codePaths: 5,
  create: (context) => createCachedRows(context, context.settings),
}
