import { isFrequencyPolicy, type Settings } from './settings.ts'

/** Of a key that is new, so that it has time to be used before it is the first to go (LFU_INIT_VAL in server.h). */
const INITIAL = 5
const HIGHEST = 255
const MINUTES = 0xffff
const MINUTE_MILLIS = 60_000

/**
 * How often a key is used, as LFU policies keep it (evict.c): a Morris counter of 8 bits, which the next use raises the less
 * likely the higher it stands, and above it in 16 bits the minute of the last use, by which it decays. Both are one number,
 * kept where LRU policies keep the time of the last access; at a change of policy each reads what the other has left, as on
 * the real servers.
 */
export class AccessFrequency {
  readonly #settings: Settings
  readonly #nowMillis: () => number
  readonly #random: () => number

  /** `nowMillis`: wall time. `random`: uniform in [0, 1), drawn once a use. */
  constructor(settings: Settings, nowMillis: () => number, random: () => number) {
    this.#settings = settings
    this.#nowMillis = nowMillis
    this.#random = random
  }

  /** Whether the policy in force counts uses. */
  get isKept(): boolean {
    return isFrequencyPolicy(this.#settings.maxMemoryPolicy)
  }

  /** Of a new key. */
  first(): number {
    return (this.#minute() << 8) | INITIAL
  }

  /** Of a key that is used now: decayed first, then perhaps raised (updateLFU in db.c). */
  afterUse(kept: number): number {
    return (this.#minute() << 8) | this.#raised(this.countOf(kept))
  }

  /** What the counter has come to by now (LFUDecrAndReturn). */
  countOf(kept: number): number {
    const count = kept & HIGHEST
    const { lfuDecayMinutes } = this.#settings
    if (lfuDecayMinutes === 0) return count
    return Math.max(0, count - Math.floor(this.#minutesSince(kept >>> 8) / lfuDecayMinutes))
  }

  #raised(count: number): number {
    if (count === HIGHEST) return count
    const above = Math.max(0, count - INITIAL)
    return this.#random() < 1 / (above * this.#settings.lfuLogFactor + 1) ? count + 1 : count
  }

  #minute(): number {
    return Math.floor(this.#nowMillis() / MINUTE_MILLIS) & MINUTES
  }

  /** LFUTimeElapsed, which takes a minute that is yet to come for one of the last time round, and that for a minute shorter than it was. */
  #minutesSince(then: number): number {
    const minute = this.#minute()
    const since = then & MINUTES
    return minute >= since ? minute - since : MINUTES - since + minute
  }
}
