import type { Nanos } from '../../runtime/runtime.ts'

/** When operation `index` is due, in an open loop. Monotonic in the index; a pure function of (seed, index) up to summation order. */
export interface Arrivals {
  readonly description: string
  /** Offered operations per second. */
  readonly ratePerSecond: number
  /** Gap between operation index-1 and index, in nanoseconds (for index 0: from the start). */
  gap(index: number): Nanos
}
