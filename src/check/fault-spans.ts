import type { Span } from '../measure/interval-tallies.ts'
import { wholeIntervals } from '../measure/interval-tallies.ts'
import type { Cell, Recovery } from '../measure/run-result.ts'

/**
 * From each fault's start to its recovery: when it was undone, reads and writes succeeded again, and rate and hit ratio
 * were what they had been; at the latest the end of the cell. In whole steps of the series, put together where they touch.
 */
export function faultSpans(cell: Pick<Cell, 'durationNanos' | 'series'>, recoveries: readonly Recovery[]): Span[] {
  const spans = recoveries.map((recovery) => ({ fromNanos: recovery.startNanos, toNanos: recoveredAt(recovery, cell.durationNanos) }))
  return wholeIntervals(spans, cell.series.intervalNanos, cell.durationNanos)
}

function recoveredAt(recovery: Recovery, endNanos: number): number {
  const { startNanos, endNanos: undoneNanos, hitRatioBefore } = recovery
  const since = [
    recovery.readUnavailableNanos,
    recovery.writeUnavailableNanos,
    recovery.rateRecoveredNanos,
    ...(hitRatioBefore === null ? [] : [recovery.hitRatioRecoveredNanos]),
  ]
  if (since.some((nanos) => nanos === null)) return endNanos
  return Math.min(endNanos, Math.max(undoneNanos ?? startNanos, startNanos + Math.max(...since.map((nanos) => nanos!))))
}

/** How much of the measured phases lies outside these spans. Nanoseconds. */
export function measuredNanosOutside(cell: Pick<Cell, 'events' | 'durationNanos' | 'measuredNanos'>, spans: readonly Span[]): number {
  const phases = cell.events.filter(({ kind, warmUp }) => kind === 'phase' && warmUp !== true)
  const within = phases.reduce((sum, phase) => {
    const to = phase.endNanos ?? cell.durationNanos
    return sum + spans.reduce((part, span) => part + Math.max(0, Math.min(to, span.toNanos) - Math.max(phase.startNanos, span.fromNanos)), 0)
  }, 0)
  return Math.max(0, cell.measuredNanos - within)
}
