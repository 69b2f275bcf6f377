import { MILLISECOND, type Nanos } from '../runtime/runtime.ts'

const FIRST_NANOS = 10 * MILLISECOND
const LAST_NANOS = 320 * MILLISECOND

/**
 * How long our clients wait before they connect again: 10, 20, 40 ... 320 ms, so that an outage ends for them at most a
 * third of a second late. A refused user of a closed loop waits as long before he asks again (`run/load/closed-loop.ts`).
 */
export const RECONNECT_IN_WORDS = '10 ms, doubling up to 320 ms'

export class ReconnectBackoff {
  readonly #everyNanos: Nanos | undefined
  #next: Nanos = FIRST_NANOS

  /** `everyNanos`: always this long instead. */
  constructor(everyNanos?: Nanos) {
    this.#everyNanos = everyNanos
  }

  next(): Nanos {
    if (this.#everyNanos !== undefined) return this.#everyNanos
    const wait = this.#next
    this.#next = Math.min(LAST_NANOS, wait * 2)
    return wait
  }

  /** A connection stands. */
  reset(): void {
    this.#next = FIRST_NANOS
  }
}
