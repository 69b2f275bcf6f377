import { ReconnectBackoff } from '../../client/reconnect-backoff.ts'
import type { Nanos, Runtime, Timer } from '../../runtime/runtime.ts'
import { IndexQueue } from '../../workload/load/index-queue.ts'
import { type NumbersApart, numbersBelow } from '../../workload/load/numbers-apart.ts'
import { type Share, shareOfInstance } from '../../workload/load/share.ts'
import type { LoadLoop, LoadLoopOptions } from './load-loop.ts'
import type { Program } from './program.ts'

export interface ClosedLoopOptions extends LoadLoopOptions {
  /** Users, over all instances; each has at most `pipeline` operations under way. */
  readonly connections: number
  readonly pipeline: number
  /** Pause between an answer and the user's next operation. */
  readonly thinkNanos: number
}

/**
 * Closed loop: a user's next operation begins when one of his is answered, so a slow server lowers the load. One that
 * refuses lowers it, too: a refusal takes no time, so a refused user waits as long as the client does before it connects
 * again, and longer with each refusal that follows. What he has under way beside it waits with him.
 */
export class ClosedLoop implements LoadLoop {
  readonly #runtime: Runtime
  readonly #program: Program
  readonly #options: ClosedLoopOptions
  /** Users whose last operation was refused. */
  readonly #refused = new Map<number, Refusals>()
  readonly #queue: IndexQueue
  #users: readonly NumbersApart[]
  #untilNanos: Nanos
  #end: Timer | undefined
  #vacant = false
  #stopped = false
  #drained = false
  started = 0
  lastIndex = -1
  inFlight = 0
  readonly censored = 0

  constructor(runtime: Runtime, program: Program, options: ClosedLoopOptions) {
    this.#runtime = runtime
    this.#program = program
    this.#options = options
    this.#untilNanos = options.untilNanos
    const { indices, users } = shareOfInstance(options.instance, options.instances)
    this.#queue = new IndexQueue(indices)
    this.#users = users
  }

  start(): void {
    this.endAt(this.#untilNanos)
    this.#beginAll(this.#users)
  }

  endAt(untilNanos: Nanos): void {
    this.#untilNanos = untilNanos
    this.#end?.cancel()
    if (!this.#stopped) this.#end = this.#runtime.after(untilNanos - this.#runtime.now(), () => this.stop())
  }

  stop(): void {
    this.#stopped = true
    this.#settle()
  }

  abandon(): void {
    this.inFlight = 0
    this.stop()
  }

  leave(): Share {
    this.abandon()
    return { indices: this.#queue.left, users: this.#users }
  }

  vacate(): void {
    this.inFlight = 0
    this.#vacant = true
    this.#settle()
  }

  takeOver({ indices, users }: Share): void {
    this.#queue.add(indices)
    this.#users = [...this.#users, ...users]
    if (!this.#stopped) this.#beginAll(users)
  }

  ended(user: number, refused: boolean, now: Nanos): void {
    if (this.inFlight === 0) return
    this.inFlight--
    if (this.#stopped) {
      this.#settle()
      return
    }
    const pauseNanos = Math.max(this.#options.thinkNanos, refused ? this.#backOff(user, now) : 0)
    if (!refused && this.#refused.size > 0) this.#refused.delete(user)
    if (pauseNanos > 0) this.#runtime.after(pauseNanos, () => this.#begin(user, this.#runtime.now()))
    else this.#begin(user, now)
  }

  #backOff(user: number, now: Nanos): Nanos {
    let refusals = this.#refused.get(user)
    if (!refusals) {
      refusals = new Refusals()
      this.#refused.set(user, refusals)
    }
    return refusals.waitNanos(now)
  }

  #beginAll(numbers: readonly NumbersApart[]): void {
    const { connections, pipeline } = this.#options
    const users = numbersBelow(numbers, connections)
    for (let round = 0; round < pipeline; round++) for (const user of users) this.#begin(user, this.#runtime.now())
  }

  #begin(user: number, now: Nanos): void {
    if (this.#vacant) return
    if (this.#stopped || now >= this.#untilNanos) {
      this.stop()
      return
    }
    this.inFlight++
    this.started++
    const index = this.#queue.take()
    this.#options.claim?.(index)
    if (index > this.lastIndex) this.lastIndex = index
    this.#options.audit?.began(now, now)
    this.#program.start(index, now, user, now)
  }

  #settle(): void {
    if (this.#drained || !this.#stopped || this.inFlight > 0) return
    this.#drained = true
    this.#options.drained()
  }
}

/** A user's refusals since he was last answered: operations that are refused while he waits already are over with that wait. */
class Refusals {
  readonly #backoff = new ReconnectBackoff()
  #untilNanos: Nanos = 0

  waitNanos(now: Nanos): Nanos {
    if (now >= this.#untilNanos) this.#untilNanos = now + this.#backoff.next()
    return this.#untilNanos - now
  }
}
