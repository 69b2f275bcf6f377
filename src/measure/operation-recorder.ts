import type { Nanos } from '../runtime/runtime.ts'
import type { ClassKind, ClassTallyState } from './class-tally.ts'
import type { Layer, Status } from './history.ts'
import { COUNTER, type IntervalFigures, IntervalSeries, type IntervalSeriesState, type SeriesCounter } from './interval-series.ts'
import { IntervalTallies, type IntervalTalliesState, type Span } from './interval-tallies.ts'
import type { ClassMeasurement, Series } from './run-result.ts'
import { type RecordedClass, TallySet, UNKNOWN_CLASSES } from './tally-set.ts'

export interface OperationRecorderOptions {
  /** Length of one step of the series: 100 ms or 1 s. */
  readonly intervalNanos: Nanos
  /** Classes of application operations, in the order of the report. */
  readonly classes: readonly RecordedClass[]
  /** Schedule lag is shown for an open loop, or wherever there was any. */
  readonly openLoop?: boolean
  /** Stretches of time will be left out afterwards: faults are planned. */
  readonly byInterval?: boolean
}

/** Everything recorded, for merging over processes. Survives structured cloning, not JSON. */
export interface OperationRecorderState {
  readonly intervalNanos: Nanos
  readonly tallies: readonly ClassTallyState[]
  readonly series: IntervalSeriesState
  readonly intervals?: IntervalTalliesState
}

export function createOperationRecorder(options: OperationRecorderOptions): OperationRecorder {
  return new OperationRecorder(options)
}

/**
 * The measuring half of the live recorder. Times are nanoseconds since the cell began.
 *
 * Histograms and counters take only operations that were due in a measured phase (`measured`), and calls of such; the
 * series take everything, so that warm-up is seen. Response and service times are those of operations that succeeded;
 * of one of unknown outcome (`info`) it is known how long it had waited, which is kept apart: percentiles are bounds
 * then. A definite failure is no latency; it is counted, and its code. An operation that was due and never began has
 * `sent` -1, one that never ended `done` -1; they count where they were sent, or due.
 *
 * Errors of calls stand in the series under "<layer> <code>", those of application operations under their code alone,
 * because a pattern may well answer in spite of a failing cache.
 *
 * Data plane: nothing is allocated per record once a class, an interval and a code are known. Measured (bench/
 * recorder.bench.ts, 2 cores of a shared machine): 30 ns an application operation, 16 ns a call, 30 ns a history row.
 */
export class OperationRecorder {
  readonly #options: OperationRecorderOptions
  readonly #tallies: TallySet
  readonly #intervals: IntervalTallies | undefined
  readonly #series: IntervalSeries
  readonly #hitsFromClasses: boolean
  readonly #classes: number
  /** Which counter an `ok` of each class adds to, and which one for the cache (-1: none). */
  readonly #okCounter: Int8Array
  readonly #cacheCounter: Int8Array
  #measuredEnd = Number.POSITIVE_INFINITY

  constructor(options: OperationRecorderOptions) {
    const classes = [...options.classes, ...UNKNOWN_CLASSES]
    this.#options = options
    this.#tallies = new TallySet(options.classes)
    this.#intervals = options.byInterval ? new IntervalTallies(options.classes, options.intervalNanos) : undefined
    this.#series = new IntervalSeries(options.intervalNanos)
    this.#classes = classes.length
    this.#okCounter = Int8Array.from(classes, ({ kind }) => (kind === 'write' ? COUNTER.okWrites : COUNTER.okReads))
    this.#cacheCounter = Int8Array.from(classes, ({ cache }) => (cache === undefined ? -1 : cache === 'hit' ? COUNTER.hits : COUNTER.misses))
    this.#hitsFromClasses = options.classes.some(({ cache }) => cache !== undefined)
  }

  /** What is answered after this instant counts for no rate. Known when the last measured phase begins. */
  endMeasuredAt(at: Nanos): void {
    this.#measuredEnd = at
  }

  /** An application operation. `position`: of its class, those of `UNKNOWN_CLASSES` behind the declared. `errorCode` "" for none. */
  recordApp(position: number, due: Nanos, sent: Nanos, done: Nanos, status: Status, errorCode: string, measured = true): void {
    if (!(position >= 0 && position < this.#classes)) throw new RangeError(`there is no class at position ${position}`)
    const series = this.#series
    const interval = series.reach(done >= 0 ? done : sent >= 0 ? sent : due)
    if (status === 'ok') {
      series.count(this.#okCounter[position]!, interval)
      const cacheCounter = this.#cacheCounter[position]!
      if (cacheCounter >= 0) series.count(cacheCounter, interval)
    } else {
      series.count(status === 'fail' ? COUNTER.failed : COUNTER.unknown, interval)
    }
    if (errorCode !== '') series.error(errorCode, interval)
    if (done >= 0 && status !== 'fail') series.latency(done - due, interval)

    if (!measured) return
    this.#tallies.app(position, due, sent, done, status, errorCode, this.#measuredEnd)
    this.#intervals?.app(position, due, sent, done, status, errorCode, this.#measuredEnd)
  }

  /** A call below an application operation. `outcome` as in the history ("hit", "miss", "stored"). */
  recordCall(
    layer: Exclude<Layer, 'app'>,
    fn: string,
    kind: ClassKind,
    sent: Nanos,
    done: Nanos,
    status: Status,
    errorCode: string,
    outcome: string,
    measured = true,
  ): void {
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

    if (!measured) return
    this.#tallies.call(layer, fn, kind, sent, done, status, errorCode, this.#measuredEnd)
    this.#intervals?.call(layer, fn, kind, sent, done, status, errorCode, this.#measuredEnd)
  }

  /** `endNanos`: when the load ended, and with it the wait of those that never heard of an outcome. */
  classMeasurements(endNanos: Nanos): ClassMeasurement[] {
    return this.#tallies.measurements(this.#options.openLoop === true, endNanos)
  }

  /** As `classMeasurements`, of what lies wholly outside these stretches. Needs `byInterval`. */
  measurementsOutside(spans: readonly Span[], endNanos: Nanos): ClassMeasurement[] {
    if (!this.#intervals) throw new Error('this recorder keeps no intervals')
    return this.#intervals.outside(spans).measurements(this.#options.openLoop === true, endNanos)
  }

  /** At least as long as `untilNanos` (the cell's duration) takes. */
  series(untilNanos: Nanos = 0): Series {
    return this.#series.toSeries(untilNanos)
  }

  /** What was counted in a step of the series. */
  stepCounts(step: number): Readonly<Record<SeriesCounter, number>> {
    return this.#series.counts(step)
  }

  /** Figures of the interval that `at` lies in, for live progress. */
  intervalAt(at: Nanos): IntervalFigures {
    return this.#series.figures(Math.max(0, Math.floor(at / this.#options.intervalNanos)))
  }

  state(): OperationRecorderState {
    return {
      intervalNanos: this.#options.intervalNanos,
      tallies: this.#tallies.states(),
      series: this.#series.state(),
      ...(this.#intervals && { intervals: this.#intervals.state() }),
    }
  }

  /** The state since the last `take`, and begins anew: sent each second, little is lost when an instance is killed. */
  take(): OperationRecorderState {
    const state = this.state()
    this.#tallies.reset()
    this.#series.reset()
    this.#intervals?.reset()
    return state
  }

  /** Adds what another recorder of the same options recorded: the same as having recorded it all here. */
  merge(state: OperationRecorderState): void {
    if (state.intervalNanos !== this.#options.intervalNanos) {
      throw new RangeError(`intervals of ${state.intervalNanos} ns can't be merged into intervals of ${this.#options.intervalNanos} ns`)
    }
    this.#tallies.merge(state.tallies)
    this.#series.merge(state.series)
    if (state.intervals) this.#intervals?.merge(state.intervals)
  }
}
