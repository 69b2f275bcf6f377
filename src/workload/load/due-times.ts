import type { Nanos } from '../../runtime/runtime.ts'
import type { Arrivals } from './arrivals.ts'

/** So many operations apart it is kept when they are due, so that going back is a short way. */
const MARK_EVERY = 4096

/**
 * When each operation of an open loop is due, counted from where the load's axis begins. Whoever asks, from wherever he
 * comes, is told the same: instances that are processes agree on it, and on which operation is the first after an instant.
 */
export class DueTimes {
  readonly #arrivals: Arrivals
  /** Of the operations whose index is a multiple of `MARK_EVERY`. */
  readonly #marks: Nanos[] = []
  #index = -1
  #due: Nanos = 0

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals
  }

  /** Cheap for an index that is near the one asked for last. */
  of(index: number): Nanos {
    if (index < this.#index) this.#goBackTo(Math.floor(index / MARK_EVERY))
    while (this.#index < index) this.#advance()
    return this.#due
  }

  /** The first operation that is due at this instant or later. */
  firstFrom(nanos: Nanos): number {
    let mark = this.#marks.length - 1
    while (mark > 0 && this.#marks[mark]! >= nanos) mark--
    if (this.#index < 0) this.#advance()
    else if (this.#due >= nanos) this.#goBackTo(Math.max(0, mark))
    while (this.#due < nanos) this.#advance()
    return this.#index
  }

  #advance(): void {
    this.#index++
    this.#due += this.#arrivals.gap(this.#index)
    if (this.#index === this.#marks.length * MARK_EVERY) this.#marks.push(this.#due)
  }

  #goBackTo(mark: number): void {
    this.#index = mark * MARK_EVERY
    this.#due = this.#marks[mark]!
  }
}
