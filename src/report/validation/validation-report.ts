import type { Verdict } from '../../measure/verdict.ts'
import type { TargetDescription } from '../../target/target.ts'

/** What `cacheproof validate` found out about one endpoint. */
export interface ValidationReport {
  readonly title: string
  readonly target: TargetDescription
  /** The engine and version it was held against: "redis-7.0.15". */
  readonly profile: string
  readonly seed: number
  /** The command line, without secrets. */
  readonly command: string
  readonly verdicts: readonly Verdict[]
  /** Properties that were not run, and why. */
  readonly skipped: readonly { readonly id: string; readonly reason: string }[]
}
