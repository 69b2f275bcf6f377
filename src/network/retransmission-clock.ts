import { MICROSECOND, type Nanos, type Runtime, type Timer } from '../runtime/runtime.ts'
import type { TcpSettings } from './tcp-settings.ts'

/** When a sender who hears nothing sends again, and when he gives up (RFC 6298, 5): a time-out that doubles each time in vain. */
export class RetransmissionClock {
  readonly #runtime: Runtime
  readonly #tcp: TcpSettings
  readonly #ring: () => void
  #timer: Timer | undefined
  #afterNanos: Nanos = 0
  #silentSinceNanos: Nanos = 0

  /** `ring`: time to send again. It calls `again` or `restart` where it is to ring once more. */
  constructor(runtime: Runtime, tcp: TcpSettings, ring: () => void) {
    this.#runtime = runtime
    this.#tcp = tcp
    this.#ring = ring
  }

  /** The system has waited long enough. */
  get exhausted(): boolean {
    return this.#runtime.now() - this.#silentSinceNanos >= this.#tcp.giveUpAfterNanos
  }

  /** Something was sent that is to be acknowledged; nothing new when it waits already. */
  start(): void {
    if (!this.#timer) this.restart()
  }

  /** It has heard of something: patience and time-out begin anew. */
  restart(): void {
    this.stop()
    this.#silentSinceNanos = this.#runtime.now()
    this.#afterNanos = this.#tcp.retransmitAfterNanos
    this.#wait()
  }

  /** It was in vain. */
  again(): void {
    this.stop()
    this.#afterNanos = Math.min(2 * this.#afterNanos, this.#tcp.longestRetransmitNanos)
    this.#wait()
  }

  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  #wait(): void {
    const leftNanos = this.#silentSinceNanos + this.#tcp.giveUpAfterNanos - this.#runtime.now()
    // Whoever gives up tells nobody within this event.
    this.#timer = this.#runtime.after(
      Math.max(MICROSECOND, Math.min(this.#afterNanos, leftNanos)),
      () => {
        this.#timer = undefined
        this.#ring()
      },
      true,
    )
  }
}
