import type { Nanos } from '../runtime/runtime.ts'
import { type ClassKind, ClassTally, type ClassTallyState } from './class-tally.ts'
import type { Layer, Status } from './history.ts'
import { LAYERS } from './history.ts'
import { COUNTER, type IntervalFigures, IntervalSeries, type IntervalSeriesState } from './interval-series.ts'
import type { ClassMeasurement, Series } from './run-result.ts'

export interface OperationRecorderOptions {
  /** Length of one step of the series: 100 ms or 1 s. */
  readonly intervalNanos: Nanos
  /** Classes of application operations, in the order of the report. */
  readonly classes: readonly RecordedClass[]
  /** Schedule lag is shown for an open loop, or wherever there was any. */
  readonly openLoop?: boolean
}

export interface RecordedClass {
  readonly name: string
  readonly kind: 'read' | 'write'
  /** Counts into the hit ratio. When no class says so, the outcomes of cache reads do ("hit", "miss"). */
  readonly cache?: 'hit' | 'miss'
}

/** Everything recorded, for merging over processes. Survives structured cloning, not JSON. */
export interface OperationRecorderState {
  readonly intervalNanos: Nanos
  readonly tallies: readonly ClassTallyState[]
  readonly series: IntervalSeriesState
}

/** The class of operations that ended before they showed what they were. Present only where there are any. */
export const UNFINISHED_CLASS = 'unfinished'

export function createOperationRecorder(options: OperationRecorderOptions): OperationRecorder {
  return new OperationRecorder(options)
}

/**
 * The measuring half of the live recorder. Times are nanoseconds since the cell began.
 *
 * Histograms and counters take only what ends while `setMeasured(true)`; the series take everything, so that warm-up
 * is seen. Latencies are those of operations that ended `ok`, and of those of unknown outcome (`info`) with the time
 * after which they were given up: whoever waited, waited at least that long. A definite failure is no latency; it is
 * counted, and its code. An operation that never ended (`done` < 0) counts where it was sent.
 *
 * Errors of calls stand in the series under "<layer> <code>", those of application operations under their code alone,
 * because a pattern may well answer in spite of a failing cache.
 *
 * Data plane: nothing is allocated per record once a class, an interval and a code are known. Measured (bench/
 * recorder.bench.ts, 2 cores of a shared machine): 30 ns an application operation, 16 ns a call, 30 ns a history row.
 */
export class OperationRecorder {
  readonly #options: OperationRecorderOptions
  readonly #app: readonly ClassTally[]
  readonly #calls: Readonly<Record<Layer, Map<string, ClassTally>>> = { app: new Map(), cache: new Map(), database: new Map(), probe: new Map() }
  readonly #series: IntervalSeries
  readonly #hitsFromClasses: boolean
  /** Position of the unfinished class, after the declared ones. */
  readonly #unfinished: number
  /** Which counter an `ok` of each class adds to, and which one for the cache (-1: none). */
  readonly #okCounter: Int8Array
  readonly #cacheCounter: Int8Array
  #measured = true

  constructor(options: OperationRecorderOptions) {
    this.#options = options
    this.#app = [...options.classes.map(({ name, kind }) => new ClassTally(name, 'app', kind)), new ClassTally(UNFINISHED_CLASS, 'app', 'other')]
    this.#series = new IntervalSeries(options.intervalNanos)
    this.#unfinished = options.classes.length
    this.#okCounter = Int8Array.from(this.#app, ({ kind }) => (kind === 'write' ? COUNTER.okWrites : COUNTER.okReads))
    this.#cacheCounter = Int8Array.from(this.#app, (_, position) => cacheCounterOf(options.classes[position]))
    this.#hitsFromClasses = options.classes.some(({ cache }) => cache !== undefined)
  }

  /** False during warm-up. True at first. */
  setMeasured(measured: boolean): void {
    this.#measured = measured
  }

  /** An application operation. `classIndex` -1: it never ended. `errorCode` "" for none. */
  recordApp(classIndex: number, due: Nanos, sent: Nanos, done: Nanos, status: Status, errorCode: string): void {
    const series = this.#series
    const interval = series.reach(done < 0 ? sent : done)
    const position = classIndex >= 0 && classIndex < this.#unfinished ? classIndex : this.#unfinished
    if (status === 'ok') {
      series.count(this.#okCounter[position]!, interval)
      const cacheCounter = this.#cacheCounter[position]!
      if (cacheCounter >= 0) series.count(cacheCounter, interval)
    } else {
      series.count(status === 'fail' ? COUNTER.failed : COUNTER.unknown, interval)
    }
    if (errorCode !== '') series.error(errorCode, interval)
    const timed = done >= 0 && status !== 'fail'
    if (timed) series.latency(done - due, interval)

    if (!this.#measured) return
    const tally = this.#app[position]!
    tally.end(status, errorCode)
    tally.timeApp(due, sent, done, timed)
  }

  /** A call below an application operation. `outcome` as in the history ("hit", "miss", "stored"). */
  recordCall(layer: Layer, fn: string, kind: ClassKind, sent: Nanos, done: Nanos, status: Status, errorCode: string, outcome: string): void {
    const series = this.#series
    const interval = series.reach(done < 0 ? sent : done)
    if (layer === 'database') {
      // Whatever came of it, the database had the work.
      series.count(kind === 'read' ? COUNTER.databaseReads : COUNTER.databaseWrites, interval)
    } else if (layer === 'cache' && !this.#hitsFromClasses) {
      if (outcome === 'hit') series.count(COUNTER.hits, interval)
      else if (outcome === 'miss') series.count(COUNTER.misses, interval)
    }
    if (errorCode !== '') series.error(`${layer} ${errorCode}`, interval)

    if (!this.#measured) return
    const tally = this.#callTally(layer, fn, kind)
    tally.end(status, errorCode)
    if (done >= 0 && status !== 'fail') tally.timeCall(done - sent)
  }

  /** Declared classes first, in their order, also those of which there were none; then calls by layer and name. */
  classMeasurements(): ClassMeasurement[] {
    const withLag = this.#options.openLoop === true || this.#app.some(({ lagged }) => lagged)
    const app = this.#app.filter(({ name, total }) => name !== UNFINISHED_CLASS || total > 0)
    return [...app, ...this.#callTallies()].map((tally) => tally.measurement(withLag && tally.layer === 'app'))
  }

  /** At least as long as `untilNanos` (the cell's duration) takes. */
  series(untilNanos: Nanos = 0): Series {
    return this.#series.toSeries(untilNanos)
  }

  /** Figures of the interval that `at` lies in, for live progress. */
  intervalAt(at: Nanos): IntervalFigures {
    return this.#series.figures(Math.max(0, Math.floor(at / this.#options.intervalNanos)))
  }

  state(): OperationRecorderState {
    return {
      intervalNanos: this.#options.intervalNanos,
      tallies: [...this.#app, ...this.#callTallies()].map((tally) => tally.state()),
      series: this.#series.state(),
    }
  }

  /** The state since the last `take`, and begins anew: sent each second, little is lost when an instance is killed. */
  take(): OperationRecorderState {
    const state = this.state()
    for (const tally of this.#app) tally.reset()
    for (const tally of this.#callTallies()) tally.reset()
    this.#series.reset()
    return state
  }

  /** Adds what another recorder of the same options recorded: the same as having recorded it all here. */
  merge(state: OperationRecorderState): void {
    if (state.intervalNanos !== this.#options.intervalNanos) {
      throw new RangeError(`intervals of ${state.intervalNanos} ns can't be merged into intervals of ${this.#options.intervalNanos} ns`)
    }
    for (const tally of state.tallies) this.#tallyOf(tally).merge(tally)
    this.#series.merge(state.series)
  }

  #tallyOf({ layer, name, kind }: ClassTallyState): ClassTally {
    if (layer !== 'app') return this.#callTally(layer, name, kind)
    const tally = this.#app.find((known) => known.name === name)
    if (!tally) throw new RangeError(`the class "${name}" is not one of this recorder's`)
    return tally
  }

  #callTally(layer: Layer, fn: string, kind: ClassKind): ClassTally {
    const tallies = this.#calls[layer]
    let tally = tallies.get(fn)
    if (!tally) {
      tally = new ClassTally(fn, layer, kind)
      tallies.set(fn, tally)
    }
    return tally
  }

  #callTallies(): ClassTally[] {
    return LAYERS.flatMap((layer) => [...this.#calls[layer].values()].sort((a, b) => (a.name < b.name ? -1 : 1)))
  }
}

function cacheCounterOf(declared: RecordedClass | undefined): number {
  if (declared?.cache === 'hit') return COUNTER.hits
  return declared?.cache === 'miss' ? COUNTER.misses : -1
}
