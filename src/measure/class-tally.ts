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
  readonly response = new Histogram()
  readonly service = new Histogram()
  readonly lag = new Histogram()
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

  get total(): number {
    return this.ok + this.fail + this.info
  }

  state(): ClassTallyState {
    const { name, layer, kind, ok, fail, info } = this
    return {
      ...{ name, layer, kind, ok, fail, info },
      response: this.response.toSparse(),
      service: this.service.toSparse(),
      lag: this.lag.toSparse(),
      errors: [...this.errors],
    }
  }

  merge(state: ClassTallyState): void {
    this.ok += state.ok
    this.fail += state.fail
    this.info += state.info
    this.response.mergeSparse(state.response)
    this.service.mergeSparse(state.service)
    this.lag.mergeSparse(state.lag)
    for (const [code, count] of state.errors) countCode(this.errors, code, count)
  }

  reset(): void {
    this.ok = 0
    this.fail = 0
    this.info = 0
    this.response.reset()
    this.service.reset()
    this.lag.reset()
    this.errors.clear()
  }

  measurement(withLag: boolean): ClassMeasurement {
    const { name, layer, kind, ok, fail, info } = this
    const response = latencyOf(this.response)
    const service = latencyOf(this.service)
    const lag = withLag ? latencyOf(this.lag) : undefined
    return {
      ...{ name, layer, kind, ok, fail, info },
      ...(response && { response }),
      ...(service && { service }),
      ...(lag && { lag }),
      errors: codeRecord(this.errors),
    }
  }
}
