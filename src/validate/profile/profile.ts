import type { TargetDescription } from '../../targets/target.ts'

/** Unloaded latency of single commands, side by side: what `cacheproof profile` found. */
export interface Profile {
  readonly title: string
  /** The command line, without secrets. */
  readonly command: string
  readonly seed: number
  readonly status: 'complete' | 'interrupted'
  readonly targets: readonly { readonly label: string; readonly description: TargetDescription }[]
  readonly rows: readonly ProfileRow[]
  readonly notes: readonly string[]
}

/** One command on every target that has it. */
export interface ProfileRow {
  /** "GET", "mg"; "GET / get" where families are compared by what they do. */
  readonly command: string
  readonly results: readonly ProfileResult[]
}

/** One request at a time, from the call to the answer. */
export interface ProfileResult {
  /** A label of `targets`. */
  readonly target: string
  readonly samples: number
  readonly p50Nanos: number
  readonly p75Nanos: number
  /** Null with fewer than 10,000 samples: too few beyond it. */
  readonly p99Nanos: number | null
  readonly meanNanos: number
  /** Half the 95 % interval of the mean, in percent of it. */
  readonly rmePercent: number
  /** The target's words when it refuses the command; the figures are 0 then. */
  readonly error?: string
}
