import type { Cell, TimedEvent } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'

/** A fault with the stretches of the run it is judged by. Nanoseconds since the cell began. */
export interface FaultWindow {
  readonly event: TimedEvent
  /** What was usual before it: up to 30 s of measured load, from the end of the faults before. */
  readonly baselineFromNanos: number
  readonly baselineToNanos: number
  readonly startNanos: number
  /** Until later faults begin or the load ends. */
  readonly endNanos: number
}

const BASELINE_NANOS = 30 * SECOND
/** Faults that begin closer together than this can't be told apart by what follows. */
const TOGETHER_NANOS = SECOND

/**
 * One window a fault. Faults that overlap, or begin within a second of each other, share their baseline and their end:
 * neither may serve as the other's usual state, or cut short what is seen of its effect.
 */
export function faultWindows(cell: Pick<Cell, 'events' | 'durationNanos'>): FaultWindow[] {
  const phases = cell.events.filter((event) => event.kind === 'phase')
  const measuredFrom = phases.reduce((from, event) => (event.warmUp === true ? from : Math.min(from, event.startNanos)), Number.POSITIVE_INFINITY)
  const loadEnd = phases.reduce((end, event) => Math.max(end, event.endNanos ?? cell.durationNanos), 0) || cell.durationNanos
  const groups = faultsTogether(cell.events.filter((event) => event.kind === 'fault').sort((a, b) => a.startNanos - b.startNanos))
  return groups.flatMap((group, index) => {
    const baselineToNanos = group[0]!.startNanos
    const before = groups[index - 1]
    const beforeEnded = before ? endOfGroup(before) : 0
    const earliest = Math.max(Number.isFinite(measuredFrom) ? measuredFrom : 0, baselineToNanos - BASELINE_NANOS, beforeEnded)
    const endNanos = groups[index + 1]?.[0]?.startNanos ?? loadEnd
    return group.map(
      (event): FaultWindow => ({
        event,
        baselineFromNanos: Math.min(earliest, baselineToNanos),
        baselineToNanos,
        startNanos: event.startNanos,
        endNanos: Math.max(endNanos, event.startNanos),
      }),
    )
  })
}

function faultsTogether(sorted: readonly TimedEvent[]): TimedEvent[][] {
  const groups: TimedEvent[][] = []
  for (const event of sorted) {
    const last = groups.at(-1)
    if (last && event.startNanos < Math.max(endOfGroup(last), last[0]!.startNanos + TOGETHER_NANOS)) last.push(event)
    else groups.push([event])
  }
  return groups
}

/** A fault without an end (the loss of an instance) is over, as far as others are concerned, once it has struck. */
function endOfGroup(group: readonly TimedEvent[]): number {
  return group.reduce((end, event) => Math.max(end, event.endNanos ?? event.startNanos), 0)
}
