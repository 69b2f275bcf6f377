import { MILLISECOND, type Nanos } from '../runtime/runtime.ts'

const FIRST_NANOS = 10 * MILLISECOND
const LAST_NANOS = 320 * MILLISECOND

/**
 * How long our clients wait before they connect again: 10, 20, 40 ... 320 ms, so that an outage ends for them at most a
 * third of a second late. A refused user of a closed loop waits as long before he asks again (`run/load/closed-loop.ts`).
 */
export class ReconnectBackoff {
  #next: Nanos = FIRST_NANOS

  next(): Nanos {
    const wait = this.#next
    this.#next = Math.min(LAST_NANOS, wait * 2)
    return wait
  }

  /** A connection stands. */
  reset(): void {
    this.#next = FIRST_NANOS
  }
}
