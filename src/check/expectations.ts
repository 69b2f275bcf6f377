import type { Histogram } from '../measure/histogram.ts'
import { isPrintablePercentile, mergedHistogram } from '../measure/latency.ts'
import type { Cell, ClassMeasurement } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { countInWords, digits, nanosInWords, shareInWords } from '../measure/words.ts'
import { SECOND } from '../runtime/runtime.ts'
import { meets } from '../workload/spec/expectation.ts'
import { type MetricUnit, resolveMetric, type Statistic, unitOf } from '../workload/spec/metrics.ts'
import type { Expectation } from '../workload/workload.ts'
import { isHitClass, isMissClass } from './operation-kind.ts'

/** A metric's value in base units, or why there is none. */
export type Measured =
  | { readonly value: number; readonly note?: string }
  /** `atMost`, `atLeast`: the value is not known, but is no larger, or no smaller, than this. */
  | { readonly unknown: string; readonly atMost?: number; readonly atLeast?: number }

/** Judges what a workload expects of its cell. A measure that is missing, or that a limited generator took, is unknown and says why. */
export function judgeExpectations(cell: Cell, expectations: readonly Expectation[]): Verdict[] {
  return expectations.map((expectation) => {
    const verdict = { kind: 'expectation', id: `expect/${expectation.metric}`, sentence: expectation.text, cells: [cell.id], gates: true } as const
    const measured = measureMetric(cell, expectation.metric)
    const reference = resolveMetric(expectation.metric, classNames(cell))
    const words = (value: number) => (reference === undefined ? digits(value) : valueInWords(value, unitOf(reference)))
    const decided = 'unknown' in measured ? decidedByBound(expectation, measured) : undefined
    if ('unknown' in measured && decided) {
      const { outcome, bound, side } = decided
      const evidence = `${side === 'maximum' ? `At most ${words(bound)}, the maximum` : `At least ${words(bound)}`}: ${measured.unknown}; expected ${expectation.operator} ${words(expectation.value)}.`
      return { ...verdict, outcome, evidence, numbers: { [side]: bound, expected: expectation.value } }
    }
    if ('unknown' in measured) return { ...verdict, outcome: 'unknown', evidence: `Could not be judged: ${measured.unknown}.` }
    const holds = meets(expectation, measured.value)
    return {
      ...verdict,
      outcome: holds ? 'holds' : 'fails',
      evidence: `Measured ${words(measured.value)}${measured.note ? ` (${measured.note})` : ''}; expected ${expectation.operator} ${words(expectation.value)}.`,
      numbers: { measured: measured.value, expected: expectation.value },
    }
  })
}

/** A value that is not known may still be on one side of the limit for certain. */
function decidedByBound(expectation: Expectation, { atMost, atLeast }: { readonly atMost?: number; readonly atLeast?: number }) {
  const { operator } = expectation
  const isUpperLimit = operator === '<' || operator === '<='
  if (!isUpperLimit && operator !== '>' && operator !== '>=') return undefined
  const [best, worst] = isUpperLimit ? [atLeast, atMost] : [atMost, atLeast]
  const side = (isBest: boolean) => (isBest === isUpperLimit ? 'minimum' : 'maximum')
  if (worst !== undefined && meets(expectation, worst)) return { outcome: 'holds', bound: worst, side: side(false) } as const
  if (best !== undefined && !meets(expectation, best)) return { outcome: 'fails', bound: best, side: side(true) } as const
  return undefined
}

/** Computes a metric of the table in workload/spec/metrics.ts from a judged cell. */
export function measureMetric(cell: Cell, name: string): Measured {
  if (cell.notApplicable !== undefined) return { unknown: `the pattern does not apply to this target (${cell.notApplicable})` }
  const reference = resolveMetric(name, classNames(cell))
  if (reference === undefined) return { unknown: `the pattern ${cell.pattern} has no metric "${name}"` }
  if (reference.kind === 'latency') return ifGeneratorKeptUp(cell, () => latencyStatistic(cell, reference.className, reference.statistic))
  return scalarMetric(cell, reference.metric.name)
}

function scalarMetric(cell: Cell, name: string): Measured {
  const { staleness, sessions, leaderboard } = cell
  const total = appTotals(cell)
  switch (name) {
    case 'hit_ratio':
      return hitRatio(cell)
    case 'database_offload':
      return from(cell.cacheValue?.databaseOffload, 'there were no application reads with a database behind them')
    case 'stale_ratio':
      return from(staleness?.staleRatio, tooLow(cell, 'no read could be judged'))
    case 'stale_reads':
      return from(staleness?.staleReads, tooLow(cell, 'the pattern has no versions to judge by'))
    case 'lost_sessions':
      return from(sessions?.lostSessions, tooLow(cell, 'the pattern has no sessions'))
    case 'lost_updates':
      return from(sessions?.lostUpdates, tooLow(cell, 'the pattern has no sessions'))
    case 'resurrected_sessions':
      return from(sessions?.resurrectedSessions, tooLow(cell, 'the pattern has no sessions'))
    case 'lost_increments':
      return readBackOf(cell, leaderboard?.lostIncrements)
    case 'duplicated_increments':
      return readBackOf(cell, leaderboard?.duplicatedIncrements)
    case 'errors':
      return { value: total.fail }
    case 'error_ratio':
      return total.all === 0 ? { unknown: 'no operation completed' } : { value: (total.fail + total.info) / total.all }
    case 'unknown':
      return { value: total.info }
    case 'rate':
      return ifGeneratorKeptUp(cell, () =>
        cell.measuredNanos > 0 ? { value: (total.ok * SECOND) / cell.measuredNanos } : { unknown: 'no phase was measured' },
      )
    case 'round_trips':
      return from(cell.cacheValue?.roundTrips, tooLow(cell, 'round trips were not counted'))
    case 'read_unavailable':
      return longestOutage(cell, 'readUnavailableNanos')
    case 'write_unavailable':
      return longestOutage(cell, 'writeUnavailableNanos')
    default:
      return { unknown: `this version computes no metric "${name}"` }
  }
}

function classNames(cell: Cell): readonly string[] {
  return cell.classes.filter((one) => one.layer === 'app').map((one) => one.name)
}

function from(value: number | null | undefined, why: string): Measured {
  return value === null || value === undefined ? { unknown: why } : { value }
}

function tooLow(cell: Cell, otherwise: string): string {
  return cell.history.level === 'off' ? 'the history level is "off"; record with --history full' : otherwise
}

function ifGeneratorKeptUp(cell: Cell, measure: () => Measured): Measured {
  return cell.audit.generatorLimited ? { unknown: `the load generator was the bottleneck: ${cell.audit.reasons.join('; ')}` } : measure()
}

function hitRatio(cell: Cell): Measured {
  if (cell.cacheValue?.hitRatio !== undefined && cell.cacheValue.hitRatio !== null) return { value: cell.cacheValue.hitRatio }
  const app = cell.classes.filter((one) => one.layer === 'app')
  const hits = app.filter((one) => isHitClass(one.name)).reduce((sum, one) => sum + one.ok, 0)
  const misses = app.filter((one) => isMissClass(one.name)).reduce((sum, one) => sum + one.ok, 0)
  return hits + misses === 0 ? { unknown: 'no read asked the cache' } : { value: hits / (hits + misses) }
}

function readBackOf(cell: Cell, value: number | undefined): Measured {
  if (cell.leaderboard !== undefined && cell.leaderboard.members === 0) return { unknown: 'no final score was read back' }
  return from(value, tooLow(cell, 'the pattern has no leaderboard'))
}

function longestOutage(cell: Cell, field: 'readUnavailableNanos' | 'writeUnavailableNanos'): Measured {
  let longest = 0
  let unended: string | undefined
  for (const recovery of cell.recovery) {
    const nanos = recovery[field]
    // What had not come back at the end of the run may have come back just after it.
    const soFar = nanos ?? Math.max(0, cell.durationNanos - recovery.startNanos)
    if (nanos === null) unended = `it had not come back when the run ended, ${nanosInWords(soFar)} after ${recovery.fault}`
    longest = Math.max(longest, soFar)
  }
  if (unended !== undefined) return { unknown: unended, atLeast: longest }
  return { value: longest, ...(cell.recovery.length === 0 && { note: 'no fault was injected' }) }
}

function latencyStatistic(cell: Cell, className: string, statistic: Statistic): Measured {
  const app = cell.classes.filter((one) => one.layer === 'app')
  const named = app.filter((one) => one.name === className)
  // "read" and "write" are every class of the kind, unless the pattern has a class of that very name.
  const classes = named.length > 0 ? named : app.filter((one) => one.kind === className)
  const merged = mergedResponse(classes)
  if (merged.count === 0) return { unknown: `no operation of class "${className}" completed` }
  if (statistic === 'mean') return { value: merged.meanNanos }
  if (statistic === 'max') return { value: merged.maxNanos }
  const percentile = Number(statistic.slice(1))
  if (!isPrintablePercentile(percentile, merged.count)) {
    return {
      unknown: `${statistic} of ${countInWords(merged.count)} operations rests on fewer than 100 values beyond it; run longer`,
      atMost: merged.maxNanos,
    }
  }
  return { value: merged.percentileNanos(percentile) }
}

/** Response times of several classes in one histogram. Percentiles are never averaged: the counts are merged. */
export function mergedResponse(classes: readonly ClassMeasurement[]): Histogram {
  return mergedHistogram(classes.flatMap(({ response }) => response ?? []))
}

function appTotals(cell: Cell): { readonly ok: number; readonly fail: number; readonly info: number; readonly all: number } {
  const total = { ok: 0, fail: 0, info: 0 }
  for (const one of cell.classes) {
    if (one.layer !== 'app') continue
    total.ok += one.ok
    total.fail += one.fail
    total.info += one.info
  }
  return { ...total, all: total.ok + total.fail + total.info }
}

function valueInWords(value: number, unit: MetricUnit): string {
  switch (unit) {
    case 'ratio':
      return shareInWords(value)
    case 'nanos':
      return nanosInWords(value)
    case 'rate':
      return `${digits(value)}/s`
    case 'count':
      return countInWords(value)
    case 'number':
      return digits(value)
  }
}
