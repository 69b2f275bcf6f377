import { FirstBeyond } from './first-beyond.ts'
import type { KeyFreshness, ReadOfVersion, StaleReads } from './freshness.ts'

interface Write {
  readonly startNanos: number
  /** Infinity when it is not known whether, or when, it took effect. */
  readonly endNanos: number
}

/**
 * One key whose values are told apart and no more (someone else's history, without a database's versions): only real
 * time orders its writes, and of two that were under way together either may be the newer. A read is stale for certain
 * when it began after the acknowledgement of a write that had begun after the write of what it returned was over. By
 * this definition a write of unknown outcome makes nothing stale. Of a value that was written twice nothing is said.
 */
export class IntervalFreshness implements KeyFreshness {
  readonly #key: number
  readonly #all: StaleReads
  /** By value; undefined: written more than once. */
  readonly #writes = new Map<number, Write | undefined>()
  readonly #acknowledged = new FirstBeyond()
  readonly #reads: ReadOfVersion[] = []
  #valuesUnknown = false
  #cached: { readonly version: number; readonly sentNanos: number } | undefined

  constructor(key: number, all: StaleReads) {
    this.#key = key
    this.#all = all
  }

  committed(version: number, sentNanos: number, doneNanos: number, op: number): void {
    this.#acknowledged.add(sentNanos, doneNanos, op)
    this.#written(version, { startNanos: sentNanos, endNanos: doneNanos })
  }

  uncertain(version: number): void {
    if (Number.isNaN(version)) this.#valuesUnknown = true
    else this.#written(version, { startNanos: Number.NEGATIVE_INFINITY, endNanos: Number.POSITIVE_INFINITY })
  }

  read(read: ReadOfVersion): void {
    this.#reads.push({ ...read })
  }

  seen(): void {}

  readBackCached(version: number, sentNanos: number): void {
    this.#cached = { version, sentNanos }
  }

  readBackCommitted(): void {}

  finish(): void {
    const staleReadsOf = new Map<number, number>()
    for (const read of this.#reads) {
      const endNanos = this.#endOfWrite(read.version)
      if (endNanos === undefined) continue
      this.#all.judgedReads++
      if (this.#acknowledged.length > 0 && this.#acknowledged.timeOf(0) < read.sentNanos) this.#all.refutableReads++
      const entry = this.#firstAfter(endNanos, read.sentNanos)
      if (entry < 0) continue
      const newer = { doneNanos: this.#acknowledged.timeOf(entry), op: this.#acknowledged.operationOf(entry), fn: 'write' } as const
      this.#all.stale(read, { ...newer, version: this.#versionBegunAt(this.#acknowledged.placeOf(entry)) })
      staleReadsOf.set(read.version, (staleReadsOf.get(read.version) ?? 0) + 1)
    }
    for (const reads of staleReadsOf.values()) this.#all.episode(reads)
    if (this.#cached === undefined) return
    this.#all.readBack++
    const endNanos = this.#endOfWrite(this.#cached.version)
    const entry = endNanos === undefined ? -1 : this.#firstAfter(endNanos, this.#cached.sentNanos)
    if (entry >= 0) this.#all.stillStale(this.#key, this.#cached.version, this.#versionBegunAt(this.#acknowledged.placeOf(entry)))
  }

  /** Of values, when what wrote them was over for certain: in the beginning, for what nobody wrote. Undefined: it can't be told. */
  #endOfWrite(version: number): number | undefined {
    if (Number.isNaN(version)) return undefined
    if (this.#writes.has(version)) return this.#writes.get(version)?.endNanos
    return this.#valuesUnknown ? undefined : Number.NEGATIVE_INFINITY
  }

  #firstAfter(endNanos: number, byNanos: number): number {
    const entry = this.#acknowledged.beyond(endNanos)
    return entry >= 0 && this.#acknowledged.timeOf(entry) < byNanos ? entry : -1
  }

  #versionBegunAt(startNanos: number): number {
    for (const [version, write] of this.#writes) if (write?.startNanos === startNanos) return version
    return Number.NaN
  }

  #written(version: number, write: Write): void {
    this.#writes.set(version, this.#writes.has(version) ? undefined : write)
  }
}
