import type { TargetDescription } from '../../target/target.ts'

/** What `cacheproof profile` measured: the unloaded latency of each command on each target. */
export interface ProfileReport {
  readonly title: string
  /** The command line, without secrets. */
  readonly command: string
  readonly seed: number
  readonly targets: readonly { readonly label: string; readonly description: TargetDescription }[]
  readonly rows: readonly ProfileRow[]
}

export interface ProfileRow {
  readonly command: string
  readonly results: readonly ProfileResult[]
}

export interface ProfileResult {
  /** The label of one of the targets. */
  readonly target: string
  readonly samples: number
  readonly p50Nanos: number
  readonly p75Nanos: number
  /** Null: too few samples. */
  readonly p99Nanos: number | null
  readonly meanNanos: number
  /** Relative margin of error of the mean, in percent, as tinybench gives it. */
  readonly rmePercent: number
  /** The target refused the command; the figures are 0 then. */
  readonly error?: string
}
