import type { Cell, Leaderboard, Recovery, Series, Service } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'
import type { CheckerFindings, Incident } from './checker.ts'
import { type FaultWindow, faultWindows } from './fault-window.ts'
import { forEachWindow, recoveredNanos, type SeriesSpan, seriesSpan, sumSteps } from './series-windows.ts'
import type { Successes } from './success-meter.ts'
import { lowerBound, unavailableNanos } from './unavailability.ts'

export interface RecoveryInputs {
  /** Absent when the history level is off: times without service are then only as fine as the series. */
  readonly successes?: Successes
  readonly findings?: CheckerFindings
  readonly leaderboard?: Leaderboard
}

/** What each fault did and when it was over. Rates, hit ratio and database load come from the series, which are complete at every history level. */
export function measureRecovery(cell: Pick<Cell, 'events' | 'durationNanos' | 'series' | 'service'>, inputs: RecoveryInputs): Recovery[] {
  const windows = faultWindows(cell)
  if (windows.length === 0) return []
  const successes = inputs.successes ?? successesOfSeries(cell.series)
  const { incidents } = inputs.findings ?? {}
  return windows.map((window, index) => {
    const span = seriesSpan(cell.series, window)
    const { event } = window
    return {
      fault: event.name,
      on: event.detail,
      startNanos: event.startNanos,
      ...(event.endNanos !== undefined && { endNanos: event.endNanos }),
      readUnavailableNanos: unavailableNanos(successes.reads, window),
      writeUnavailableNanos: unavailableNanos(successes.writes, window),
      ...serviceAway(cell.service, window),
      rateRecoveredNanos: rateRecovered(cell.series, span, window),
      errors: errorsDuring(cell.series, span),
      lostWrites: lostWrites(inputs, windows, index),
      lostSessions: incidents ? countDuring(incidents, 'lost session', window) : null,
      ...hitRatioDip(cell.series, span, window),
      ...databaseLoad(cell.series, span),
    }
  })
}

/** A probe may notice that a process has ended before whoever ended it does. */
const EARLY_NANOS = SECOND / 4

/** The longest stretch that began with the fault, or after it in its window. */
function serviceAway(
  service: Service | undefined,
  window: FaultWindow,
): Pick<Recovery, 'serviceReadUnavailableNanos' | 'serviceWriteUnavailableNanos'> {
  if (!service) return {}
  const longest = (spans: Service['readsAway']) => {
    let nanos = 0
    for (const { fromNanos, toNanos } of spans) {
      if (fromNanos >= window.endNanos || fromNanos < window.startNanos - EARLY_NANOS) continue
      if (toNanos === null) return null
      nanos = Math.max(nanos, toNanos - fromNanos)
    }
    return nanos
  }
  return { serviceReadUnavailableNanos: longest(service.readsAway), serviceWriteUnavailableNanos: longest(service.writesAway) }
}

/** One instant in the middle of each step that saw a success. */
function successesOfSeries(series: Series): Successes {
  const instants = (counts: readonly number[]) =>
    Float64Array.from(counts.flatMap((count, step) => (count > 0 ? [(step + 0.5) * series.intervalNanos] : [])))
  return { reads: instants(series.okReads), writes: instants(series.okWrites) }
}

/** 95 % of the rate before, less three standard deviations of a count of that size (a slow rate is a noisy one). */
function rateRecovered(series: Series, span: SeriesSpan, window: FaultWindow): number | null {
  const ok = (from: number, to: number) => sumSteps(series.okReads, from, to) + sumSteps(series.okWrites, from, to)
  const usual = perStep(span, ok(span.baselineFrom, span.baselineTo))
  if (usual === undefined) return null
  return recoveredNanos(span, window.startNanos, (from, to) => {
    const expected = usual * (to - from)
    return ok(from, to) >= 0.95 * expected - 3 * Math.sqrt(expected)
  })
}

function hitRatioDip(
  series: Series,
  span: SeriesSpan,
  window: FaultWindow,
): Pick<Recovery, 'hitRatioBefore' | 'hitRatioLowest' | 'hitRatioRecoveredNanos' | 'lostHits'> {
  const hits = (from: number, to: number) => sumSteps(series.hits, from, to)
  const reads = (from: number, to: number) => hits(from, to) + sumSteps(series.misses, from, to)
  const readsBefore = reads(span.baselineFrom, span.baselineTo)
  if (readsBefore === 0) return { hitRatioBefore: null, hitRatioLowest: null, hitRatioRecoveredNanos: null, lostHits: 0 }
  const before = hits(span.baselineFrom, span.baselineTo) / readsBefore
  let lowest: number | null = null
  forEachWindow(span, 1, (from, to) => {
    const count = reads(from, to)
    if (count > 0) lowest = Math.min(lowest ?? 1, hits(from, to) / count)
  })
  const recovered = recoveredNanos(span, window.startNanos, (from, to) => {
    const count = reads(from, to)
    return count > 0 && hits(from, to) / count >= 0.95 * before - 3 * Math.sqrt((before * (1 - before)) / count)
  })
  const until = recovered === null ? span.end : Math.ceil((window.startNanos + recovered) / span.stepNanos)
  const lostHits = recovered === 0 ? 0 : Math.max(0, Math.round(before * reads(span.faultAt, until) - hits(span.faultAt, until)))
  return { hitRatioBefore: before, hitRatioLowest: lowest, hitRatioRecoveredNanos: recovered, lostHits }
}

/**
 * Reads beyond the usual number, over the seconds in which they stood out (by more than three standard deviations); none
 * where nobody knows what is usual.
 */
function databaseLoad(series: Series, span: SeriesSpan): Pick<Recovery, 'extraDatabaseReads' | 'peakDatabaseReadsPerSecond'> {
  const reads = (from: number, to: number) => sumSteps(series.databaseReads, from, to)
  const usual = (perStep(span, reads(span.baselineFrom, span.baselineTo)) ?? Number.POSITIVE_INFINITY) * span.windowSteps
  let extra = 0
  forEachWindow(span, span.windowSteps, (from, to) => {
    const count = reads(from, to)
    if (count > usual + 3 * Math.sqrt(usual)) extra += count - usual
  })
  let peak = 0
  forEachWindow(span, 1, (from, to) => {
    peak = Math.max(peak, reads(from, to))
  })
  const windowNanos = span.windowSteps * span.stepNanos
  return { extraDatabaseReads: Math.round(extra), peakDatabaseReadsPerSecond: (peak * SECOND) / windowNanos }
}

function perStep(span: SeriesSpan, baselineTotal: number): number | undefined {
  const steps = span.baselineTo - span.baselineFrom
  return steps <= 0 ? undefined : baselineTotal / steps
}

function errorsDuring(series: Series, span: SeriesSpan): Record<string, number> {
  const errors: Record<string, number> = {}
  for (const code of Object.keys(series.errors).sort()) {
    const count = sumSteps(series.errors[code]!, span.faultAt, span.end)
    if (count > 0) errors[code] = count
  }
  return errors
}

function lostWrites({ findings = {}, leaderboard }: RecoveryInputs, windows: readonly FaultWindow[], index: number): number | null {
  const window = windows[index]!
  const { incidents, lostCommitsAtNanos: commits } = findings
  // A write that an instant of the run lost belongs to the first fault whose window had not ended when it was acknowledged.
  if (commits !== undefined) return lowerBound(commits, window.endNanos) - lowerBound(commits, index === 0 ? 0 : windows[index - 1]!.endNanos)
  if (incidents !== undefined) return countDuring(incidents, 'lost update', window)
  if (leaderboard !== undefined && leaderboard.members > 0 && windows.length === 1) return leaderboard.lostIncrements
  return null
}

function countDuring(incidents: readonly Incident[], kind: 'lost session' | 'lost update', window: FaultWindow): number {
  return incidents.filter((one) => one.kind === kind && one.atNanos >= window.startNanos && one.atNanos < window.endNanos).length
}
