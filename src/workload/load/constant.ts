import { SECOND } from '../../runtime/runtime.ts'
import type { Arrivals } from './arrivals.ts'

/** One operation every 1/rate seconds, on the nearest nanosecond: rounding does not add up. */
export function createConstant(ratePerSecond: number): Arrivals {
  const due = (count: number) => Math.round((count * SECOND) / ratePerSecond)
  return {
    description: `constant, ${ratePerSecond}/s`,
    ratePerSecond,
    gap: (index) => due(index + 1) - due(index),
  }
}
