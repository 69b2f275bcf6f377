import type { Staleness } from './run-result.ts'

/** Reads that were stale for certain, of those whose freshness could be judged; null where none could. */
export function staleShare({ staleReads, judgedReads }: Pick<Staleness, 'staleReads' | 'judgedReads'>): number | null {
  return judgedReads === 0 ? null : staleReads / judgedReads
}
