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

function search(power: number, degrees: number, critical: number): number {
  const powerAt = (noncentrality: number) => 1 - noncentralTCdf(critical, degrees, noncentrality)
  let low = 0
  if (powerAt(low) >= power) return 0
  let high = critical + 1
  while (powerAt(high) < power) high *= 2
  while (high - low > 1e-10 * high) {
    const middle = (low + high) / 2
    if (powerAt(middle) < power) low = middle
    else high = middle
  }
  return (low + high) / 2
}
