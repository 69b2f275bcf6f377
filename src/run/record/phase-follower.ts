import type { Nanos, Runtime, Timer } from '../../runtime/runtime.ts'
import type { PhaseSchedule } from '../cell/phase-schedule.ts'
import type { CellRecorder } from './cell-recorder.ts'

/** Tells the recorders of the phase under way, from `startNanos` on, until the last has begun. */
export class PhaseFollower {
  readonly #runtime: Runtime
  readonly #startNanos: Nanos
  readonly #recorders: readonly CellRecorder[]
  #entered = 0
  #timers: Timer[] = []

  constructor(runtime: Runtime, schedule: PhaseSchedule, startNanos: Nanos, recorders: readonly CellRecorder[]) {
    this.#runtime = runtime
    this.#startNanos = startNanos
    this.#recorders = recorders
    this.follow(schedule)
  }

  /** From now on this is the schedule; phases that have begun stay as they began. */
  follow(schedule: PhaseSchedule): void {
    for (const timer of this.#timers.splice(0)) timer.cancel()
    for (const [position, phase] of schedule.phases.entries()) {
      if (position < this.#entered) continue
      const enter = () => {
        this.#entered = position + 1
        for (const recorder of this.#recorders) {
          recorder.enterPhase(phase.name, !phase.warmUp, this.#startNanos + phase.startNanos)
          if (!phase.warmUp) recorder.endMeasuredAt(this.#startNanos + phase.endNanos)
        }
      }
      if (phase.startNanos === 0) enter()
      // What follows an open warm-up has no time yet.
      else if (schedule.settled) this.#timers.push(this.#runtime.after(this.#startNanos + phase.startNanos - this.#runtime.now(), enter))
    }
  }
}
