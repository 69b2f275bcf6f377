import type { TimedEvent } from '../../measure/run-result.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { PhaseSpec } from '../../workload/workload.ts'

/** A phase with its place on the cell's axis. */
export interface PlacedPhase extends PhaseSpec {
  readonly startNanos: Nanos
  readonly endNanos: Nanos
}

export interface PhaseSchedule {
  readonly phases: readonly PlacedPhase[]
  readonly endNanos: Nanos
  /** Where the first measured phase begins: what faults count from. */
  readonly measuredFromNanos: Nanos
  /** False while the end of an `auto` warm-up is open: all that follows it will come sooner. */
  readonly settled: boolean
}

/** `warmUpNanos`: how long an `auto` warm-up takes, once that is known; until then it may take all of its time. */
export function placePhases(phases: readonly PhaseSpec[], warmUpNanos?: Nanos): PhaseSchedule {
  const placed: PlacedPhase[] = []
  let at = 0
  for (const phase of phases) {
    const durationNanos = phase.auto && warmUpNanos !== undefined ? warmUpNanos : phase.durationNanos
    placed.push({ ...phase, durationNanos, startNanos: at, endNanos: at + durationNanos })
    at += durationNanos
  }
  const settled = warmUpNanos !== undefined || !phases.some(({ auto }) => auto)
  return { phases: placed, endNanos: at, measuredFromNanos: placed.find((phase) => !phase.warmUp)?.startNanos ?? 0, settled }
}

/** How long the `auto` warm-up takes, or may take; undefined where there is none. */
export function warmUpNanosOf({ phases }: PhaseSchedule): Nanos | undefined {
  return phases.find(({ auto }) => auto)?.durationNanos
}

/** The phase an instant falls into; after the end, the last. */
export function phaseAt(schedule: PhaseSchedule, nanos: Nanos): PlacedPhase | undefined {
  return schedule.phases.find((phase) => nanos < phase.endNanos) ?? schedule.phases.at(-1)
}

/** What of the schedule had passed when the load ended. */
export function phaseEvents(schedule: PhaseSchedule, endedNanos: Nanos): TimedEvent[] {
  return schedule.phases
    .filter((phase) => phase.startNanos < endedNanos)
    .map((phase) => ({
      kind: 'phase',
      name: phase.name,
      detail: phase.warmUp ? 'left out of tables and comparisons' : '',
      startNanos: phase.startNanos,
      endNanos: Math.min(phase.endNanos, endedNanos),
      warmUp: phase.warmUp,
    }))
}

export function measuredNanos(schedule: PhaseSchedule, endedNanos: Nanos): Nanos {
  return schedule.phases
    .filter((phase) => !phase.warmUp)
    .reduce((sum, phase) => sum + Math.max(0, Math.min(phase.endNanos, endedNanos) - phase.startNanos), 0)
}
