import { studentTQuantile } from '../student-t.ts'
import { noncentralTCdf } from './noncentral-t.ts'

/**
 * How many standard errors a difference must come to for a two-sided t test at level 1 - `confidence` to find it, on its
 * own side, with probability `power`. All that is planned about blocks is this number; it is found by bisection and kept.
 */
export function noncentralityFor(power: number, degrees: number, confidence: number): number {
  if (!(power > 0 && power < 1)) throw new RangeError(`a power of ${power} is not between 0 and 1`)
  const key = `${power} ${degrees} ${confidence}`
  let found = KNOWN.get(key)
  if (found === undefined) {
    found = search(power, degrees, criticalT(confidence, degrees))
    // Degrees that are whole come again; those of Welch don't.
    if (Number.isInteger(degrees)) KNOWN.set(key, found)
  }
  return found
}

/** What |t| must exceed. */
export function criticalT(confidence: number, degrees: number): number {
  const key = `${confidence} ${degrees}`
  let found = KNOWN.get(key)
  if (found === undefined) {
    found = studentTQuantile((1 + confidence) / 2, degrees)
    if (Number.isInteger(degrees)) KNOWN.set(key, found)
  }
  return found
}

const KNOWN = new Map<string, number>()

/** False position, halving the weight of an end that stays twice (Dowell and Jarratt's "Illinois" method, BIT 11, 1971). */
function search(power: number, degrees: number, critical: number): number {
  const missing = (noncentrality: number) => 1 - noncentralTCdf(critical, degrees, noncentrality) - power
  let low = 0
  let atLow = missing(low)
  if (atLow >= 0) return 0
  let high = critical + 1
  let atHigh = missing(high)
  while (atHigh < 0) {
    ;[low, atLow] = [high, atHigh]
    high *= 2
    atHigh = missing(high)
  }
  let stays: 'low' | 'high' | undefined
  for (let step = 0; step < 200 && high - low > 1e-10 * high; step++) {
    const middle = (low * atHigh - high * atLow) / (atHigh - atLow)
    const atMiddle = missing(middle)
    if (Math.abs(atMiddle) < 1e-12) return middle
    if (atMiddle < 0) {
      ;[low, atLow] = [middle, atMiddle]
      if (stays === 'high') atHigh /= 2
      stays = 'high'
    } else {
      ;[high, atHigh] = [middle, atMiddle]
      if (stays === 'low') atLow /= 2
      stays = 'low'
    }
  }
  return (low + high) / 2
}
