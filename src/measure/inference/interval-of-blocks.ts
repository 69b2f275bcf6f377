import type { MeasuredFigure } from '../metrics/figure.ts'
import { type Interval, MIN_BLOCKS } from '../statistics.ts'
import { meanInterval } from './mean-interval.ts'

/**
 * Of one alternative's own figure, for a chart: the interval of the blocks' mean, of their geometric mean where all are
 * above zero; figures that are stretches count at the worse bound at either end. Undefined below 6 blocks, without an upper
 * bound, and where nothing varies. What both sides of a comparison share is in it: it is wider than that of their ratio.
 */
export function intervalOfBlocks(figures: readonly MeasuredFigure[], confidence: number): Interval | undefined {
  const lows = figures.map(({ low }) => low)
  const highs = figures.map(({ high }) => high)
  if (figures.length < MIN_BLOCKS || ![...lows, ...highs].every(Number.isFinite)) return undefined
  if ([...lows, ...highs].every((value) => value === lows[0])) return undefined
  const isPositive = lows.every((low) => low > 0)
  const interval = (values: readonly number[]) => meanInterval(isPositive ? values.map(Math.log) : values, confidence)
  const shown = isPositive ? Math.exp : (value: number) => value
  const isNeverNegative = lows.every((low) => low >= 0)
  const low = shown(interval(lows).low)
  return { low: isNeverNegative ? Math.max(0, low) : low, high: shown(interval(highs).high) }
}
