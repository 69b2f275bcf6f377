import { isPrintablePercentile } from '../../measure/latency.ts'
import { mean, quantile, standardDeviation } from '../../measure/statistics.ts'
import type { ProfileResult } from './profile.ts'

/** Two-sided 95 % of the normal distribution: samples are many. */
const NORMAL_95 = 1.96

/** The samples of all rounds together, in nanoseconds. */
export function summarizeSamples(target: string, nanos: readonly number[]): ProfileResult {
  const average = mean(nanos)
  return {
    target,
    samples: nanos.length,
    p50Nanos: Math.round(quantile(nanos, 0.5)),
    p75Nanos: Math.round(quantile(nanos, 0.75)),
    p99Nanos: isPrintablePercentile(99, nanos.length) ? Math.round(quantile(nanos, 0.99)) : null,
    meanNanos: Math.round(average),
    rmePercent: nanos.length < 2 ? 0 : (100 * NORMAL_95 * standardDeviation(nanos)) / Math.sqrt(nanos.length) / average,
  }
}

export function failedResult(target: string, error: string): ProfileResult {
  return { target, samples: 0, p50Nanos: 0, p75Nanos: 0, p99Nanos: null, meanNanos: 0, rmePercent: 0, error }
}
