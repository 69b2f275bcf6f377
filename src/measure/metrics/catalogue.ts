import { nearest } from '../nearest.ts'
import { bytesPerItem } from './bytes-per-item.ts'
import { bytesPerOperation } from './bytes-per-operation.ts'
import { cacheErrors } from './cache-errors.ts'
import { databaseOffload } from './database-offload.ts'
import { databaseReads } from './database-reads.ts'
import { degradedReads } from './degraded-reads.ts'
import { duplicatedIncrements } from './duplicated-increments.ts'
import { errorRatio } from './error-ratio.ts'
import { errors } from './errors.ts'
import { evictions } from './evictions.ts'
import { failed } from './failed.ts'
import { hitRatio } from './hit-ratio.ts'
import { AGGREGATE_CLASSES, latencyMetric, metricClassName, STATISTICS } from './latency-metric.ts'
import { lost } from './lost.ts'
import { lostIncrements } from './lost-increments.ts'
import { lostSessions } from './lost-sessions.ts'
import { lostUpdates } from './lost-updates.ts'
import { memory } from './memory.ts'
import type { Metric } from './metric.ts'
import { missPenalty } from './miss-penalty.ts'
import { neverRead } from './never-read.ts'
import { rate } from './rate.ts'
import { readUnavailable } from './read-unavailable.ts'
import { resurrectedSessions } from './resurrected-sessions.ts'
import { roundTrips } from './round-trips.ts'
import { serverProcessor } from './server-processor.ts'
import { serviceReadUnavailable } from './service-read-unavailable.ts'
import { serviceWriteUnavailable } from './service-write-unavailable.ts'
import { staleRatio } from './stale-ratio.ts'
import { staleReads } from './stale-reads.ts'
import { unknown } from './unknown.ts'
import { writeUnavailable } from './write-unavailable.ts'

/**
 * Raised whenever a metric comes to mean something else, so that figures of two definitions are never compared.
 * 2: rate counts successes alone, errors the unknown too, percentiles are bounds, operations belong to when they were due.
 */
export const METRIC_DEFINITIONS = 2

/** Every metric but the latencies, which are `<class>.<statistic>`. */
export const METRICS: readonly Metric[] = [
  rate,
  errors,
  failed,
  unknown,
  errorRatio,
  cacheErrors,
  degradedReads,
  hitRatio,
  databaseOffload,
  databaseReads,
  missPenalty,
  staleRatio,
  staleReads,
  lost,
  lostSessions,
  lostUpdates,
  resurrectedSessions,
  lostIncrements,
  duplicatedIncrements,
  roundTrips,
  bytesPerOperation,
  neverRead,
  memory,
  bytesPerItem,
  evictions,
  serverProcessor,
  readUnavailable,
  writeUnavailable,
  serviceReadUnavailable,
  serviceWriteUnavailable,
]

/** Columns of the first table, in its order. Those in which no row has anything to say are left out. */
export const HEADLINE: readonly Metric[] = [
  rate,
  errors,
  cacheErrors,
  degradedReads,
  ...(['read', 'write'] as const).flatMap((kind) => (['p50', 'p90', 'p99'] as const).map((statistic) => latencyMetric(kind, statistic))),
  hitRatio,
  databaseOffload,
  staleRatio,
  lost,
  roundTrips,
]

/** What runs are compared by, in the order of the table. */
export const COMPARED: readonly Metric[] = [
  rate,
  ...(['read', 'write'] as const).flatMap((kind) => (['p50', 'p90', 'p99'] as const).map((statistic) => latencyMetric(kind, statistic))),
  hitRatio,
  databaseOffload,
  databaseReads,
  missPenalty,
  staleRatio,
  lost,
  roundTrips,
  bytesPerOperation,
  neverRead,
  memory,
  bytesPerItem,
  evictions,
  serverProcessor,
  errorRatio,
  cacheErrors,
  readUnavailable,
  writeUnavailable,
  serviceReadUnavailable,
  serviceWriteUnavailable,
]

/** In front of a metric's name: over the whole measured time, faults included. */
export const OVERALL = 'overall.'

export interface MetricReference {
  readonly metric: Metric
  /** The whole measured time was asked for by name. */
  readonly overall: boolean
}

/**
 * What `hit_ratio`, `read_hit.p99` or `overall.errors` stands for; undefined when there is no such metric. `classes`:
 * the pattern's class names. A class is written with `_` for blanks.
 */
export function resolveMetric(name: string, classes: readonly string[]): MetricReference | undefined {
  const overall = name.startsWith(OVERALL)
  const metric = findMetric(overall ? name.slice(OVERALL.length) : name, classes)
  return metric && { metric, overall }
}

function findMetric(name: string, classes: readonly string[]): Metric | undefined {
  const metric = METRICS.find((one) => one.name === name)
  if (metric) return metric
  const dot = name.indexOf('.')
  if (dot < 0) return undefined
  const className = [...AGGREGATE_CLASSES, ...classes].find((one) => metricClassName(one) === name.slice(0, dot))
  const statistic = STATISTICS.find((one) => one === name.slice(dot + 1))
  return className === undefined || statistic === undefined ? undefined : latencyMetric(className, statistic)
}

/** A metric that is known to be there. Throws for a name that is none: a mistake of ours. */
export function metricNamed(name: string): Metric {
  const metric = findMetric(name, [])
  if (!metric) throw new RangeError(`no metric is called "${name}"`)
  return metric
}

/** Names that may be written, for messages: those of the table, and `<class>.<statistic>` for the classes there are. */
export function metricNames(classes: readonly string[]): readonly string[] {
  const latencyClasses = [...new Set([...AGGREGATE_CLASSES, ...classes].map(metricClassName))]
  return [...METRICS.map((metric) => metric.name), ...latencyClasses.flatMap((one) => STATISTICS.map((statistic) => `${one}.${statistic}`))]
}

/** The metric that was probably meant. Class and statistic are looked at apart: "raed.p9" is near read.p99 in both. */
export function nearestMetric(given: string, classes: readonly string[]): string | undefined {
  if (given.startsWith(OVERALL)) {
    const meant = nearestMetric(given.slice(OVERALL.length), classes)
    return meant && `${OVERALL}${meant}`
  }
  const dot = given.indexOf('.')
  if (dot < 0) return nearest(given, metricNames(classes))
  const className = nearest(given.slice(0, dot), [...AGGREGATE_CLASSES, ...classes].map(metricClassName))
  const statistic = nearest(given.slice(dot + 1), STATISTICS)
  return className !== undefined && statistic !== undefined ? `${className}.${statistic}` : nearest(given, metricNames(classes))
}
