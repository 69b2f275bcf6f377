import type { Cell, TimedEvent } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'

/** A fault with the stretches of the run it is judged by. Nanoseconds since the cell began. */
export interface FaultWindow {
  readonly event: TimedEvent
  /** What was usual before it: up to 30 s of measured load, from the end of the fault before. */
  readonly baselineFromNanos: number
  readonly startNanos: number
  /** Until the next fault begins or the load ends. */
  readonly endNanos: number
}

const BASELINE_NANOS = 30 * SECOND

export function faultWindows(cell: Pick<Cell, 'events' | 'durationNanos'>): FaultWindow[] {
  const phases = cell.events.filter((event) => event.kind === 'phase')
  const measuredFrom = Math.min(...phases.filter((event) => event.warmUp !== true).map((event) => event.startNanos), Number.POSITIVE_INFINITY)
  const loadEnd = phases.reduce((end, event) => Math.max(end, event.endNanos ?? cell.durationNanos), 0)
  const faults = cell.events.filter((event) => event.kind === 'fault').sort((a, b) => a.startNanos - b.startNanos)
  return faults.map((event, index) => {
    const previous = faults[index - 1]
    const earliest = Math.max(
      Number.isFinite(measuredFrom) ? measuredFrom : 0,
      event.startNanos - BASELINE_NANOS,
      previous?.endNanos ?? previous?.startNanos ?? 0,
    )
    const end = faults[index + 1]?.startNanos ?? (loadEnd > 0 ? loadEnd : cell.durationNanos)
    return { event, baselineFromNanos: Math.min(earliest, event.startNanos), startNanos: event.startNanos, endNanos: Math.max(end, event.startNanos) }
  })
}
