import type { FaultWindow } from './fault-window.ts'

/**
 * The longest time without a success that touches the fault: last success before -> first success after. 0 when no gap
 * was longer than usual, that is than three times the 99.9th percentile of the gaps before the fault and twice their
 * mean; null when successes never came back. `successes`: instants of completion, ascending.
 */
export function unavailableNanos(successes: Float64Array, window: FaultWindow): number | null {
  const { baselineFromNanos, baselineToNanos, startNanos, endNanos } = window
  const first = lowerBound(successes, baselineFromNanos)
  const firstAfter = lowerBound(successes, startNanos)
  const last = lowerBound(successes, endNanos)
  // Nothing of the kind was done before: there is nothing to be without.
  const baselineEnd = lowerBound(successes, baselineToNanos)
  if (baselineEnd <= first) return 0
  const usual = usualGap(successes.subarray(first, baselineEnd))
  let longest = 0
  for (let i = firstAfter; i < last; i++) longest = Math.max(longest, successes[i]! - successes[i - 1]!)
  const lastSuccess = successes[last - 1]!
  const next = successes[last]
  const openGap = endNanos - Math.max(lastSuccess, baselineFromNanos)
  // Operations begun under load may end after it: then the outage has ended, too.
  if (openGap > usual && next === undefined) return null
  if (next !== undefined && openGap > usual) longest = Math.max(longest, next - lastSuccess)
  return longest > usual ? longest : 0
}

function usualGap(successes: Float64Array): number {
  if (successes.length < 2) return 0
  const gaps = new Float64Array(successes.length - 1)
  for (let i = 1; i < successes.length; i++) gaps[i - 1] = successes[i]! - successes[i - 1]!
  gaps.sort()
  const rare = gaps[Math.min(gaps.length - 1, Math.ceil(0.999 * gaps.length) - 1)]!
  const mean = (successes[successes.length - 1]! - successes[0]!) / gaps.length
  return Math.max(3 * rare, 2 * mean)
}

/** How many instants lie before the limit. */
export function lowerBound(sorted: Float64Array, limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < limit) low = middle + 1
    else high = middle
  }
  return low
}
