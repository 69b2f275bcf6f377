import type { Nanos } from '../runtime/runtime.ts'
import type { Histogram } from './histogram.ts'

/** One point of a percentile plot: `x` = 1 / (1 - p), to be drawn on a log axis (10 = 90 %, 1000 = 99.9 %). */
export interface SpectrumPoint {
  readonly percentile: number
  readonly x: number
  readonly nanos: Nanos
}

/**
 * Points for a percentile plot, as HdrHistogram's percentile iterator spaces them: `ticksPerHalfDistance` points for
 * every halving of the distance to 100 %, up to the last percentile that has a value of its own, where the maximum
 * stands (x = count). The points beyond n (1 - p) = 100 are there to be drawn faint; `printable` in `latency.ts` says
 * where that begins. Empty for an empty histogram.
 */
export function percentileSpectrum(histogram: Histogram, ticksPerHalfDistance = 5): SpectrumPoint[] {
  const { count } = histogram
  if (count === 0) return []
  const percentiles: number[] = []
  for (let tick = 0; ; tick++) {
    const halvings = Math.floor(tick / ticksPerHalfDistance)
    const within = (tick % ticksPerHalfDistance) / ticksPerHalfDistance
    const beyond = 0.5 ** halvings * (1 - within / 2)
    if (beyond * count <= 1) break
    percentiles.push(100 * (1 - beyond))
  }
  const values = histogram.percentilesNanos(percentiles)
  const points = percentiles.map((percentile, index) => ({ percentile, x: 1 / (1 - percentile / 100), nanos: values[index]! }))
  points.push({ percentile: 100, x: Math.max(1, count), nanos: histogram.maxNanos })
  return points
}
