import type { Nanos } from '../../runtime/runtime.ts'
import type { Share } from '../../workload/load/share.ts'
import type { LoadAudit } from '../audit/load-audit.ts'
import type { ProgramEnd } from './program.ts'

/**
 * Makes load on a Runtime. Implementations: `open-loop.ts`, `closed-loop.ts`; held to `load-loop.contract.ts`.
 * Life cycle: `start` -> operations -> `stop` (or the end of `untilNanos`) -> `drained` is called once, when no
 * operation is in flight any more.
 */
export interface LoadLoop extends ProgramEnd {
  start(): void
  /** The load ends at another instant than was said before: never one that has passed. */
  endAt(untilNanos: Nanos): void
  /** No operation begins after this. Idempotent. */
  stop(): void
  /** Abandons what is in flight (the load is given up): `drained` is called at once. */
  abandon(): void
  /**
   * Its instance is dead, and others have its share from now on: what was due and never began is counted, what is in flight
   * is abandoned, and `drained` is called at once. Answers what is left of the share.
   */
  leave(): Share
  /** Its instance is dead, and there is nobody to take over: nothing begins any more, and what is due until the end is counted then. */
  vacate(): void
  /**
   * What a dead instance left is its own from now on. What of it was due before is begun late; what was due before the end
   * and comes after it is counted.
   */
  takeOver(share: Share): void
  readonly started: number
  /** The highest index that it began; -1 for none. */
  readonly lastIndex: number
  readonly inFlight: number
  /** Operations that were due before the end and never began. Open loop only; 0 else. */
  readonly censored: number
}

export interface LoadLoopOptions {
  /** Instance w of N begins with the indices that are w mod N. */
  readonly instance: number
  readonly instances: number
  /** Where due times count from, on the runtime's axis: the same instant for all instances, whenever each of them begins. */
  readonly originNanos: Nanos
  /** No operation begins at or after this instant. */
  readonly untilNanos: Nanos
  readonly drained: () => void
  /** Told when operations are due and begin, and when they can't. */
  readonly audit?: LoadAudit
  /**
   * Told before an operation begins. Of a closed loop only: when an operation of an open one may begin can be told from when
   * it is due.
   */
  readonly claim?: (index: number) => void
}
