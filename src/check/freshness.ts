import { Histogram } from '../measure/histogram.ts'
import { latencyOf } from '../measure/latency.ts'
import type { Staleness } from '../measure/run-result.ts'
import { instantInWords, nanosInWords } from '../measure/words.ts'
import { WorstFew } from './worst-few.ts'

/** A version that was certain to exist when something was over, and what that was. */
export interface VersionProof {
  readonly version: number
  readonly doneNanos: number
  /** The application's operation. */
  readonly op: number
  readonly fn: 'read' | 'write'
}

/** A read of the application that returned a version, or that there is none (version 0, "absent"). */
export interface ReadOfVersion {
  readonly key: number
  readonly version: number
  readonly client: number
  readonly op: number
  readonly sentNanos: number
  readonly doneNanos: number
  /** "read hit". */
  readonly outcome: string
}

/** What is known of the freshness of one key's reads. */
export interface KeyFreshness {
  /** The acknowledgement of a version to its writer: in order of completion with all others. */
  committed(version: number, sentNanos: number, doneNanos: number, op: number): void
  /** A write whose outcome is not known; NaN where its version is not either. */
  uncertain(version: number): void
  /** A read of the application. The object may be used again. */
  read(read: ReadOfVersion): void
  /** A read below it, which proves as well that a version is there. */
  seen(version: number, doneNanos: number, op: number): void
  /** What was read back from the cache after the load, NaN for nothing, and from the system of record. */
  readBackCached(version: number, sentNanos: number): void
  readBackCommitted(version: number): void
  finish(): void
}

interface StaleRead {
  readonly read: ReadOfVersion
  readonly proof: VersionProof
  readonly ageNanos: number
}

/** The stale reads of a whole history, over all keys. */
export class StaleReads {
  judgedReads = 0
  refutableReads = 0
  readBack = 0
  staleAtEnd = 0
  #episodes = 0
  #episodeSquares = 0
  readonly #ages = new Histogram()
  readonly #worst = new WorstFew<StaleRead>()
  readonly #stillStale: string[] = []

  get staleReads(): number {
    return this.#ages.count
  }

  stale(read: ReadOfVersion, proof: VersionProof): void {
    const ageNanos = read.sentNanos - proof.doneNanos
    this.#ages.record(ageNanos)
    this.#worst.offer(ageNanos, () => ({ read: { ...read }, proof, ageNanos }))
  }

  /** Stale reads of one key and version are one episode. */
  episode(reads: number): void {
    this.#episodes++
    this.#episodeSquares += reads * reads
  }

  stillStale(key: number, cached: number, committed: number): void {
    this.staleAtEnd++
    if (this.#stillStale.length < 3) {
      this.#stillStale.push(`key ${key}: after the load the cache still held version ${cached}; version ${committed} is committed`)
    }
  }

  measures(guarantees: {
    readonly readYourWritesViolations: number
    readonly monotonicReadsViolations: number
    readonly examples: readonly string[]
  }): Staleness {
    const { judgedReads, refutableReads, staleReads, staleAtEnd, readBack } = this
    const ageNanos = latencyOf(this.#ages)
    return {
      judgedReads,
      refutableReads,
      staleReads,
      ...(ageNanos && { ageNanos }),
      staleEpisodes: this.#episodes,
      staleEpisodeSquares: this.#episodeSquares,
      staleAtEnd,
      readBack,
      readYourWritesViolations: guarantees.readYourWritesViolations,
      monotonicReadsViolations: guarantees.monotonicReadsViolations,
      examples: [...this.#worst.values().map(sentenceOf), ...this.#stillStale, ...guarantees.examples],
    }
  }

  /** The oldest stale read, one step a line; empty when nothing was stale. */
  counterexample(): readonly string[] {
    const [oldest] = this.#worst.values()
    return oldest === undefined ? [] : stepsOf(oldest)
  }
}

function sentenceOf({ read, proof, ageNanos }: StaleRead): string {
  return (
    `key ${read.key}: operation ${read.op} of user ${read.client} read ${versionInWords(read.version)}, ` +
    `${nanosInWords(ageNanos)} after version ${proof.version} was known to be committed (${instantInWords(read.sentNanos)})`
  )
}

function stepsOf({ read, proof, ageNanos }: StaleRead): string[] {
  const outcome = read.outcome ? ` (${read.outcome})` : ''
  return [
    `${instantInWords(proof.doneNanos)}  operation ${proof.op}: ${proof.fn} key ${read.key} -> version ${proof.version} (acknowledged)`,
    `${instantInWords(read.sentNanos)}  operation ${read.op}: read key ${read.key} begins`,
    `${instantInWords(read.doneNanos)}  operation ${read.op}: read key ${read.key} -> ${versionInWords(read.version)}${outcome}: stale by ${nanosInWords(ageNanos)}`,
  ]
}

function versionInWords(version: number): string {
  return version === ABSENT_VERSION ? 'no row' : `version ${version}`
}

/** What a read that found no row returned, where versions are the database's: what was before the first. */
export const ABSENT_VERSION = 0
