import { type Nanos, SECOND } from '../../runtime/runtime.ts'
import type { CacheState } from '../../targets/cache-state.ts'
import type { SteadyIndicator } from '../../workload/pattern.ts'
import { type IndicatorReading, readIndicators, type WarmUpWindow } from './windows-agree.ts'

/** What was counted in one step of the series. */
export interface StepCounts {
  readonly operations: number
  readonly hits: number
  readonly misses: number
}

export interface WarmUpWatchOptions {
  readonly indicators: readonly SteadyIndicator[]
  readonly stepNanos: Nanos
  /** It goes on for so long at least: as long as that of the cells it is compared with. */
  readonly atLeastNanos: Nanos
  /** And for so long at most. */
  readonly capNanos: Nanos
  /** An end is known so long before it comes: every instance has to hear of it. */
  readonly aheadNanos: Nanos
  readonly countsOf: (step: number) => StepCounts
  /** Asks the cache; undefined where nobody may, or it does not tell. */
  readonly readState: (done: (state: CacheState | undefined) => void) => void
}

export type WarmUpEnd = 'steady' | 'one window' | 'cap'

/** Why and when a warm-up ends. */
export interface WarmUpDecision {
  /** Since the load began; not yet passed. */
  readonly endNanos: Nanos
  readonly endedBecause: WarmUpEnd
  readonly indicators: readonly IndicatorReading[]
}

/**
 * A warm-up ends at a whole second, so that the cells of one comparison, which all take the longest of theirs, mostly find
 * the same one.
 */
const END_GRID_NANOS = SECOND

/** A share of fewer operations is too coarse to tell a drift by. */
export const WINDOW_OPERATIONS = 2_000

/**
 * Watches a load until it is steady: in two successive windows every indicator agrees. A pattern without an indicator is
 * warm after one window.
 */
export class WarmUpWatch {
  readonly #options: WarmUpWatchOptions
  #nextStep = 0
  #operations = 0
  #hits = 0
  #misses = 0
  #asking = false
  #before: { readonly window: WarmUpWindow; readonly state: CacheState | undefined } | undefined
  #stateBefore: CacheState | undefined
  #readings: readonly IndicatorReading[] = []
  #agreed: WarmUpEnd | undefined

  constructor(options: WarmUpWatchOptions) {
    this.#options = options
  }

  /** Steps up to `toldUntilNanos` are complete. The decision once there is one. */
  look(nowNanos: Nanos, toldUntilNanos: Nanos): WarmUpDecision | undefined {
    const { stepNanos, countsOf, aheadNanos } = this.#options
    while (!this.#asking && (this.#nextStep + 1) * stepNanos <= toldUntilNanos) {
      const { operations, hits, misses } = countsOf(this.#nextStep++)
      this.#operations += operations
      this.#hits += hits
      this.#misses += misses
      if (this.#operations >= WINDOW_OPERATIONS) this.#closeWindow()
    }
    const lastEndNanos = Math.max(this.#options.capNanos, this.#options.atLeastNanos)
    if (this.#agreed !== undefined) return this.#decide(this.#agreed, Math.min(this.#soonestEnd(nowNanos), lastEndNanos))
    // The next look would be too late to say it in time.
    return nowNanos + stepNanos + aheadNanos > lastEndNanos ? this.#decide('cap', lastEndNanos) : undefined
  }

  #soonestEnd(nowNanos: Nanos): Nanos {
    const { aheadNanos, atLeastNanos } = this.#options
    return Math.max(atLeastNanos, Math.ceil((nowNanos + aheadNanos) / END_GRID_NANOS) * END_GRID_NANOS)
  }

  #decide(endedBecause: WarmUpEnd, endNanos: Nanos): WarmUpDecision {
    return { endNanos, endedBecause, indicators: this.#readings }
  }

  #closeWindow(): void {
    const counted = { operations: this.#operations, hits: this.#hits, misses: this.#misses }
    this.#operations = 0
    this.#hits = 0
    this.#misses = 0
    const { indicators, readState } = this.#options
    if (indicators.length === 0) {
      this.#agreed = 'one window'
      return
    }
    if (!indicators.some((name) => name !== 'hit_ratio')) {
      this.#judge(counted, undefined)
      return
    }
    this.#asking = true
    readState((state) => {
      this.#asking = false
      this.#judge(counted, state)
    })
  }

  #judge(counted: StepCounts, state: CacheState | undefined): void {
    const evictions = state && this.#stateBefore && state.evictions - this.#stateBefore.evictions
    const window: WarmUpWindow = { ...counted, evictions, items: state?.items }
    if (this.#before) {
      this.#readings = readIndicators(this.#options.indicators, this.#before.window, window)
      this.#agreed = this.#readings.every(({ agrees }) => agrees) ? 'steady' : undefined
    }
    this.#stateBefore = state
    this.#before = { window, state }
  }

  /** What the cache says before the first window: evictions are counted from there. */
  begin(): void {
    if (this.#options.indicators.some((name) => name !== 'hit_ratio')) this.#options.readState((state) => (this.#stateBefore = state))
  }
}
