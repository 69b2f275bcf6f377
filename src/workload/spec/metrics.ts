import { nearest } from '../../measure/nearest.ts'

/**
 * What an `expect:` line (and `--fail-on`) may speak of: one table for the parser, the documentation and `check/`,
 * which computes the numbers. Operations, rates and latencies are those of the measured phases of one cell; what was
 * stale, lost or applied twice is looked for in its whole history, warm-up included.
 */
export interface Metric {
  readonly name: string
  readonly unit: MetricUnit
  /** One sentence; shown by `cacheproof list metrics` and in error messages' help. */
  readonly summary: string
}

/** Base units: ratio 0..1, whole count, nanoseconds, operations per second, plain number. */
export type MetricUnit = 'ratio' | 'count' | 'nanos' | 'rate' | 'number'

export const METRICS: readonly Metric[] = [
  { name: 'hit_ratio', unit: 'ratio', summary: 'Reads answered from the cache / all reads that asked it.' },
  { name: 'database_offload', unit: 'ratio', summary: '1 - database reads / application reads: the load the cache takes off the database.' },
  { name: 'stale_ratio', unit: 'ratio', summary: 'Reads that were stale for certain / reads whose freshness could be judged.' },
  { name: 'stale_reads', unit: 'count', summary: 'Reads that were stale for certain.' },
  {
    name: 'lost_sessions',
    unit: 'count',
    summary: 'Acknowledged logins whose session, with lifetime left and no logout, a later read did not find.',
  },
  {
    name: 'lost_updates',
    unit: 'count',
    summary: 'Acknowledged updates of a session that a later read did not see or another update overwrote unseen.',
  },
  {
    name: 'resurrected_sessions',
    unit: 'count',
    summary: 'Acknowledged logouts after which a read still found the session, with no login in between.',
  },
  {
    name: 'lost_increments',
    unit: 'count',
    summary: 'Acknowledged increments of a leaderboard that the final scores lack: the fewest that explain them.',
  },
  {
    name: 'duplicated_increments',
    unit: 'count',
    summary:
      'Increments of a leaderboard applied more often than they were asked for: as the answers show, else the fewest that explain the final scores.',
  },
  { name: 'errors', unit: 'count', summary: 'Application operations that failed for certain.' },
  {
    name: 'error_ratio',
    unit: 'ratio',
    summary: 'Application operations that failed or whose outcome is unknown / all application operations.',
  },
  { name: 'unknown', unit: 'count', summary: 'Application operations whose outcome is unknown (a timeout, a connection lost under way).' },
  { name: 'rate', unit: 'rate', summary: 'Application operations that succeeded, a second.' },
  { name: 'round_trips', unit: 'number', summary: 'Cache round trips per application operation.' },
  {
    name: 'read_unavailable',
    unit: 'nanos',
    summary:
      'The longest time without a successful read around a fault, without end if none came back; 0 if no gap was longer than usual, or no fault injected.',
  },
  {
    name: 'write_unavailable',
    unit: 'nanos',
    summary:
      'The longest time without a successful write around a fault, without end if none came back; 0 if no gap was longer than usual, or no fault injected.',
  },
]

/** What can be asked of a class's response time (due -> answered). */
export const STATISTICS = ['p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max', 'mean'] as const
export type Statistic = (typeof STATISTICS)[number]

/** Every application read, every application write: classes that every pattern has. */
export const AGGREGATE_CLASSES: readonly string[] = ['read', 'write']

export type MetricReference =
  | { readonly kind: 'metric'; readonly metric: Metric }
  /** `className` as in the history, with blanks: "read hit"; or an aggregate, "read" and "write". */
  | { readonly kind: 'latency'; readonly className: string; readonly statistic: Statistic }

/**
 * What `hit_ratio` or `read_hit.p99` stands for; undefined when there is no such metric. `classes`: the pattern's
 * class names. A class is written with `_` for blanks.
 */
export function resolveMetric(name: string, classes: readonly string[]): MetricReference | undefined {
  const metric = METRICS.find((one) => one.name === name)
  if (metric) return { kind: 'metric', metric }
  const dot = name.indexOf('.')
  if (dot < 0) return undefined
  const className = [...AGGREGATE_CLASSES, ...classes].find((one) => metricClassName(one) === name.slice(0, dot))
  const statistic = STATISTICS.find((one) => one === name.slice(dot + 1))
  if (className === undefined || statistic === undefined) return undefined
  return { kind: 'latency', className, statistic }
}

/** "read hit" -> "read_hit". */
export function metricClassName(className: string): string {
  return className.replaceAll(' ', '_')
}

/** Base unit of a metric, for parsing what it is compared with. */
export function unitOf(reference: MetricReference): MetricUnit {
  return reference.kind === 'metric' ? reference.metric.unit : 'nanos'
}

/** Names that may be written, for messages: those of the table, and `<class>.<statistic>` for the classes there are. */
export function metricNames(classes: readonly string[]): readonly string[] {
  const latencyClasses = [...new Set([...AGGREGATE_CLASSES, ...classes].map(metricClassName))]
  return [...METRICS.map((metric) => metric.name), ...latencyClasses.flatMap((one) => STATISTICS.map((statistic) => `${one}.${statistic}`))]
}

/** The metric that was probably meant. Class and statistic are looked at apart: "raed.p9" is near read.p99 in both. */
export function nearestMetric(given: string, classes: readonly string[]): string | undefined {
  const dot = given.indexOf('.')
  if (dot < 0) return nearest(given, metricNames(classes))
  const className = nearest(given.slice(0, dot), [...AGGREGATE_CLASSES, ...classes].map(metricClassName))
  const statistic = nearest(given.slice(dot + 1), STATISTICS)
  return className !== undefined && statistic !== undefined ? `${className}.${statistic}` : nearest(given, metricNames(classes))
}
