import type { Nanos, Runtime } from '../../runtime/runtime.ts'
import type { PhaseSchedule } from '../cell/phase-schedule.ts'
import type { CellRecorder } from './cell-recorder.ts'

/** Tells the recorders of the phase under way, from `startNanos` on, until the last has begun. */
export function followPhases(runtime: Runtime, schedule: PhaseSchedule, startNanos: Nanos, recorders: readonly CellRecorder[]): void {
  for (const phase of schedule.phases) {
    const enter = () => {
      for (const recorder of recorders) {
        recorder.enterPhase(phase.name, !phase.warmUp, startNanos + phase.startNanos)
        if (!phase.warmUp) recorder.endMeasuredAt(startNanos + phase.endNanos)
      }
    }
    if (phase.startNanos === 0) enter()
    else runtime.after(startNanos + phase.startNanos - runtime.now(), enter)
  }
}
