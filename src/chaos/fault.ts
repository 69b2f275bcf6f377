import type { Nanos, Runtime } from '../runtime/runtime.ts'
import type { Target, TargetControl, TargetDescription } from '../targets/target.ts'

/**
 * Something that goes wrong on purpose. One file a fault, from `noop.ts` upward; all are held to
 * `fault.contract.ts`. The schedule (`schedule.ts`) starts faults when they are due and undoes what is left at
 * the end of the run, whatever ended it.
 */
export interface Fault {
  /** As in a workload file: "kill", "restart", "noop". */
  readonly name: string
  /** One line for `cacheproof list faults`. */
  readonly summary: string
  /** Why it can't act on this target, in words; undefined when it can. */
  unfit(ground: FaultGround): string | undefined
  /**
   * Begins. `began` is called once the fault has taken effect (its instant is what the metrics count from), or
   * with an error if it could not. Returns the undo, which may be called at any time from then on.
   */
  start(context: FaultContext, began: (error?: Error) => void): Undo
}

/** What tells whether a fault fits a target: known of somebody else's endpoint before it was ever reached. */
export interface FaultGround {
  readonly description: Pick<TargetDescription, 'label' | 'ours'>
  readonly control?: TargetControl
}

/** Puts things back as they were. Idempotent. `ended` is called once they are. */
export type Undo = (ended: (error?: Error) => void) => void

export interface FaultContext {
  readonly runtime: Runtime
  readonly target: Target
  /** What the fault acts on: "primary", or a role or node the topology knows. */
  readonly on: string
  /** How long until the schedule undoes it; absent = not before the end of the run. */
  readonly forNanos?: Nanos
  /** Told by a fault that is over by itself before its undo is called ("restart": the server answers again). */
  readonly over?: (error?: Error) => void
}
