import { cacheCalls, codesOf, notOk, sumOf, totalOf } from '../measure/metrics/tally-sums.ts'
import type { Cell } from '../measure/run-result.ts'
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
