import type { Nanos } from '../../runtime/runtime.ts'
import type { AppOperation } from '../record/cell-recorder.ts'

/**
 * What the load loop drives. Both kinds of program (a synchronous mix, an async pattern) stand behind this one
 * door, so that neither knows how load is made and the loop does not know what an operation is.
 */
export interface Program {
  /**
   * Begins operation `index`, due at `dueNanos`, on behalf of simulated user `user`. `nowNanos` is the clock as the loop
   * has just read it; in a closed loop, whose operations are due when they begin, the very instant that they are due.
   * Calls `ended` exactly once, never before it returns.
   */
  start(index: number, dueNanos: Nanos, user: number, nowNanos: Nanos): void
  /** Writes down operation `index`, which was due and will never begin. */
  unstarted(index: number, dueNanos: Nanos, user: number): void
}

/** What its number tells of an operation that did not come to its end: fields of its record. */
export type OperationSketch = Pick<AppOperation, 'fn' | 'key' | 'class'>

/** How a program tells the loop that an operation is over, whatever came of it. */
export interface ProgramEnd {
  /** `refused`: it failed before anything was sent, and took no time. `nowNanos`: when it was over, as the program has just read it. */
  ended(user: number, refused: boolean, nowNanos: Nanos): void
}
