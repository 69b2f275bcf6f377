import type { Nanos } from '../runtime/runtime.ts'
import { type ClassKind, ClassTally, type ClassTallyState, type TallyIdentity } from './class-tally.ts'
import { LAYERS, type Layer, type Status } from './history.ts'
import type { ClassMeasurement } from './run-result.ts'

/** A class of the application's operations, as a pattern declares it. */
export interface RecordedClass {
  readonly name: string
  readonly kind: 'read' | 'write'
  /** Counts into the hit ratio. When no class says so, the outcomes of cache reads do ("hit", "miss"). */
  readonly cache?: 'hit' | 'miss'
  /** Served in spite of a cache that refused. */
  readonly degraded?: boolean
}

/**
 * Classes of operations that ended, or never began, before they showed what they were: a read that would have been a
 * hit or a miss. They count for the percentiles and errors of their kind. Behind the declared ones, in this order.
 */
export const UNKNOWN_CLASSES: readonly RecordedClass[] = [
  { name: 'read unknown', kind: 'read' },
  { name: 'write unknown', kind: 'write' },
]

/** The tallies of a stretch of time: one for each class of the application, and one for each kind of call under them. */
export class TallySet {
  readonly #app: readonly ClassTally[]
  readonly #calls: Readonly<Record<Layer, Map<string, ClassTally>>> = { app: new Map(), cache: new Map(), database: new Map(), probe: new Map() }
  readonly #declared: number

  constructor(classes: readonly RecordedClass[]) {
    this.#app = [...classes, ...UNKNOWN_CLASSES].map(identityOf)
    this.#declared = classes.length
  }

  /** `position`: of the class, the unknown ones behind the declared. */
  app(position: number, due: Nanos, sent: Nanos, done: Nanos, status: Status, errorCode: string, measuredEnd: Nanos): void {
    this.#app[position]!.app(due, sent, done, status, errorCode, measuredEnd)
  }

  call(layer: Layer, fn: string, kind: ClassKind, sent: Nanos, done: Nanos, status: Status, errorCode: string, measuredEnd: Nanos): void {
    this.#callTally(layer, fn, kind).call(sent, done, status, errorCode, measuredEnd)
  }

  /** Declared classes first, in their order, also those of which there were none; then calls by layer and name. */
  measurements(openLoop: boolean, endNanos: Nanos): ClassMeasurement[] {
    const withLag = openLoop || this.#app.some(({ lagged }) => lagged)
    const app = this.#app.filter(({ total }, position) => position < this.#declared || total > 0)
    return [...app, ...this.#callTallies()].map((tally) => tally.measurement(withLag && tally.identity.layer === 'app', endNanos))
  }

  /** Of the classes of which there was something. */
  states(): ClassTallyState[] {
    return [...this.#app, ...this.#callTallies()].filter(({ total }) => total > 0).map((tally) => tally.state())
  }

  merge(states: readonly ClassTallyState[]): void {
    for (const state of states) this.#tallyOf(state).merge(state)
  }

  reset(): void {
    for (const tally of this.#app) tally.reset()
    for (const tally of this.#callTallies()) tally.reset()
  }

  #tallyOf({ layer, name, kind }: ClassTallyState): ClassTally {
    if (layer !== 'app') return this.#callTally(layer, name, kind)
    const tally = this.#app.find(({ identity }) => identity.name === name)
    if (!tally) throw new RangeError(`the class "${name}" is not one of this recorder's`)
    return tally
  }

  #callTally(layer: Layer, fn: string, kind: ClassKind): ClassTally {
    const tallies = this.#calls[layer]
    let tally = tallies.get(fn)
    if (!tally) {
      tally = new ClassTally({ name: fn, layer, kind })
      tallies.set(fn, tally)
    }
    return tally
  }

  #callTallies(): ClassTally[] {
    return LAYERS.flatMap((layer) => [...this.#calls[layer].values()].sort((a, b) => (a.identity.name < b.identity.name ? -1 : 1)))
  }
}

function identityOf({ name, kind, cache, degraded }: RecordedClass): ClassTally {
  const identity: TallyIdentity = { name, layer: 'app', kind, ...(cache && { cache }), ...(degraded && { degraded }) }
  return new ClassTally(identity)
}
