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
}

export function placePhases(phases: readonly PhaseSpec[]): PhaseSchedule {
  const placed: PlacedPhase[] = []
  let at = 0
  for (const phase of phases) {
    placed.push({ ...phase, startNanos: at, endNanos: at + phase.durationNanos })
    at += phase.durationNanos
  }
  return { phases: placed, endNanos: at, measuredFromNanos: placed.find((phase) => !phase.warmUp)?.startNanos ?? 0 }
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
