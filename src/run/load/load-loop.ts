import type { Nanos } from '../../runtime/runtime.ts'
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
  /** Abandons what is in flight (its instance was killed): `drained` is called at once. */
  abandon(): void
  readonly started: number
  readonly inFlight: number
  /** Operations that were due before the end and never began. Open loop only; 0 else. */
  readonly censored: number
}

export interface LoadLoopOptions {
  /** Instance w of N takes the indices that are w mod N. */
  readonly instance: number
  readonly instances: number
  /** No operation begins at or after this instant. */
  readonly untilNanos: Nanos
  readonly drained: () => void
  /** Told when operations are due and begin, and when they can't. */
  readonly audit?: LoadAudit
}
