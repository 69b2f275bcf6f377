import type { Runtime } from '../../runtime/runtime.ts'
import type { LoadLoop, LoadLoopOptions } from './load-loop.ts'
import type { Program } from './program.ts'

export interface ClosedLoopOptions extends LoadLoopOptions {
  /** Users, over all instances; each has at most `pipeline` operations under way. */
  readonly connections: number
  readonly pipeline: number
  /** Pause between an answer and the user's next operation. */
  readonly thinkNanos: number
}

/** Closed loop: a user's next operation begins when one of his is answered, so a slow server lowers the load. */
export class ClosedLoop implements LoadLoop {
  readonly #runtime: Runtime
  readonly #program: Program
  readonly #options: ClosedLoopOptions
  #nextIndex: number
  #stopped = false
  #drained = false
  started = 0
  inFlight = 0
  readonly censored = 0

  constructor(runtime: Runtime, program: Program, options: ClosedLoopOptions) {
    this.#runtime = runtime
    this.#program = program
    this.#options = options
    this.#nextIndex = options.instance
  }

  start(): void {
    const { connections, pipeline, instance, instances, untilNanos } = this.#options
    this.#runtime.after(untilNanos - this.#runtime.now(), () => this.stop())
    for (let round = 0; round < pipeline; round++) {
      for (let user = instance; user < connections; user += instances) this.#begin(user)
    }
    if (connections <= instance) this.stop()
  }

  stop(): void {
    this.#stopped = true
    this.#settle()
  }

  abandon(): void {
    this.inFlight = 0
    this.stop()
  }

  ended(user: number): void {
    if (this.inFlight === 0) return
    this.inFlight--
    if (this.#stopped) this.#settle()
    else if (this.#options.thinkNanos > 0) this.#runtime.after(this.#options.thinkNanos, () => this.#begin(user))
    else this.#begin(user)
  }

  #begin(user: number): void {
    const now = this.#runtime.now()
    if (this.#stopped || now >= this.#options.untilNanos) {
      this.stop()
      return
    }
    this.inFlight++
    this.started++
    const index = this.#nextIndex
    this.#nextIndex += this.#options.instances
    this.#program.start(index, now, user)
  }

  #settle(): void {
    if (this.#drained || !this.#stopped || this.inFlight > 0) return
    this.#drained = true
    this.#options.drained()
  }
}
