import type { Figure } from './figure.ts'
import type { Sample } from './sample.ts'

/** Base units: ratio 0..1, whole count, nanoseconds, operations a second, bytes, plain number. */
export type MetricUnit = 'ratio' | 'count' | 'nanos' | 'rate' | 'bytes' | 'number'

/**
 * One figure, defined once: what an expectation judges, what runs are compared by, what tables, exports and the live
 * line show. One file a metric; listed in `catalogue.ts`.
 */
export interface Metric {
  /** As it is written in `expect`: "hit_ratio", "read.p99". */
  readonly name: string
  readonly unit: MetricUnit
  /** Which way is better; `none` where neither is. */
  readonly better: 'more' | 'less' | 'none'
  /** Whose figure it is: the application's, its cache's, its database's; `check` for what a checker found. */
  readonly layer: 'app' | 'cache' | 'database' | 'check'
  /** What it is computed from: `tallies` are there at every history level, the others need the history. */
  readonly needs: 'tallies' | 'every row' | 'checked history'
  /** Head of a column: "hit ratio". */
  readonly head: string
  /** One sentence; shown on hover, by `cacheproof list metrics`, and in error messages' help. */
  readonly summary: string
  /** Expectations leave out the time from a fault's start to its recovery unless they say `overall.`. */
  readonly leavesFaultsOut: boolean
  /** The definitions (`METRIC_DEFINITIONS`) with which it came to mean what it means; 1 unless told. */
  readonly definition?: number
  /** Ids of the checkers whose results it reads; absent where it reads none. */
  readonly checkers?: readonly string[]
  /** What a fault can cost: compared where one strikes, as everything else is where nothing goes wrong. */
  readonly askedOfFaults?: boolean
  /** Says something only where the load generator kept up. */
  readonly needsGenerator: boolean
  /** Share of definite failures of its operations, 0..1, from which on it can no longer be called good: they are not in it. */
  readonly mostFailures?: number
  /** A pure function. */
  measure(sample: Sample): Figure
}
