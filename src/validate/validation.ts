import type { Verdict } from '../measure/verdict.ts'
import type { TargetDescription } from '../targets/target.ts'

/** What `cacheproof validate` found out: read by the terminal, `--json` and the HTML and JUnit reports. */
export interface Validation {
  readonly target: TargetDescription
  /** What the endpoint was held against: "redis-7.0.15". */
  readonly profile: string
  readonly seed: number
  /** Random sequences for each property and protocol. */
  readonly runs: number
  /** The command line, without secrets. */
  readonly command: string
  readonly status: 'complete' | 'interrupted'
  readonly verdicts: readonly Verdict[]
  readonly skipped: readonly Skipped[]
  readonly notes: readonly string[]
}

/** A property that was not run, or ("redis/connection: AUTH") a command of one that was not sent. */
export interface Skipped {
  readonly id: string
  readonly reason: string
}

/** Hears how it goes. Nothing it does changes what is found. */
export interface ValidationObserver {
  /** Once, when the target is open and the profile chosen. */
  began?(facts: { readonly target: TargetDescription; readonly profile: string; readonly seed: number; readonly properties: number }): void
  propertyBegan?(id: string, index: number): void
  /** After every sequence. */
  progress?(id: string, sequences: number): void
  propertyEnded?(verdict: Verdict): void
  note?(text: string): void
}

/** What is held against the endpoint, and how. */
export interface ValidateOptions {
  /** Target URL; may hold secrets. */
  readonly target: string
  /** "redis-7.0.15", or less of it; the nearest to what the endpoint says unless told. */
  readonly profile?: string
  /** Ids or parts of them; "redis/strings@resp3" for one protocol. All unless told. */
  readonly only?: readonly string[]
  readonly runs: number
  readonly seed: number
  /** Of an earlier counterexample: replays it. Needs one property in `only`. */
  readonly path?: string
  /** What may be reached beyond own keys and connections: "server". */
  readonly allow?: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  /** The command line, without secrets, for the reports. */
  readonly command: string
  readonly signal?: AbortSignal
  readonly observer?: ValidationObserver
}
