import { SECOND } from '../../runtime/runtime.ts'

/** ITEM_UPDATE_INTERVAL + 2: memcached's clock starts past zero, so that no item's time is 0. */
const START = 62
/** REALTIME_MAXDELTA: an exptime up to thirty days counts from now, a larger one is a Unix time. */
export const THIRTY_DAYS = 60 * 60 * 24 * 30

/**
 * memcached's clock: whole seconds, ticking once a second, so an item with exptime 1 lives between nothing and one
 * second, until the next tick. Here the ticks are the whole seconds of engine time; on a real server their phase
 * depends on when it was started. Unix times are translated by the wall clock as it stood at the start and never
 * again, as in memcached: a wall clock that jumps later changes nothing.
 */
export class MemcachedClock {
  /** Seconds on memcached's own axis. */
  now = START
  #startedNanos = 0
  /** Unix time of zero on that axis; unknown until the first command or the first `advance`. */
  #zeroUnixSeconds: number | undefined

  get started(): boolean {
    return this.#zeroUnixSeconds !== undefined
  }

  /** As a new process does. */
  start(nowNanos: number, wallMicros: number): void {
    this.#startedNanos = Math.floor(nowNanos / SECOND) * SECOND
    this.#zeroUnixSeconds = Math.floor(wallMicros / 1_000_000) - START
    this.now = START
  }

  advance(nowNanos: number): void {
    this.now = START + Math.floor((nowNanos - this.#startedNanos) / SECOND)
  }

  get unixSeconds(): number {
    return (this.#zeroUnixSeconds ?? 0) + this.now
  }

  get uptimeSeconds(): number {
    return this.now - START + 2
  }

  /** `realtime()`: an exptime as a client gives it, on memcached's axis. Negative = at once; 0 = never. */
  expiry(exptime: number): number {
    if (exptime === 0) return 0
    const positive = exptime < 0 ? THIRTY_DAYS + 1 : exptime
    if (positive <= THIRTY_DAYS) return this.now + positive
    // A Unix time before the start of the server is long past: 1 is before every item's birth.
    const zero = this.#zeroUnixSeconds ?? 0
    return positive <= zero ? 1 : positive - zero
  }
}
