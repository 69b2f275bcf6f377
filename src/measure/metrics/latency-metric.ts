import { isPrintablePercentile, mergedHistogram } from '../latency.ts'
import type { ClassMeasurement } from '../run-result.ts'
import { countInWords, plural } from '../words.ts'
import { type Figure, missing } from './figure.ts'
import type { Metric } from './metric.ts'
import { appClasses, sumOf } from './tally-sums.ts'

/** What can be asked of a class's response time (due -> answered). */
export const STATISTICS = ['p50', 'p90', 'p99', 'p99.9', 'p99.99', 'max', 'mean'] as const
export type Statistic = (typeof STATISTICS)[number]

/** Every application read, every application write, and all of both: classes that every pattern has. */
export const AGGREGATE_CLASSES: readonly string[] = ['read', 'write', 'operation']

/** `className`: a pattern's ("read hit"), or an aggregate. */
export function latencyMetric(className: string, statistic: Statistic): Metric {
  const of = AGGREGATE_CLASSES.includes(className) ? `application ${className}s` : `operations of class "${className}"`
  return {
    name: `${metricClassName(className)}.${statistic}`,
    unit: 'nanos',
    better: 'less',
    layer: 'app',
    needs: 'tallies',
    head: `${className} ${statistic}`,
    summary: `${WORDS[statistic]} response time, due to answered, of ${of}; operations of unknown outcome make it a bound.`,
    leavesFaultsOut: true,
    definition: 2,
    needsGenerator: true,
    mostFailures: mostFailures(statistic),
    measure: (sample) => statisticOf(classesOf(appClasses(sample), className), statistic, className),
  }
}

const WORDS: Readonly<Record<Statistic, string>> = {
  p50: 'Median',
  p90: '90th percentile of the',
  p99: '99th percentile of the',
  'p99.9': '99.9th percentile of the',
  'p99.99': '99.99th percentile of the',
  max: 'Longest',
  mean: 'Mean',
}

/** "read hit" -> "read_hit". */
export function metricClassName(className: string): string {
  return className.replaceAll(' ', '_')
}

/**
 * Definite failures are in no percentile: with as many of them as values beyond it, it is no longer the percentile of what
 * users met. The mean is held to 1 %.
 */
function mostFailures(statistic: Statistic): number {
  if (statistic === 'max') return 0
  return statistic === 'mean' ? 0.01 : 1 - Number(statistic.slice(1)) / 100
}

/** "read" and "write" are every class of the kind, also where the pattern has a class of that very name. */
function classesOf(app: readonly ClassMeasurement[], className: string): readonly ClassMeasurement[] {
  if (className === 'operation') return app
  if (AGGREGATE_CLASSES.includes(className)) return app.filter(({ kind }) => kind === className)
  return app.filter(({ name }) => name === className)
}

/**
 * Operations of unknown outcome, and those that never started, count at the time they had waited for the lower bound and
 * as never answered for the upper one.
 */
function statisticOf(classes: readonly ClassMeasurement[], statistic: Statistic, className: string): Figure {
  const answered = mergedHistogram(classes.flatMap(({ response }) => response ?? []))
  const all = mergedHistogram(classes.flatMap(({ response, waited }) => [...(response ? [response] : []), ...(waited ? [waited] : [])]))
  const failures = sumOf(classes, ({ fail }) => fail)
  const { count } = all
  if (count === 0) {
    return missing(
      failures > 0 ? `all ${plural(failures, `operation`)} of class "${className}" failed` : `no operation of class "${className}" completed`,
    )
  }
  const unknown = count - answered.count
  const shares = {
    ...(unknown > 0 && { unknownShare: unknown / count }),
    ...(failures > 0 && { failedShare: failures / (failures + count) }),
  }
  const longest = unknown > 0 ? Number.POSITIVE_INFINITY : all.maxNanos
  if (statistic === 'max') return { low: all.maxNanos, high: longest, ...shares }
  if (statistic === 'mean') return { low: all.meanNanos, high: unknown > 0 ? longest : all.meanNanos, ...shares }
  const percentile = Number(statistic.slice(1))
  if (!isPrintablePercentile(percentile, count)) {
    return { missing: `${statistic} of ${countInWords(count)} operations rests on fewer than 100 values beyond it; run longer`, high: longest }
  }
  return { low: all.percentileNanos(percentile), high: answered.percentileAmongNanos(percentile, count), ...shares }
}
