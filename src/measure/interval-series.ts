import type { Nanos } from '../runtime/runtime.ts'
import { MAX_CODES } from './code-counts.ts'
import { Histogram, type SparseHistogram } from './histogram.ts'
import { latencyOf } from './latency.ts'
import type { Latency, Series } from './run-result.ts'
import { OTHER_TEXT } from './text-dictionary.ts'

/** What is counted in every interval, beside latencies and errors by code. */
export const SERIES_COUNTERS = ['okReads', 'okWrites', 'failed', 'unknown', 'hits', 'misses', 'databaseReads', 'databaseWrites'] as const
export type SeriesCounter = (typeof SERIES_COUNTERS)[number]

/** Position of each counter within an interval's row, for `IntervalSeries.count`. */
export const COUNTER = Object.freeze(Object.fromEntries(SERIES_COUNTERS.map((counter, position) => [counter, position]))) as Readonly<
  Record<SeriesCounter, number>
>
const STRIDE = SERIES_COUNTERS.length

/** Survives structured cloning; `IntervalSeries.merge` takes it. */
export interface IntervalSeriesState {
  readonly length: number
  /** `SERIES_COUNTERS.length` numbers an interval. */
  readonly counts: Float64Array
  readonly errors: readonly (readonly [code: string, counts: Float64Array])[]
  readonly latencies: readonly (readonly [interval: number, histogram: SparseHistogram])[]
}

/** One interval, for live progress. */
export type IntervalFigures = Readonly<Record<SeriesCounter, number>> & {
  readonly p50Nanos: Nanos | null
  readonly p99Nanos: Nanos | null
  readonly maxNanos: Nanos | null
  readonly latency: Latency | undefined
}

/**
 * Counters and response times by interval since the cell began. Latencies of the interval under way go into one
 * dense histogram, which is kept sparse when the next interval begins: percentiles of several instances can only be
 * had by merging their histograms, never from their percentiles.
 */
export class IntervalSeries {
  readonly intervalNanos: Nanos
  #length = 0
  #capacity = 64
  /** One row an interval: a record touches one place in memory. */
  #counts: Float64Array = new Float64Array(64 * STRIDE)
  readonly #errors = new Map<string, Float64Array>()
  readonly #closed = new Map<number, SparseHistogram>()
  readonly #open = new Histogram()
  readonly #scratch = new Histogram()
  #openInterval = -1
  #openStart = 0
  #openEnd = 0

  constructor(intervalNanos: Nanos) {
    if (!(intervalNanos > 0)) throw new RangeError(`an interval of ${intervalNanos} ns`)
    this.intervalNanos = intervalNanos
  }

  /** The interval of an instant, for the calls below; makes room for it. */
  reach(at: Nanos): number {
    if (at >= this.#openStart && at < this.#openEnd) return this.#openInterval
    const interval = at > 0 ? Math.floor(at / this.intervalNanos) : 0
    if (interval >= this.#length) this.#ensure(interval + 1)
    return interval
  }

  /** `position`: one of `COUNTER`. */
  count(position: number, interval: number): void {
    this.#counts[interval * STRIDE + position]! += 1
  }

  error(code: string, interval: number): void {
    this.#errorCounts(code)[interval]! += 1
  }

  latency(nanos: Nanos, interval: number): void {
    if (interval !== this.#openInterval) this.#openAt(interval)
    this.#open.record(nanos)
  }

  /** Intervals seen so far. */
  get length(): number {
    return this.#length
  }

  /** What was counted in an interval; zeros where nothing happened. */
  counts(interval: number): Readonly<Record<SeriesCounter, number>> {
    const counts: Partial<Record<SeriesCounter, number>> = {}
    for (const counter of SERIES_COUNTERS) counts[counter] = this.#countOf(counter, interval)
    return counts as Record<SeriesCounter, number>
  }

  /** Zeros and nulls for an interval in which nothing happened. */
  figures(interval: number): IntervalFigures {
    const histogram = this.#histogram(interval)
    const figures: Record<string, unknown> = { ...latencyFigures(histogram), latency: histogram && latencyOf(histogram) }
    for (const counter of SERIES_COUNTERS) figures[counter] = this.#countOf(counter, interval)
    return figures as unknown as IntervalFigures
  }

  state(): IntervalSeriesState {
    this.#close()
    return {
      length: this.#length,
      counts: this.#counts.slice(0, this.#length * STRIDE),
      errors: [...this.#errors].map(([code, counts]) => [code, counts.slice(0, this.#length)] as const),
      latencies: [...this.#closed],
    }
  }

  merge(state: IntervalSeriesState): void {
    this.#close()
    this.#ensure(state.length)
    addInto(this.#counts, state.counts)
    for (const [code, counts] of state.errors) addInto(this.#errorCounts(code), counts)
    for (const [interval, histogram] of state.latencies) {
      const mine = this.#closed.get(interval)
      this.#closed.set(interval, mine ? mergedSparse(mine, histogram) : histogram)
    }
  }

  reset(): void {
    this.#counts.fill(0, 0, this.#length * STRIDE)
    this.#errors.clear()
    this.#closed.clear()
    this.#open.reset()
    this.#openInterval = -1
    this.#openStart = 0
    this.#openEnd = 0
    this.#length = 0
  }

  /** As run.json has it; at least as long as `untilNanos` takes, so that a cell that fell silent shows its silence. */
  toSeries(untilNanos: Nanos = 0): Series {
    const length = Math.max(this.#length, Math.ceil(untilNanos / this.intervalNanos))
    const every = <T>(of: (interval: number) => T) => Array.from({ length }, (_, interval) => of(interval))
    const counted = (counter: SeriesCounter) => every((interval) => this.#countOf(counter, interval))
    const latencies = every((interval) => latencyFigures(this.#histogram(interval)))
    return {
      intervalNanos: this.intervalNanos,
      okReads: counted('okReads'),
      okWrites: counted('okWrites'),
      failed: counted('failed'),
      unknown: counted('unknown'),
      p50Nanos: latencies.map(({ p50Nanos }) => p50Nanos),
      p99Nanos: latencies.map(({ p99Nanos }) => p99Nanos),
      maxNanos: latencies.map(({ maxNanos }) => maxNanos),
      hits: counted('hits'),
      misses: counted('misses'),
      databaseReads: counted('databaseReads'),
      databaseWrites: counted('databaseWrites'),
      errors: Object.fromEntries(
        [...this.#errors].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, counts]) => [code, every((interval) => counts[interval] ?? 0)]),
      ),
    }
  }

  #countOf(counter: SeriesCounter, interval: number): number {
    return interval < this.#length ? this.#counts[interval * STRIDE + COUNTER[counter]]! : 0
  }

  #ensure(length: number): void {
    if (length > this.#capacity) {
      while (this.#capacity < length) this.#capacity *= 2
      this.#counts = grown(this.#counts, this.#capacity * STRIDE)
      for (const [code, counts] of this.#errors) this.#errors.set(code, grown(counts, this.#capacity))
    }
    this.#length = Math.max(this.#length, length)
  }

  #errorCounts(code: string): Float64Array {
    let counts = this.#errors.get(code)
    if (counts) return counts
    if (this.#errors.size >= MAX_CODES - 1 && code !== OTHER_TEXT) return this.#errorCounts(OTHER_TEXT)
    counts = new Float64Array(this.#capacity)
    this.#errors.set(code, counts)
    return counts
  }

  /** Completions arrive in order of time nearly always; one that belongs to an interval already closed opens it again. */
  #openAt(interval: number): void {
    this.#close()
    const before = this.#closed.get(interval)
    if (before) this.#open.mergeSparse(before)
    this.#openInterval = interval
    this.#openStart = interval * this.intervalNanos
    this.#openEnd = this.#openStart + this.intervalNanos
  }

  #close(): void {
    if (this.#openInterval >= 0 && this.#open.count > 0) this.#closed.set(this.#openInterval, this.#open.toSparse())
    this.#open.reset()
    this.#openInterval = -1
    this.#openStart = 0
    this.#openEnd = 0
  }

  #histogram(interval: number): Histogram | undefined {
    if (interval === this.#openInterval) return this.#open
    const sparse = this.#closed.get(interval)
    if (!sparse) return undefined
    // Used before it is asked for again: a new one of this size for each interval is most of what a long series costs.
    const histogram = this.#scratch
    histogram.reset()
    histogram.mergeSparse(sparse)
    return histogram
  }
}

function latencyFigures(histogram: Histogram | undefined) {
  if (!histogram || histogram.count === 0) return { p50Nanos: null, p99Nanos: null, maxNanos: null }
  const [p50Nanos, p99Nanos] = histogram.percentilesNanos([50, 99]) as [Nanos, Nanos]
  return { p50Nanos, p99Nanos, maxNanos: histogram.maxNanos }
}

function mergedSparse(a: SparseHistogram, b: SparseHistogram): SparseHistogram {
  const histogram = new Histogram()
  histogram.mergeSparse(a)
  histogram.mergeSparse(b)
  return histogram.toSparse()
}

function addInto(mine: Float64Array, theirs: Float64Array): void {
  for (let interval = 0; interval < theirs.length; interval++) mine[interval]! += theirs[interval]!
}

function grown(from: Float64Array, capacity: number): Float64Array {
  const to = new Float64Array(capacity)
  to.set(from)
  return to
}
