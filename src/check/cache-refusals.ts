import { cacheCalls, codesOf, notOk, sumOf, totalOf } from '../measure/metrics/tally-sums.ts'
import type { Cell } from '../measure/run-result.ts'
import { countInWords } from '../measure/words.ts'
import { cellSettings, isQuiet } from './cell-settings.ts'

/** Calls to the cache that did not succeed although nothing was meant to go wrong: what was measured then is a broken cache. */
export interface CacheRefusals {
  readonly calls: number
  readonly refused: number
  readonly codes: Readonly<Record<string, number>>
}

/** Of the cells together; those in which something was meant to go wrong refuse nothing. */
export function cacheRefusals(cells: readonly Pick<Cell, 'classes' | 'settings'>[]): CacheRefusals {
  const calls = cells.filter((cell) => isQuiet(cellSettings(cell))).flatMap(cacheCalls)
  return { calls: totalOf(calls), refused: sumOf(calls, notOk), codes: codesOf(calls) }
}

/** Of a cell's calls to the cache: with more of them, what was measured is a broken cache. */
const MOST_REFUSED = 0.01

/** "NOPERM 4,070 of 4,070 calls", where so many were refused that the cell says nothing of a cache that works; undefined else. */
export function brokenCacheInWords(cell: Pick<Cell, 'classes' | 'settings'>): string | undefined {
  const { calls, refused, codes } = cacheRefusals([cell])
  if (refused <= MOST_REFUSED * calls) return undefined
  const words = Object.entries(codes).map(([code, count]) => `${code} ${countInWords(count)}`)
  return `${words.join(', ')} of ${countInWords(calls)} calls`
}
