import type { Nanos } from '../runtime/runtime.ts'
import { type CodeCounts, codeRecord, countCode } from './code-counts.ts'
import { Histogram, type SparseHistogram } from './histogram.ts'
import type { Layer, Status } from './history.ts'
import { latencyOf } from './latency.ts'
import type { ClassMeasurement } from './run-result.ts'

export type ClassKind = 'read' | 'write' | 'other'

/** Survives structured cloning; `ClassTally.merge` takes it. */
export interface ClassTallyState {
  readonly name: string
  readonly layer: Layer
  readonly kind: ClassKind
  readonly ok: number
  readonly fail: number
  readonly info: number
  readonly response: SparseHistogram
  readonly service: SparseHistogram
  readonly lag: SparseHistogram
  readonly punctual: SparseHistogram
  readonly punctualUntimed: number
  readonly errors: readonly (readonly [code: string, count: number])[]
}

/** What is measured of one class of operations: how they ended and how long they took. */
export class ClassTally {
  readonly name: string
  readonly layer: Layer
  readonly kind: ClassKind
  ok = 0
  fail = 0
  info = 0
  // Histograms of the operations that were sent later than due. A closed loop has none, an open one that keeps up
  // few, so `punctual` spares most records two of three histograms (and the cache lines they take).
  readonly #response = new Histogram()
  readonly #service = new Histogram()
  readonly #lag = new Histogram()
  /** Operations sent when due: response and service time are one, lag is 0. */
  readonly #punctual = new Histogram()
  #punctualUntimed = 0
  readonly errors: CodeCounts = new Map()

  constructor(name: string, layer: Layer, kind: ClassKind) {
    this.name = name
    this.layer = layer
    this.kind = kind
  }

  end(status: Status, errorCode: string): void {
    if (status === 'ok') this.ok++
    else if (status === 'fail') this.fail++
    else this.info++
    if (errorCode !== '') countCode(this.errors, errorCode)
  }

  /** An application operation's times; `timed` false: it took no time worth knowing (it failed, or never ended). */
  timeApp(due: Nanos, sent: Nanos, done: Nanos, timed: boolean): void {
    if (sent === due) {
      if (timed) this.#punctual.record(done - due)
      else this.#punctualUntimed++
      return
    }
    this.#lag.record(sent - due)
    if (!timed) return
    this.#response.record(done - due)
    this.#service.record(done - sent)
  }

  /** A call's service time. */
  timeCall(nanos: Nanos): void {
    this.#service.record(nanos)
  }

  /** Whether anything was sent later than due. */
  get lagged(): boolean {
    return this.#lag.count > 0
  }

  get total(): number {
    return this.ok + this.fail + this.info
  }

  state(): ClassTallyState {
    const { name, layer, kind, ok, fail, info } = this
    return {
      ...{ name, layer, kind, ok, fail, info },
      response: this.#response.toSparse(),
      service: this.#service.toSparse(),
      lag: this.#lag.toSparse(),
      punctual: this.#punctual.toSparse(),
      punctualUntimed: this.#punctualUntimed,
      errors: [...this.errors],
    }
  }

  merge(state: ClassTallyState): void {
    this.ok += state.ok
    this.fail += state.fail
    this.info += state.info
    this.#response.mergeSparse(state.response)
    this.#service.mergeSparse(state.service)
    this.#lag.mergeSparse(state.lag)
    this.#punctual.mergeSparse(state.punctual)
    this.#punctualUntimed += state.punctualUntimed
    for (const [code, count] of state.errors) countCode(this.errors, code, count)
  }

  reset(): void {
    this.ok = 0
    this.fail = 0
    this.info = 0
    this.#response.reset()
    this.#service.reset()
    this.#lag.reset()
    this.#punctual.reset()
    this.#punctualUntimed = 0
    this.errors.clear()
  }

  measurement(withLag: boolean): ClassMeasurement {
    const { name, layer, kind, ok, fail, info } = this
    const response = latencyOf(sumOf(this.#response, this.#punctual))
    const service = latencyOf(sumOf(this.#service, this.#punctual))
    const lag = withLag ? latencyOf(this.#lagOfAll()) : undefined
    return {
      ...{ name, layer, kind, ok, fail, info },
      ...(response && { response }),
      ...(service && { service }),
      ...(lag && { lag }),
      errors: codeRecord(this.errors),
    }
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
