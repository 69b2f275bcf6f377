import { FirstBeyond } from './first-beyond.ts'
import { ABSENT_VERSION, type KeyFreshness, type ReadOfVersion, type StaleReads, type VersionProof } from './freshness.ts'

/** The version rows hold before any write (database.ts: `load`). */
const FIRST_VERSION = 1

/**
 * One key whose versions are the database's, and so a total order: a read is stale for certain when it began after the
 * acknowledgement of any newer version. A version that was never acknowledged counts from the first read of it, for that
 * read was told that it exists; whether one is, the end of the history tells.
 */
export class OrderedFreshness implements KeyFreshness {
  readonly #key: number
  readonly #all: StaleReads
  readonly #proofs = new FirstBeyond()
  #newestAcknowledged = FIRST_VERSION
  #known = false
  #absentReads = 0
  /** Versions that were read before they were acknowledged: most are, a moment later. */
  #unacknowledged: VersionProof[] | undefined
  /** Reads that are older than one of them, or than what was acknowledged later. */
  #waiting: ReadOfVersion[] | undefined
  #staleReadsOf: Map<number, number> | undefined
  #cached: number | undefined
  #committed = Number.NEGATIVE_INFINITY

  constructor(key: number, all: StaleReads) {
    this.#key = key
    this.#all = all
  }

  committed(version: number, _sentNanos: number, doneNanos: number, op: number): void {
    this.#known = true
    this.#newestAcknowledged = Math.max(this.#newestAcknowledged, version)
    this.#committed = Math.max(this.#committed, version)
    this.#proofs.add(version, doneNanos, op)
    const waited = this.#unacknowledged?.findIndex((proof) => proof.version === version) ?? -1
    if (waited < 0) return
    this.#unacknowledged!.splice(waited, 1)
    this.#waiting = this.#waiting?.filter((read) => {
      if (this.#firstUnacknowledged(read) !== undefined) return true
      this.#judge(read, this.#firstAcknowledged(read))
      return false
    })
  }

  uncertain(): void {}

  read(read: ReadOfVersion): void {
    if (read.version === ABSENT_VERSION) this.#absentReads++
    else {
      this.#all.judgedReads++
      this.seen(read.version, read.doneNanos, read.op)
    }
    if (this.#proofs.length > 0 && this.#proofs.timeOf(0) < read.sentNanos) this.#all.refutableReads++
    if (this.#unacknowledged && this.#firstUnacknowledged(read) !== undefined) {
      this.#waiting ??= []
      this.#waiting.push({ ...read })
    } else this.#judge(read, this.#firstAcknowledged(read))
  }

  seen(version: number, doneNanos: number, op: number): void {
    this.#known = true
    if (version <= this.#newestAcknowledged || this.#unacknowledged?.some((proof) => proof.version === version)) return
    this.#unacknowledged ??= []
    this.#unacknowledged.push({ version, doneNanos, op, fn: 'read' })
  }

  readBackCached(version: number): void {
    this.#cached = version
  }

  readBackCommitted(version: number): void {
    if (version > this.#committed) this.#committed = version
  }

  finish(): void {
    for (const read of this.#waiting ?? []) {
      const acknowledged = this.#firstAcknowledged(read)
      const seen = this.#firstUnacknowledged(read)
      this.#judge(read, acknowledged && !(seen && seen.doneNanos < acknowledged.doneNanos) ? acknowledged : seen)
    }
    // Of a row that nobody ever saw "absent" was the truth.
    if (this.#known) this.#all.judgedReads += this.#absentReads
    for (const reads of this.#staleReadsOf?.values() ?? []) this.#all.episode(reads)
    if (this.#cached === undefined) return
    this.#all.readBack++
    if (this.#cached < this.#committed) this.#all.stillStale(this.#key, this.#cached, this.#committed)
  }

  #judge(read: ReadOfVersion, proof: VersionProof | undefined): void {
    if (proof === undefined) return
    this.#all.stale(read, proof)
    this.#staleReadsOf ??= new Map()
    this.#staleReadsOf.set(read.version, (this.#staleReadsOf.get(read.version) ?? 0) + 1)
  }

  #firstAcknowledged({ version, sentNanos }: ReadOfVersion): VersionProof | undefined {
    const proofs = this.#proofs
    const entry = proofs.beyond(version)
    if (entry < 0 || proofs.timeOf(entry) >= sentNanos) return undefined
    return { version: proofs.placeOf(entry), doneNanos: proofs.timeOf(entry), op: proofs.operationOf(entry), fn: 'write' }
  }

  #firstUnacknowledged({ version, sentNanos }: ReadOfVersion): VersionProof | undefined {
    let first: VersionProof | undefined
    for (const proof of this.#unacknowledged ?? []) {
      if (proof.version > version && proof.doneNanos < sentNanos && !(first && first.doneNanos <= proof.doneNanos)) first = proof
    }
    return first
  }
}
