import type { Nanos, Runtime } from '../../runtime/runtime.ts'

/**
 * One direction of a connection: what is put in arrives after its delay, and never before what was put in earlier.
 * A timer that fires delivers the oldest thing under way and not its own, so that the order holds even where
 * timers of a real clock overtake each other by a hair.
 */
export class TravelLine<T> {
  readonly #runtime: Runtime
  readonly #arrive: (thing: T) => void
  readonly #quiet: boolean
  #underWay: T[] = []
  #first = 0
  #lastArrival: Nanos = 0
  #cut = false

  /** `quiet`: as in `Runtime.after`. */
  constructor(runtime: Runtime, arrive: (thing: T) => void, quiet = false) {
    this.#runtime = runtime
    this.#quiet = quiet
    this.#arrive = arrive
  }

  send(thing: T, delayNanos: Nanos): void {
    const now = this.#runtime.now()
    const arrival = Math.max(now + delayNanos, this.#lastArrival)
    this.#lastArrival = arrival
    this.#underWay.push(thing)
    this.#runtime.after(arrival - now, this.#deliver, this.#quiet)
  }

  /** Nothing that is under way arrives any more. */
  cut(): void {
    this.#cut = true
    this.#underWay = []
  }

  readonly #deliver = (): void => {
    if (this.#cut) return
    const thing = this.#underWay[this.#first]!
    this.#underWay[this.#first++] = undefined as T
    if (this.#first > 1_024 && this.#first * 2 > this.#underWay.length) {
      this.#underWay = this.#underWay.slice(this.#first)
      this.#first = 0
    }
    this.#arrive(thing)
  }
}
