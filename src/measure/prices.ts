import { exactly, isMissing, missing } from './metrics/figure.ts'
import { memory } from './metrics/memory.ts'
import type { Metric } from './metrics/metric.ts'
import { appClasses, callsOf, sumOf, totalOf } from './metrics/tally-sums.ts'

/** What somebody pays, in one currency. What has no price costs nothing. */
export interface Prices {
  /** "EUR" */
  readonly currency: string
  /** Per 1e9 bytes and hour. */
  readonly memoryPerGigabyteHour?: number
  readonly readsPerMillion?: number
  readonly writesPerMillion?: number
}

const READS = 1e6
const GIGABYTE = 1e9
const HOUR_NANOS = 3.6e12

/** Figures of money have this name; it is no metric that one could expect or gate by, since its meaning is in a file of prices. */
export const COST = 'cost'

/**
 * What 1,000,000 application reads cost, with the writes that come with them: what the database is asked, and the cache's
 * memory for as long as so many reads take at the rate that was measured.
 */
export function costMetric(prices: Prices): Metric {
  const { currency, memoryPerGigabyteHour = 0, readsPerMillion = 0, writesPerMillion = 0 } = prices
  return {
    name: COST,
    unit: 'number',
    better: 'less',
    layer: 'app',
    needs: 'tallies',
    head: `cost in ${currency}`,
    summary: `What 1,000,000 application reads cost in ${currency}, ${pricesInWords(prices)}.`,
    leavesFaultsOut: false,
    needsGenerator: true,
    measure(sample) {
      const reads = sumOf(appClasses(sample), ({ kind, ok }) => (kind === 'read' ? ok : 0))
      if (reads === 0) return missing('there were no application reads')
      const database =
        totalOf(callsOf(sample, 'database', 'read')) * readsPerMillion + totalOf(callsOf(sample, 'database', 'write')) * writesPerMillion
      const held = sample.cells.every(({ role }) => role === 'baseline') ? exactly(0) : memory.measure(sample)
      if (memoryPerGigabyteHour > 0 && isMissing(held)) return held
      const gigabyteHours = isMissing(held) ? 0 : (held.low / GIGABYTE) * (sample.measuredNanos / HOUR_NANOS)
      return exactly(((database / READS + gigabyteHours * memoryPerGigabyteHour) * READS) / reads)
    },
  }
}

/** "at 0.2 for a million database reads" */
export function pricesInWords({ memoryPerGigabyteHour, readsPerMillion, writesPerMillion }: Prices): string {
  const parts = [
    ...(readsPerMillion === undefined ? [] : [`at ${readsPerMillion} for a million database reads`]),
    ...(writesPerMillion === undefined ? [] : [`at ${writesPerMillion} for a million database writes`]),
    ...(memoryPerGigabyteHour === undefined
      ? []
      : [`at ${memoryPerGigabyteHour} for a gigabyte-hour of cache memory, which is held for as long as so many reads take at this load`]),
  ]
  return parts.join(', ')
}
