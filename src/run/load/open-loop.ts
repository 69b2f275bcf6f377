import type { Runtime, Stream, Timer } from '../../runtime/runtime.ts'
import type { Arrivals } from '../../workload/load/arrivals.ts'
import type { LoadLoop, LoadLoopOptions } from './load-loop.ts'
import type { Program } from './program.ts'

export interface OpenLoopOptions extends LoadLoopOptions {
  readonly arrivals: Arrivals
  /** Over all instances; each takes its share. */
  readonly maxInFlight: number
  /** Simulated users an operation may belong to. */
  readonly users: number
}

/**
 * Open loop: operations are due when the arrival process says, whether or not earlier ones have been answered.
 * Beyond `maxInFlight` what is due waits its turn and its wait counts, because latency is counted from the due
 * time; it is never dropped (Schroeder et al., "Open versus closed: a cautionary tale", NSDI 2006).
 */
export class OpenLoop implements LoadLoop {
  readonly #runtime: Runtime
  readonly #program: Program
  readonly #options: OpenLoopOptions
  readonly #limit: number
  readonly #userDraws: Stream
  #index = -1
  #dueNanos: number
  #timer: Timer | undefined
  #stopped = false
  #drained = false
  #pumping = false
  started = 0
  inFlight = 0
  censored = 0

  constructor(runtime: Runtime, program: Program, options: OpenLoopOptions) {
    this.#runtime = runtime
    this.#program = program
    this.#options = options
    this.#limit = Math.max(1, Math.ceil(options.maxInFlight / options.instances))
    this.#userDraws = runtime.chance.stream('users')
    this.#dueNanos = runtime.now()
  }

  start(): void {
    this.#dueNanos = this.#runtime.now()
    this.#advance()
    this.#pump()
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#timer?.cancel()
    this.#countCensored()
    this.#settle()
  }

  abandon(): void {
    this.stop()
    this.inFlight = 0
    this.#settle()
  }

  ended(): void {
    if (this.inFlight === 0) return
    this.inFlight--
    if (this.#stopped) this.#settle()
    else if (this.#dueNanos <= this.#runtime.now()) this.#pump()
  }

  /** Moves to the next operation of this instance; gaps of the others' operations pass on the way. */
  #advance(): void {
    const { arrivals, instance, instances } = this.#options
    do {
      this.#index++
      this.#dueNanos += arrivals.gap(this.#index)
    } while (this.#index % instances !== instance)
  }

  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    this.#timer?.cancel()
    this.#timer = undefined
    const now = this.#runtime.now()
    while (!this.#stopped && now < this.#options.untilNanos && this.#dueNanos <= now && this.inFlight < this.#limit) {
      this.inFlight++
      this.started++
      const index = this.#index
      const due = this.#dueNanos
      this.#advance()
      this.#program.start(index, due, this.#user(index))
    }
    this.#pumping = false
    if (this.#stopped) return
    if (now >= this.#options.untilNanos) this.stop()
    else if (this.#dueNanos > now) this.#wake(Math.min(this.#dueNanos, this.#options.untilNanos) - now)
    // Else the limit is reached: the next `ended` pumps. The end must be noticed all the same.
    else this.#wake(this.#options.untilNanos - now)
  }

  #user(index: number): number {
    return this.#userDraws.uint32(index) % this.#options.users
  }

  #wake(delayNanos: number): void {
    this.#timer = this.#runtime.after(delayNanos, () => this.#pump())
  }

  #countCensored(): void {
    const end = Math.min(this.#runtime.now(), this.#options.untilNanos)
    while (this.#dueNanos < end) {
      this.censored++
      this.#program.unstarted(this.#index, this.#dueNanos, this.#user(this.#index))
      this.#advance()
    }
  }

  #settle(): void {
    if (this.#drained || !this.#stopped || this.inFlight > 0) return
    this.#drained = true
    this.#options.drained()
  }
}
