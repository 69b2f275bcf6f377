import type { Span } from '../../measure/interval-tallies.ts'
import { MILLISECOND, type Nanos } from '../../runtime/runtime.ts'

/** The clock is looked at so often at the least. */
export const LOOK_EVERY_NANOS = 25 * MILLISECOND
/** Later than this, a look was kept from happening: the process was stopped, starved, or busy in one piece. */
const LATE_NANOS = 100 * MILLISECOND

/**
 * When this process stood still, by its own clock: no look at it for longer than looks are apart. Whoever knows the time
 * anyway may look, so that a gap is known before what came in meanwhile is dealt with.
 */
export class ClockGaps {
  readonly #spans: Span[] = []
  readonly #heard: ((gap: Span) => void)[] = []
  #lookedNanos: Nanos | undefined

  look(now: Nanos): void {
    const before = this.#lookedNanos
    this.#lookedNanos = now
    if (before === undefined || now - before <= LOOK_EVERY_NANOS + LATE_NANOS) return
    const gap = { fromNanos: before + LOOK_EVERY_NANOS, toNanos: now }
    this.#spans.push(gap)
    for (const hear of this.#heard) hear(gap)
  }

  /** Tells of each gap when it is over. */
  onGap(hear: (gap: Span) => void): void {
    this.#heard.push(hear)
  }

  /** Those that began after this instant, on an axis that begins there. */
  since(originNanos: Nanos): Span[] {
    return this.#spans
      .filter(({ toNanos }) => toNanos > originNanos)
      .map(({ fromNanos, toNanos }) => ({ fromNanos: Math.max(0, fromNanos - originNanos), toNanos: toNanos - originNanos }))
  }
}
