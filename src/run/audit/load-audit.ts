import type { LoadTally } from '../../check/load-tally.ts'
import type { Span } from '../../measure/interval-tallies.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import { SERIES_INTERVAL_NANOS } from '../cell/series-interval.ts'
import { type ClockGaps, LOOK_EVERY_NANOS } from './clock-gaps.ts'

export interface LoadAuditOptions {
  /** Where the cell's axis begins, on the runtime's. */
  readonly originNanos: Nanos
  /** An operation that begins later than this after it was due is late. */
  readonly lateNanos: Nanos
  /** Of this process. On virtual time there are none. */
  readonly gaps?: ClockGaps | undefined
}

/** Room that comes later than this after a gap is news, and had not been there to be found. */
const FOUND_WITHIN_NANOS = LOOK_EVERY_NANOS

type Step = { due: number; began: number; excused: number; late: number; omitted: number; ownLagNanos: Nanos }

/**
 * Whose doing it was that an operation began late. The load loop tells when operations are due and begin, and while
 * nothing can begin because of the target: as many as may be are in flight, or it refuses. Waiting through that time is
 * excused, unless this process stood still in it and found room when it woke: then the answers had been waiting for it.
 *
 * Data plane: an operation that begins in time costs a division and two additions, less than 1 % of what the cheapest one
 * costs in all (bench/results/load.json).
 */
export class LoadAudit {
  readonly #originNanos: Nanos
  readonly #lateNanos: Nanos
  readonly #gaps: ClockGaps | undefined
  #steps = new Map<number, Step>()
  #at = -1
  #step: Step = emptyStep()
  /** Of the last operation of which was heard: they rise. */
  #due: Nanos = Number.NEGATIVE_INFINITY
  /** Stretches that are excused, in order, as far back as an operation that is still to come may have waited. */
  readonly #excused: { readonly fromNanos: Nanos; toNanos: Nanos }[] = []
  #excusedNanos = 0
  /** Since when what is under way is excused; -1 when it is not. */
  #since: Nanos = -1
  /** A gap right before `#since`, of which is not known yet whose it was. */
  #slept: Span | undefined
  #full = false
  #refused = false

  constructor(options: LoadAuditOptions) {
    this.#originNanos = options.originNanos
    this.#lateNanos = options.lateNanos
    this.#gaps = options.gaps
    this.#gaps?.onGap((gap) => this.#cut(gap))
  }

  began(due: Nanos, now: Nanos): void {
    this.#due = due
    const step = this.#stepOf(due)
    step.due++
    step.began++
    if (now - due > this.#lateNanos) this.#late(step, due, now)
  }

  /** The load has ended, and it was due. */
  neverBegan(due: Nanos, now: Nanos): void {
    this.#due = due
    const step = this.#stepOf(due)
    step.due++
    if (now - due > this.#lateNanos && this.#late(step, due, now)) step.omitted++
  }

  /** As many as may be are in flight, and another is due. */
  full(now: Nanos): void {
    this.#full = true
    this.#turn(now)
  }

  /** There is room again, or the load is over. */
  room(now: Nanos): void {
    this.#full = false
    this.#turn(now)
  }

  /** An operation failed before anything was sent: there is nobody to send it to. */
  refused(now: Nanos): void {
    this.#refused = true
    this.#turn(now)
  }

  /** One did not. */
  answered(now: Nanos): void {
    this.#refused = false
    this.#turn(now)
  }

  get isRefused(): boolean {
    return this.#refused
  }

  /** What was tallied since it was last taken. */
  tally(now: Nanos): LoadTally {
    if (this.#since >= 0 && !this.#hasJustWoken(now)) {
      this.#end(now)
      this.#since = now
    }
    return { excusedNanos: this.#excusedNanos, steps: [...this.#steps].map(([step, tally]) => ({ step, ...tally })) }
  }

  /** As `tally`, and begins anew. */
  take(now: Nanos): LoadTally {
    const taken = this.tally(now)
    this.#steps = new Map()
    this.#at = -1
    this.#excusedNanos = 0
    return taken
  }

  #stepOf(due: Nanos): Step {
    const at = Math.floor((due - this.#originNanos) / SERIES_INTERVAL_NANOS)
    if (at !== this.#at) {
      this.#at = at
      const step = this.#steps.get(at) ?? emptyStep()
      this.#steps.set(at, step)
      this.#step = step
    }
    return this.#step
  }

  /** Whether it was this process's own doing. */
  #late(step: Step, due: Nanos, now: Nanos): boolean {
    const own = now - due - this.#excusedBetween(due, now)
    if (own <= this.#lateNanos) {
      step.excused++
      return false
    }
    step.late++
    step.ownLagNanos = Math.max(step.ownLagNanos, own)
    return true
  }

  #excusedBetween(from: Nanos, to: Nanos): Nanos {
    let nanos = this.#since < 0 ? 0 : Math.max(0, to - Math.max(from, this.#since))
    for (let index = this.#excused.length - 1; index >= 0; index--) {
      const { fromNanos, toNanos } = this.#excused[index]!
      if (toNanos <= from) break
      nanos += Math.max(0, Math.min(to, toNanos) - Math.max(from, fromNanos))
    }
    return nanos
  }

  #turn(now: Nanos): void {
    this.#gaps?.look(now)
    const isExcused = this.#full || this.#refused
    if (isExcused === this.#since >= 0) return
    if (isExcused) this.#since = now
    else {
      this.#end(now)
      this.#since = -1
    }
  }

  #end(now: Nanos): void {
    const from = this.#slept && !this.#hasJustWoken(now) ? this.#slept.fromNanos : this.#since
    this.#slept = undefined
    if (now <= from) return
    this.#excusedNanos += now - from
    const last = this.#excused.at(-1)
    // At the limit an operation ends, another begins, and it is full again: one stretch.
    if (last?.toNanos === from) last.toNanos = now
    else this.#excused.push({ fromNanos: from, toNanos: now })
    while (this.#excused.length > 1 && this.#excused[0]!.toNanos <= this.#due) this.#excused.shift()
  }

  /** This process stood still: what was excused until then stays, what it slept through shows by when there is room. */
  #cut({ fromNanos, toNanos }: Span): void {
    if (this.#since < 0) return
    const began = this.#slept && this.#hasJustWoken(fromNanos) ? this.#slept.fromNanos : Math.max(this.#since, fromNanos)
    if (began !== this.#slept?.fromNanos) this.#end(began)
    this.#slept = { fromNanos: began, toNanos }
    this.#since = toNanos
  }

  #hasJustWoken(now: Nanos): boolean {
    return this.#slept !== undefined && now - this.#slept.toNanos <= FOUND_WITHIN_NANOS
  }
}

function emptyStep(): Step {
  return { due: 0, began: 0, excused: 0, late: 0, omitted: 0, ownLagNanos: 0 }
}
