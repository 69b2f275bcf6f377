import { SECOND, type Stream } from '../../runtime/runtime.ts'
import type { Arrivals } from './arrivals.ts'

/**
 * Independent users: gaps are exponential, drawn by index. Unlike refilling tokens on a timer it makes no bursts of
 * its own, and unlike constant spacing it has those that real traffic has.
 */
export function createPoisson(ratePerSecond: number, stream: Stream): Arrivals {
  const meanNanos = SECOND / ratePerSecond
  return {
    description: `poisson, ${ratePerSecond}/s`,
    ratePerSecond,
    gap: (index) => Math.round(-Math.log(1 - stream.uniform(index)) * meanNanos),
  }
}
