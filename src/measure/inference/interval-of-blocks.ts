import type { MeasuredFigure } from '../metrics/figure.ts'
import { type Interval, MIN_BLOCKS, studentInterval } from '../statistics.ts'

/** Of the blocks' mean; of logarithms where all are above zero. Undefined below 6 blocks, and where one has no upper bound. */
export function intervalOfBlocks(figures: readonly MeasuredFigure[], confidence: number): Interval | undefined {
  if (figures.length < MIN_BLOCKS || figures.some(({ high }) => !Number.isFinite(high))) return undefined
  const isPositive = figures.every(({ low }) => low > 0)
  const scaled = (values: number[]) => studentInterval(isPositive ? values.map(Math.log) : values, confidence)
  const low = scaled(figures.map((one) => one.low)).low
  const high = scaled(figures.map((one) => one.high)).high
  return isPositive ? { low: Math.exp(low), high: Math.exp(high) } : { low, high }
}
