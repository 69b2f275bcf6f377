import { studentTQuantile } from './student-t.ts'

/** Fewer pairs can never show anything: five can't bring an exact test below 2 / 2^5 = 0.0625. */
export const MIN_BLOCKS = 6

/** NaN for no samples. */
export function mean(samples: readonly number[]): number {
  let sum = 0
  for (const sample of samples) sum += sample
  return sum / samples.length
}

/** Of a sample (n - 1). NaN for fewer than two. */
export function standardDeviation(samples: readonly number[]): number {
  const centre = mean(samples)
  let squares = 0
  for (const sample of samples) squares += (sample - centre) ** 2
  return samples.length < 2 ? Number.NaN : Math.sqrt(squares / (samples.length - 1))
}

/** Quantile `q` (0..1) of samples in any order, by linear interpolation (Hyndman & Fan type 7). NaN for no samples. */
export function quantile(samples: readonly number[], q: number): number {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile of ${q} is not between 0 and 1`)
  if (samples.length === 0) return Number.NaN
  const sorted = [...samples].sort((a, b) => a - b)
  const position = q * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (high - low) * (position - below)
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Student's interval of the mean. Infinite for fewer than two samples. */
export function studentInterval(samples: readonly number[], confidence = 0.95): Interval {
  const n = samples.length
  if (n < 2) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
  const half = (studentTQuantile((1 + confidence) / 2, n - 1) * standardDeviation(samples)) / Math.sqrt(n)
  const centre = mean(samples)
  return { low: centre - half, high: centre + half }
}

/**
 * Two-sided p-value of the exact sign-flip test of "the differences are symmetric around 0": the share of all 2^n
 * ways to sign them whose sum is at least as far from 0 as the one seen. Exact up to 40 differences; beyond, more
 * than is ever asked for, a `RangeError`. 1 for none.
 */
export function signFlipPValue(differences: readonly number[]): number {
  const n = differences.length
  if (n > 40) throw new RangeError(`a sign-flip test of ${n} differences; at most 40`)
  if (n === 0) return 1
  // Split in two halves and count pairs of their sums: 2^(n/2) sums instead of 2^n.
  const half = n >> 1
  const left = signedSums(differences.slice(0, half))
  const right = signedSums(differences.slice(half))
  const scale = differences.reduce((sum, difference) => sum + Math.abs(difference), 0)
  // Sums that are equal on paper differ in their last digits here; they count as equal.
  const threshold = Math.abs(differences.reduce((sum, difference) => sum + difference, 0)) - 1e-12 * scale
  if (threshold <= 0) return 1
  // By symmetry the sums at or below -threshold are as many as those at or above it.
  let above = 0
  let at = right.length
  for (const sum of left) {
    while (at > 0 && sum + right[at - 1]! >= threshold) at--
    above += right.length - at
  }
  return (2 * above) / 2 ** n
}

/** All 2^n sums of the values with either sign, ascending: each value merges two lists that are in order already. */
function signedSums(values: readonly number[]): Float64Array {
  let sums = Float64Array.of(0)
  for (const value of values) {
    const shift = Math.abs(value)
    const next = new Float64Array(sums.length * 2)
    for (let at = 0, below = 0, above = 0; at < next.length; at++) {
      const takesLower = below < sums.length && sums[below]! - shift <= sums[above]! + shift
      next[at] = takesLower ? sums[below++]! - shift : sums[above++]! + shift
    }
    sums = next
  }
  return sums
}
