import type { Series } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'
import type { FaultWindow } from './fault-window.ts'

/** The steps of a cell's series that belong to a fault; whole steps only. */
export interface SeriesSpan {
  /** Steps before the fault: [baselineFrom, baselineTo). */
  readonly baselineFrom: number
  readonly baselineTo: number
  readonly faultAt: number
  /** First step that no longer counts. */
  readonly end: number
  /** Steps in a window of one second (one step, if a step is longer). */
  readonly windowSteps: number
  readonly stepNanos: number
}

/** How long a figure must stay back to count as recovered (or to the end of the load, if that is sooner). */
const HELD_NANOS = 5 * SECOND

export function seriesSpan(series: Series, window: FaultWindow): SeriesSpan {
  const stepNanos = series.intervalNanos
  const faultAt = Math.floor(window.startNanos / stepNanos)
  const end = Math.min(series.okReads.length, Math.max(faultAt, Math.floor(window.endNanos / stepNanos)))
  return {
    baselineFrom: Math.ceil(window.baselineFromNanos / stepNanos),
    baselineTo: Math.floor(window.baselineToNanos / stepNanos),
    faultAt,
    end,
    windowSteps: Math.max(1, Math.round(SECOND / stepNanos)),
    stepNanos,
  }
}

export function sumSteps(values: readonly number[], from: number, to: number): number {
  let sum = 0
  for (let i = Math.max(0, from); i < Math.min(to, values.length); i++) sum += values[i]!
  return sum
}

/**
 * Fault -> the first good step from which every one-second window is good for five seconds (or to the end); 0 when none
 * was ever bad, null when that never came or there is not one whole window. `isGood` judges any stretch of steps.
 */
export function recoveredNanos(span: SeriesSpan, faultNanos: number, isGood: (from: number, to: number) => boolean): number | null {
  const lastWindow = span.end - span.windowSteps
  if (lastWindow < span.faultAt) return null
  const held = Math.max(1, Math.round(HELD_NANOS / span.stepNanos))
  let candidate = span.faultAt
  for (let from = span.faultAt; from <= lastWindow; from++) {
    if (!isGood(from, from + span.windowSteps)) candidate = from + 1
    else if (from - candidate + 1 >= held) break
  }
  if (candidate > lastWindow) return null
  if (candidate === span.faultAt) return 0
  // A window may pass for good with a bad step at its beginning; the recovery begins with the first good step.
  while (candidate < span.end && !isGood(candidate, candidate + 1)) candidate++
  return Math.max(0, candidate * span.stepNanos - faultNanos)
}

/** Calls `visit` for every window of one second that lies wholly after the fault. */
export function forEachWindow(span: SeriesSpan, stepBy: number, visit: (from: number, to: number) => void): void {
  for (let from = span.faultAt; from + span.windowSteps <= span.end; from += stepBy) visit(from, from + span.windowSteps)
}
