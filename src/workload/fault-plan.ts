import type { Nanos } from '../runtime/runtime.ts'

/** One entry of `faults:` or `--fault`, as resolved. What the names mean is `chaos/`'s business. */
export interface FaultPlan {
  readonly fault: string
  /** "primary", or a role or node the topology knows. */
  readonly on: string
  /** Since the start of the first measured phase. */
  readonly atNanos: Nanos
  /** How long until the undo; absent = until the end of the run. */
  readonly forNanos?: Nanos
}
