import type { Nanos } from '../runtime/runtime.ts'
import { type CodeCounts, codeRecord, countCode } from './code-counts.ts'
import { Histogram, type SparseHistogram } from './histogram.ts'
import type { Layer, Status } from './history.ts'
import { InstantList } from './instant-list.ts'
import { latencyOf } from './latency.ts'
import type { ClassMeasurement } from './run-result.ts'

export type ClassKind = 'read' | 'write' | 'other'

/** What a class is, beside its counts. */
export interface TallyIdentity {
  readonly name: string
  readonly layer: Layer
  readonly kind: ClassKind
  /** Counts into the hit ratio. */
  readonly cache?: 'hit' | 'miss'
  /** Served in spite of a cache that refused. */
  readonly degraded?: boolean
}

/** Survives structured cloning; `ClassTally.merge` takes it. */
export interface ClassTallyState extends TallyIdentity {
  readonly ok: number
  readonly inTime: number
  readonly fail: number
  readonly info: number
  readonly unstarted: number
  readonly response: SparseHistogram
  readonly service: SparseHistogram
  readonly lag: SparseHistogram
  readonly punctual: SparseHistogram
  readonly punctualUntimed: number
  readonly waited: SparseHistogram
  /** When those began to wait that never heard of an outcome. */
  readonly waiting: Float64Array
  readonly errors: readonly (readonly [code: string, count: number])[]
}

/**
 * What is measured of one class of operations: how they ended, how long those took that succeeded, and how long those
 * had waited of which nobody knows the outcome. A definite failure took no time worth knowing.
 */
export class ClassTally {
  readonly identity: TallyIdentity
  ok = 0
  /** Of `ok`: answered before the measured time was over. */
  inTime = 0
  fail = 0
  info = 0
  /** Of `info`: due, and never begun. */
  unstarted = 0
  // Histograms of the operations that were sent later than due. A closed loop has none, an open one that keeps up
  // few, so `punctual` spares most records two of three histograms (and the cache lines they take).
  readonly #response = new Histogram()
  readonly #service = new Histogram()
  readonly #lag = new Histogram()
  /** Operations sent when due: response and service time are one, lag is 0. */
  readonly #punctual = new Histogram()
  #punctualUntimed = 0
  readonly #waited = new Histogram()
  readonly #waiting = new InstantList()
  readonly errors: CodeCounts = new Map()

  constructor(identity: TallyIdentity) {
    this.identity = identity
  }

  /** An operation of the application. `sent` -1: it never began; `done` -1: it never ended. */
  app(due: Nanos, sent: Nanos, done: Nanos, status: Status, errorCode: string, measuredEnd: Nanos): void {
    if (sent < 0) this.unstarted++
    this.#end(status, done, errorCode, measuredEnd)
    const timed = status === 'ok' && done >= 0
    if (!timed) this.#wait(status, due, done)
    if (sent === due) {
      if (timed) this.#punctual.record(done - due)
      else this.#punctualUntimed++
    } else if (sent >= 0) {
      this.#lag.record(sent - due)
      if (!timed) return
      this.#response.record(done - due)
      this.#service.record(done - sent)
    }
  }

  /** A call below an operation. */
  call(sent: Nanos, done: Nanos, status: Status, errorCode: string, measuredEnd: Nanos): void {
    this.#end(status, done, errorCode, measuredEnd)
    if (status === 'ok' && done >= 0) this.#service.record(done - sent)
    else this.#wait(status, sent, done)
  }

  /** Whether anything was sent later than due. */
  get lagged(): boolean {
    return this.#lag.count > 0
  }

  get total(): number {
    return this.ok + this.fail + this.info
  }

  state(): ClassTallyState {
    const { ok, inTime, fail, info, unstarted } = this
    return {
      ...this.identity,
      ...{ ok, inTime, fail, info, unstarted },
      response: this.#response.toSparse(),
      service: this.#service.toSparse(),
      lag: this.#lag.toSparse(),
      punctual: this.#punctual.toSparse(),
      punctualUntimed: this.#punctualUntimed,
      waited: this.#waited.toSparse(),
      waiting: this.#waiting.toArray(),
      errors: [...this.errors],
    }
  }

  merge(state: ClassTallyState): void {
    this.ok += state.ok
    this.inTime += state.inTime
    this.fail += state.fail
    this.info += state.info
    this.unstarted += state.unstarted
    this.#response.mergeSparse(state.response)
    this.#service.mergeSparse(state.service)
    this.#lag.mergeSparse(state.lag)
    this.#punctual.mergeSparse(state.punctual)
    this.#punctualUntimed += state.punctualUntimed
    this.#waited.mergeSparse(state.waited)
    for (const instant of state.waiting) this.#waiting.add(instant)
    for (const [code, count] of state.errors) countCode(this.errors, code, count)
  }

  reset(): void {
    this.ok = 0
    this.inTime = 0
    this.fail = 0
    this.info = 0
    this.unstarted = 0
    this.#response.reset()
    this.#service.reset()
    this.#lag.reset()
    this.#punctual.reset()
    this.#punctualUntimed = 0
    this.#waited.reset()
    this.#waiting.clear()
    this.errors.clear()
  }

  /** `endNanos`: when the load ended, and with it the wait of those that never heard of an outcome. */
  measurement(withLag: boolean, endNanos: Nanos): ClassMeasurement {
    const { ok, inTime, fail, info, unstarted } = this
    const response = this.identity.layer === 'app' ? latencyOf(sumOf(this.#response, this.#punctual)) : undefined
    const service = latencyOf(sumOf(this.#service, this.#punctual))
    const lag = withLag ? latencyOf(this.#lagOfAll()) : undefined
    const waited = latencyOf(this.#waitedUntil(endNanos))
    return {
      ...this.identity,
      ...{ ok, inTime, fail, info, unstarted },
      ...(response && { response }),
      ...(service && { service }),
      ...(lag && { lag }),
      ...(waited && { waited }),
      errors: codeRecord(this.errors),
    }
  }

  #end(status: Status, done: Nanos, errorCode: string, measuredEnd: Nanos): void {
    if (status === 'ok') {
      this.ok++
      if (done <= measuredEnd) this.inTime++
    } else if (status === 'fail') this.fail++
    else this.info++
    if (errorCode !== '') countCode(this.errors, errorCode)
  }

  #wait(status: Status, since: Nanos, done: Nanos): void {
    if (status === 'fail') return
    if (done >= 0) this.#waited.record(done - since)
    else this.#waiting.add(since)
  }

  #waitedUntil(endNanos: Nanos): Histogram {
    if (this.#waiting.length === 0) return this.#waited
    const all = this.#waited.copy()
    this.#waiting.forEach((since) => {
      all.record(Math.max(0, endNanos - since))
    })
    return all
  }

  #lagOfAll(): Histogram {
    const all = this.#lag.copy()
    all.recordTimes(0, this.#punctual.count + this.#punctualUntimed)
    return all
  }
}

function sumOf(a: Histogram, b: Histogram): Histogram {
  const sum = a.copy()
  sum.merge(b)
  return sum
}
