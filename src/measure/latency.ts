import { decodeHdrV2, encodeHdrV2 } from './hdr-v2.ts'
import { Histogram } from './histogram.ts'
import type { Latency } from './run-result.ts'

const PERCENTILES = [50, 90, 99, 99.9, 99.99]

/** Fewer values than this beyond a percentile say too little about it to print it. */
const MIN_VALUES_BEYOND = 100

/** How many values are expected beyond percentile p of n. Rounded, because 1 - 0.999 is not exactly 0.001. */
function valuesBeyond(p: number, count: number): number {
  return Math.round(count * (100 - p) * 1e4) / 1e6
}

/** Whether a percentile may be printed: n (1 - p) >= 100; the median always may. */
export function isPrintablePercentile(p: number, count: number): boolean {
  return p === 50 || valuesBeyond(p, count) >= MIN_VALUES_BEYOND
}

/** What run.json keeps of a histogram; undefined when nothing was recorded. */
export function latencyOf(histogram: Histogram): Latency | undefined {
  const { count } = histogram
  if (count === 0) return undefined
  const printable = PERCENTILES.filter((p) => isPrintablePercentile(p, count))
  const values = histogram.percentilesNanos(printable)
  return {
    count,
    minNanos: histogram.minNanos,
    meanNanos: histogram.meanNanos,
    maxNanos: histogram.maxNanos,
    percentilesNanos: Object.fromEntries(printable.map((p, index) => [String(p), values[index]!])),
    histogram: encodeHdrV2(histogram),
  }
}

/** The histogram back, with the exact minimum, mean and maximum. Throws `HdrFormatError` when the text is damaged. */
export function histogramOf(latency: Latency): Histogram {
  const histogram = decodeHdrV2(latency.histogram)
  histogram.restoreExact(latency.minNanos, latency.meanNanos, latency.maxNanos)
  return histogram
}

/** Everything that several latencies measured, in one histogram; empty when there are none. */
export function mergedHistogram(latencies: readonly Latency[]): Histogram {
  const merged = new Histogram()
  for (const latency of latencies) merged.merge(histogramOf(latency))
  return merged
}
