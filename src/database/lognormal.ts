import type { Nanos, Stream } from '../runtime/runtime.ts'

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408

/**
 * A lognormal delay by median and p99: exp(mu + sigma z) with mu = ln median, sigma = ln(p99 / median) / z99.
 * Draw number `index` is a pure function of the stream and the index.
 */
export function lognormalNanos(medianNanos: Nanos, p99Nanos: Nanos, stream: Stream, index: number): Nanos {
  if (medianNanos <= 0) return 0
  const sigma = Math.log(p99Nanos / medianNanos) / Z99
  return Math.round(medianNanos * Math.exp(sigma * standardNormal(stream, index)))
}

/** Box and Muller: two uniform draws (lanes 0 and 1) make one normal. 1 - u keeps the logarithm finite. */
function standardNormal(stream: Stream, index: number): number {
  return Math.sqrt(-2 * Math.log(1 - stream.uniform(index, 0))) * Math.cos(2 * Math.PI * stream.uniform(index, 1))
}
