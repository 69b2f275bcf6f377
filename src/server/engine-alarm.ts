import type { Engine } from '../engine/engine.ts'
import type { Nanos, Runtime, Timer } from '../runtime/runtime.ts'

/**
 * Wakes an engine when it next has something to do by itself: at most one timer, moved when the engine's next
 * deadline moves nearer. Part of every driver of the engine contract.
 */
export class EngineAlarm {
  readonly #engine: Engine
  readonly #runtime: Runtime
  readonly #afterwards: () => void
  #timer: Timer | undefined
  #due: Nanos = 0

  /** `afterwards` is called when the engine's time was moved by the alarm: the place to deliver what it said. */
  constructor(engine: Engine, runtime: Runtime, afterwards: () => void) {
    this.#engine = engine
    this.#runtime = runtime
    this.#afterwards = afterwards
  }

  /** To be called after anything that may have changed the engine's plans. */
  arm(): void {
    const due = this.#engine.nextDeadline()
    if (this.#timer) {
      if (due !== undefined && due >= this.#due) return
      this.cancel()
    }
    if (due === undefined) return
    this.#due = due
    this.#timer = this.#runtime.after(Math.max(1, due - this.#runtime.now()), () => {
      this.#timer = undefined
      this.#engine.advance(this.#runtime.now())
      this.#afterwards()
      this.arm()
    })
  }

  cancel(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }
}
