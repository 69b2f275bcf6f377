import type { Nanos } from '../runtime/runtime.ts'
import { MAX_CODES } from './code-counts.ts'
import { Histogram, type SparseHistogram } from './histogram.ts'
import type { Series } from './run-result.ts'
import { OTHER_TEXT } from './text-dictionary.ts'

/** What is counted in every interval, beside latencies and errors by code. */
export const SERIES_COUNTERS = ['okReads', 'okWrites', 'failed', 'unknown', 'hits', 'misses', 'databaseReads', 'databaseWrites'] as const
export type SeriesCounter = (typeof SERIES_COUNTERS)[number]

/** Survives structured cloning; `IntervalSeries.merge` takes it. */
export interface IntervalSeriesState {
  readonly length: number
  readonly counters: Readonly<Record<SeriesCounter, Float64Array>>
  readonly errors: readonly (readonly [code: string, counts: Float64Array])[]
  readonly latencies: readonly (readonly [interval: number, histogram: SparseHistogram])[]
}

/** One interval, for live progress. */
export type IntervalFigures = Readonly<Record<SeriesCounter, number>> & {
  readonly p50Nanos: Nanos | null
  readonly p99Nanos: Nanos | null
  readonly maxNanos: Nanos | null
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
  readonly #counters: Record<SeriesCounter, Float64Array>
  readonly #errors = new Map<string, Float64Array>()
  readonly #closed = new Map<number, SparseHistogram>()
  readonly #open = new Histogram()
  #openInterval = -1
  #openStart = 0
  #openEnd = 0

  constructor(intervalNanos: Nanos) {
    if (!(intervalNanos > 0)) throw new RangeError(`an interval of ${intervalNanos} ns`)
    this.intervalNanos = intervalNanos
    this.#counters = blankCounters(this.#capacity)
  }

  count(counter: SeriesCounter, at: Nanos): void {
    const interval = this.#reach(at)
    this.#counters[counter][interval]! += 1
  }

  error(code: string, at: Nanos): void {
    const interval = this.#reach(at)
    this.#errorCounts(code)[interval]! += 1
  }

  latency(nanos: Nanos, at: Nanos): void {
    if (at < this.#openStart || at >= this.#openEnd) this.#openAt(this.#reach(at))
    this.#open.record(nanos)
  }

  /** Intervals seen so far. */
  get length(): number {
    return this.#length
  }

  /** Zeros and nulls for an interval in which nothing happened. */
  figures(interval: number): IntervalFigures {
    const histogram = this.#histogram(interval)
    const figures: Record<string, number | null> = { ...latencyFigures(histogram) }
    for (const counter of SERIES_COUNTERS) figures[counter] = interval < this.#length ? this.#counters[counter][interval]! : 0
    return figures as unknown as IntervalFigures
  }

  state(): IntervalSeriesState {
    this.#close()
    const counters: Record<string, Float64Array> = {}
    for (const counter of SERIES_COUNTERS) counters[counter] = this.#counters[counter].slice(0, this.#length)
    return {
      length: this.#length,
      counters: counters as Record<SeriesCounter, Float64Array>,
      errors: [...this.#errors].map(([code, counts]) => [code, counts.slice(0, this.#length)] as const),
      latencies: [...this.#closed],
    }
  }

  merge(state: IntervalSeriesState): void {
    this.#close()
    this.#ensure(state.length)
    for (const counter of SERIES_COUNTERS) addInto(this.#counters[counter], state.counters[counter])
    for (const [code, counts] of state.errors) addInto(this.#errorCounts(code), counts)
    for (const [interval, histogram] of state.latencies) {
      const mine = this.#closed.get(interval)
      this.#closed.set(interval, mine ? mergedSparse(mine, histogram) : histogram)
    }
  }

  reset(): void {
    for (const counter of SERIES_COUNTERS) this.#counters[counter].fill(0, 0, this.#length)
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
    const counted = (counts: Float64Array) => Array.from({ length }, (_, interval) => (interval < this.#length ? counts[interval]! : 0))
    const latencies = Array.from({ length }, (_, interval) => latencyFigures(this.#histogram(interval)))
    return {
      intervalNanos: this.intervalNanos,
      okReads: counted(this.#counters.okReads),
      okWrites: counted(this.#counters.okWrites),
      failed: counted(this.#counters.failed),
      unknown: counted(this.#counters.unknown),
      p50Nanos: latencies.map(({ p50Nanos }) => p50Nanos),
      p99Nanos: latencies.map(({ p99Nanos }) => p99Nanos),
      maxNanos: latencies.map(({ maxNanos }) => maxNanos),
      hits: counted(this.#counters.hits),
      misses: counted(this.#counters.misses),
      databaseReads: counted(this.#counters.databaseReads),
      databaseWrites: counted(this.#counters.databaseWrites),
      errors: Object.fromEntries([...this.#errors].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, counts]) => [code, counted(counts)])),
    }
  }

  #reach(at: Nanos): number {
    const interval = at > 0 ? Math.floor(at / this.intervalNanos) : 0
    if (interval >= this.#length) this.#ensure(interval + 1)
    return interval
  }

  #ensure(length: number): void {
    if (length > this.#capacity) {
      while (this.#capacity < length) this.#capacity *= 2
      for (const counter of SERIES_COUNTERS) this.#counters[counter] = grown(this.#counters[counter], this.#capacity)
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
    const histogram = new Histogram()
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

function blankCounters(capacity: number): Record<SeriesCounter, Float64Array> {
  return Object.fromEntries(SERIES_COUNTERS.map((counter) => [counter, new Float64Array(capacity)])) as Record<SeriesCounter, Float64Array>
}

function addInto(mine: Float64Array, theirs: Float64Array): void {
  for (let interval = 0; interval < theirs.length; interval++) mine[interval]! += theirs[interval]!
}

function grown(from: Float64Array, capacity: number): Float64Array {
  const to = new Float64Array(capacity)
  to.set(from)
  return to
}
