import type { Nanos } from '../runtime/runtime.ts'
import type { ClassKind, ClassTallyState } from './class-tally.ts'
import type { Layer, Status } from './history.ts'
import { type RecordedClass, TallySet } from './tally-set.ts'

/** A stretch of a cell's time, nanoseconds since it began; the end is not part of it. */
export interface Span {
  readonly fromNanos: Nanos
  readonly toNanos: Nanos
}

/** Survives structured cloning; `IntervalTallies.merge` takes it. */
export interface IntervalTalliesState {
  readonly intervals: readonly (readonly [interval: number, states: readonly ClassTallyState[]])[]
  readonly spanning: readonly Spanning[]
}

/** What began in one interval and ended in another, or never. */
type Spanning = {
  readonly since: Nanos
  readonly sent: Nanos
  readonly done: Nanos
  readonly status: Status
  readonly errorCode: string
  readonly measuredEnd: Nanos
} & ({ readonly layer: 'app'; readonly position: number } | { readonly layer: Exclude<Layer, 'app'>; readonly fn: string; readonly kind: ClassKind })

/**
 * Tallies interval by interval, so that stretches of time can be left out afterwards: when a fault is over is only
 * known when the run is. Only cells with faults pay for it. An operation is left out when any part of it, from due to
 * done, lies in an interval that is left out; those that span intervals are therefore kept one by one.
 */
export class IntervalTallies {
  readonly #classes: readonly RecordedClass[]
  readonly #intervalNanos: Nanos
  readonly #open: TallySet
  #openInterval = -1
  readonly #closed = new Map<number, ClassTallyState[]>()
  #spanning: Spanning[] = []

  constructor(classes: readonly RecordedClass[], intervalNanos: Nanos) {
    this.#classes = classes
    this.#intervalNanos = intervalNanos
    this.#open = new TallySet(classes)
  }

  app(position: number, due: Nanos, sent: Nanos, done: Nanos, status: Status, errorCode: string, measuredEnd: Nanos): void {
    if (this.#within(due, done)) this.#open.app(position, due, sent, done, status, errorCode, measuredEnd)
    else this.#spanning.push({ layer: 'app', position, since: due, sent, done, status, errorCode, measuredEnd })
  }

  call(
    layer: Exclude<Layer, 'app'>,
    fn: string,
    kind: ClassKind,
    sent: Nanos,
    done: Nanos,
    status: Status,
    errorCode: string,
    measuredEnd: Nanos,
  ): void {
    if (this.#within(sent, done)) this.#open.call(layer, fn, kind, sent, done, status, errorCode, measuredEnd)
    else this.#spanning.push({ layer, fn, kind, since: sent, sent, done, status, errorCode, measuredEnd })
  }

  /** Everything that lies wholly outside these stretches, rounded out to whole intervals. */
  outside(spans: readonly Span[]): TallySet {
    this.#close()
    const isOut = (from: number, to: number) =>
      spans.some(({ fromNanos, toNanos }) => from < Math.ceil(toNanos / this.#intervalNanos) && to >= Math.floor(fromNanos / this.#intervalNanos))
    const kept = new TallySet(this.#classes)
    for (const [interval, states] of this.#closed) if (!isOut(interval, interval)) kept.merge(states)
    for (const one of this.#spanning) {
      const until = one.done < 0 ? Number.POSITIVE_INFINITY : this.#intervalOf(one.done)
      if (isOut(this.#intervalOf(one.since), until)) continue
      const { sent, done, status, errorCode, measuredEnd } = one
      if (one.layer === 'app') kept.app(one.position, one.since, sent, done, status, errorCode, measuredEnd)
      else kept.call(one.layer, one.fn, one.kind, sent, done, status, errorCode, measuredEnd)
    }
    return kept
  }

  state(): IntervalTalliesState {
    this.#close()
    return { intervals: [...this.#closed], spanning: this.#spanning }
  }

  merge({ intervals, spanning }: IntervalTalliesState): void {
    this.#close()
    for (const [interval, states] of intervals) this.#closed.set(interval, [...(this.#closed.get(interval) ?? []), ...states])
    for (const one of spanning) this.#spanning.push(one)
  }

  reset(): void {
    this.#open.reset()
    this.#openInterval = -1
    this.#closed.clear()
    this.#spanning = []
  }

  #within(since: Nanos, done: Nanos): boolean {
    if (done < 0) return false
    const interval = this.#intervalOf(done)
    if (interval !== this.#intervalOf(since)) return false
    if (interval !== this.#openInterval) {
      this.#close()
      this.#openInterval = interval
    }
    return true
  }

  #intervalOf(at: Nanos): number {
    return Math.max(0, Math.floor(at / this.#intervalNanos))
  }

  #close(): void {
    if (this.#openInterval < 0) return
    const states = this.#open.states()
    if (states.length > 0) this.#closed.set(this.#openInterval, [...(this.#closed.get(this.#openInterval) ?? []), ...states])
    this.#open.reset()
    this.#openInterval = -1
  }
}

/** The spans rounded out to whole intervals, put together where they touch, and cut to where there is time. */
export function wholeIntervals(spans: readonly Span[], intervalNanos: Nanos, endNanos: Nanos): Span[] {
  const rounded = spans
    .map(({ fromNanos, toNanos }) => ({
      fromNanos: Math.floor(fromNanos / intervalNanos) * intervalNanos,
      toNanos: Math.min(endNanos, Math.ceil(toNanos / intervalNanos) * intervalNanos),
    }))
    .filter(({ fromNanos, toNanos }) => toNanos > fromNanos)
    .sort((a, b) => a.fromNanos - b.fromNanos)
  const joined: Span[] = []
  for (const span of rounded) {
    const last = joined.at(-1)
    if (last && span.fromNanos <= last.toNanos)
      joined[joined.length - 1] = { fromNanos: last.fromNanos, toNanos: Math.max(last.toNanos, span.toNanos) }
    else joined.push(span)
  }
  return joined
}
