import { MILLISECOND, type Nanos, type Runtime, type Stream, type Timer } from '../../runtime/runtime.ts'
import type { Arrivals } from '../../workload/load/arrivals.ts'
import { DueTimes } from '../../workload/load/due-times.ts'
import { IndexQueue } from '../../workload/load/index-queue.ts'
import { type Share, shareOfInstance } from '../../workload/load/share.ts'
import { openLoopUser } from '../../workload/load/shares.ts'
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
 * So many operations are begun in one go; then what has come in is looked at before the next go. A loop that is late and
 * begins all that is due at once keeps answers waiting meanwhile, has thousands of operations under way that outlive the
 * young generation, and is later still the next time.
 */
const BURST = 64
/** A timer is seldom later than this. */
const LATE_TIMER_NANOS = 10 * MILLISECOND

/**
 * Open loop: operations are due when the arrival process says, whether or not earlier ones have been answered.
 * Beyond `maxInFlight` what is due waits its turn and its wait counts, because latency is counted from the due
 * time; it is never dropped (Schroeder et al., "Open versus closed: a cautionary tale", NSDI 2006).
 */
export class OpenLoop implements LoadLoop {
  readonly #runtime: Runtime
  readonly #program: Program
  readonly #options: OpenLoopOptions
  readonly #userDraws: Stream
  readonly #queue: IndexQueue
  readonly #dues: DueTimes
  #limit: number
  #untilNanos: Nanos
  /** When the next of its operations is due. */
  #dueNanos: Nanos
  #wakeTimer: Timer | undefined
  #endTimer: Timer | undefined
  /** As many as may be are under way and more is due: the next that ends makes room. */
  #full = false
  #stopped = false
  /** What was due before and never began is counted. */
  #countedUntilNanos: Nanos = 0
  #drained = false
  #pumping = false
  started = 0
  lastIndex = -1
  inFlight = 0
  censored = 0

  constructor(runtime: Runtime, program: Program, options: OpenLoopOptions) {
    this.#runtime = runtime
    this.#program = program
    this.#options = options
    this.#limit = Math.max(1, Math.ceil(options.maxInFlight / options.instances))
    this.#userDraws = runtime.chance.stream('users')
    this.#untilNanos = options.untilNanos
    this.#queue = new IndexQueue(shareOfInstance(options.instance, options.instances).indices)
    this.#dues = new DueTimes(options.arrivals)
    this.#dueNanos = this.#dueOfNext()
  }

  start(): void {
    this.endAt(this.#untilNanos)
    this.#pump()
  }

  endAt(untilNanos: Nanos): void {
    this.#untilNanos = untilNanos
    this.#endTimer?.cancel()
    if (!this.#stopped) this.#endTimer = this.#runtime.after(untilNanos - this.#runtime.now(), () => this.stop())
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    if (this.#full) this.#options.audit?.room(this.#runtime.now())
    this.#wakeTimer?.cancel()
    this.#endTimer?.cancel()
    this.#countedUntilNanos = Math.min(this.#runtime.now(), this.#untilNanos)
    this.#countCensored()
    this.#settle()
  }

  abandon(): void {
    this.stop()
    this.inFlight = 0
    this.#settle()
  }

  leave(): Share {
    this.abandon()
    return { indices: this.#queue.left, users: [] }
  }

  vacate(): void {
    this.inFlight = 0
    this.#limit = 0
    this.#settle()
  }

  takeOver({ indices }: Share): void {
    this.#queue.add(indices)
    this.#dueNanos = this.#dueOfNext()
    if (this.#stopped) this.#countCensored()
    else if (!this.#full) this.#wakeAgain()
  }

  ended(_user: number, refused: boolean): void {
    if (this.inFlight === 0) return
    this.inFlight--
    const { audit } = this.#options
    if (refused) audit?.refused(this.#runtime.now())
    else if (audit?.isRefused) audit.answered(this.#runtime.now())
    if (this.#stopped) this.#settle()
    else if (this.#full) this.#pump()
  }

  /** Takes the next operation of this instance. */
  #take(): number {
    const index = this.#queue.take()
    this.#dueNanos = this.#dueOfNext()
    return index
  }

  #dueOfNext(): Nanos {
    return this.#options.originNanos + this.#dues.of(this.#queue.next)
  }

  #pump(): void {
    if (this.#pumping) return
    this.#pumping = true
    const now = this.#runtime.now()
    const { audit } = this.#options
    let burst = 0
    if (this.#full) audit?.room(now)
    this.#full = false
    while (!this.#stopped && this.#isDue(now) && burst < BURST) {
      if (this.inFlight >= this.#limit) {
        this.#full = true
        audit?.full(now)
        break
      }
      burst++
      this.inFlight++
      this.started++
      const due = this.#dueNanos
      const index = this.#take()
      if (index > this.lastIndex) this.lastIndex = index
      audit?.began(due, now)
      this.#program.start(index, due, this.#user(index), this.#runtime.now())
    }
    this.#pumping = false
    if (!this.#stopped && !this.#full) this.#wakeAgain()
  }

  /** What was due just before the end begins, though a timer was late with it. */
  #isDue(now: Nanos): boolean {
    return this.#dueNanos <= now && this.#dueNanos < this.#untilNanos && now < this.#untilNanos + LATE_TIMER_NANOS
  }

  #wakeAgain(): void {
    this.#wakeTimer?.cancel()
    this.#wakeTimer = this.#runtime.after(Math.max(0, this.#dueNanos - this.#runtime.now()), this.#wake)
  }

  #user(index: number): number {
    return openLoopUser(index, this.#userDraws, this.#options.users)
  }

  readonly #wake = (): void => {
    this.#wakeTimer = undefined
    this.#pump()
  }

  #countCensored(): void {
    while (this.#dueNanos < this.#countedUntilNanos) {
      const due = this.#dueNanos
      const index = this.#take()
      this.censored++
      this.#options.audit?.neverBegan(due, this.#countedUntilNanos)
      this.#program.unstarted(index, due, this.#user(index))
    }
  }

  #settle(): void {
    if (this.#drained || !this.#stopped || this.inFlight > 0) return
    this.#drained = true
    this.#options.drained()
  }
}
