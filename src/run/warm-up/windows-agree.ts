import type { SteadyIndicator } from '../../workload/pattern.ts'

/** What was counted in one window of the warm-up, and what the cache said at its end. */
export interface WarmUpWindow {
  readonly operations: number
  readonly hits: number
  readonly misses: number
  /** Undefined where the cache was not asked, or did not tell. */
  readonly evictions: number | undefined
  readonly items: number | undefined
}

/** An indicator over two successive windows. */
export interface IndicatorReading {
  readonly name: SteadyIndicator
  /** False: it could not be read, so nothing was judged by it. */
  readonly judged: boolean
  readonly first: number | null
  readonly second: number | null
  readonly agrees: boolean
}

const STANDARD_ERRORS = 2
const ITEMS_SHARE = 0.02

/**
 * Shares agree within two standard errors of their difference, or where they are equal; the number of items within 2 %, or
 * within two standard errors of a count where there are so few that chance alone moves it by more.
 */
export function readIndicators(indicators: readonly SteadyIndicator[], first: WarmUpWindow, second: WarmUpWindow): IndicatorReading[] {
  return indicators.map((name) => READINGS[name](first, second))
}

const READINGS: Readonly<Record<SteadyIndicator, (first: WarmUpWindow, second: WarmUpWindow) => IndicatorReading>> = {
  hit_ratio(first, second) {
    const [a, b] = [first, second].map(({ hits, misses }) => ({ n: hits + misses, share: hits / (hits + misses) })) as [Share, Share]
    if (a.n === 0 || b.n === 0) return { name: 'hit_ratio', judged: false, first: null, second: null, agrees: true }
    const error = Math.sqrt(variance(a) + variance(b))
    return reading('hit_ratio', a.share, b.share, STANDARD_ERRORS * error)
  },
  evictions(first, second) {
    if (first.evictions === undefined || second.evictions === undefined) return notJudged('evictions')
    const [a, b] = [first.evictions / first.operations, second.evictions / second.operations]
    // Counts of rare events: their variance is their number.
    const error = Math.sqrt(first.evictions / first.operations ** 2 + second.evictions / second.operations ** 2)
    return reading('evictions', a, b, STANDARD_ERRORS * error)
  },
  items(first, second) {
    if (first.items === undefined || second.items === undefined) return notJudged('items')
    const error = Math.sqrt(first.items + second.items)
    return reading('items', first.items, second.items, Math.max(ITEMS_SHARE * Math.max(first.items, second.items), STANDARD_ERRORS * error))
  },
}

interface Share {
  readonly n: number
  readonly share: number
}

function variance({ n, share }: Share): number {
  return (share * (1 - share)) / n
}

function reading(name: SteadyIndicator, first: number, second: number, within: number): IndicatorReading {
  return { name, judged: true, first, second, agrees: Math.abs(first - second) <= within }
}

function notJudged(name: SteadyIndicator): IndicatorReading {
  return { name, judged: false, first: null, second: null, agrees: true }
}
