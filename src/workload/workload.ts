import type { DatabaseKind } from '../measure/database-kind.ts'
import type { Nanos } from '../runtime/runtime.ts'
import type { FaultPlan } from './fault-plan.ts'

/** A workload as it runs: every unit parsed, every default filled in. `file/parse-workload.ts` makes it from YAML. */
export interface Workload {
  readonly name: string
  readonly description: string
  readonly pattern: string
  /** The pattern's own settings, validated by its definition. */
  readonly settings: unknown
  readonly keys: KeysSpec
  readonly values: ValuesSpec
  readonly database: DatabaseSpec
  readonly load: LoadSpec
  readonly phases: readonly PhaseSpec[]
  readonly faults: readonly FaultPlan[]
  readonly expect: readonly Expectation[]
  /** Application instances; 1 unless told. */
  readonly instances: number
  readonly killInstance?: { readonly instance: number; readonly atNanos: Nanos }
  readonly historyLevel: HistoryLevel
  /** Run the pattern `none` beside it on the same load; true where the pattern has a database. */
  readonly baseline: boolean
  /** Deadline of one cache command. */
  readonly deadlineNanos: Nanos
  /** One-way delays in front of an embedded engine. */
  readonly network: LatencySpec
  /** Of a workload whose settings were varied (`--vary`): what it is called without, and the settings by their paths, as typed. */
  readonly variant?: { readonly of: string; readonly settings: Readonly<Record<string, string>> }
  /** Where it was read from, for messages and provenance; "built-in" else. */
  readonly source: string
}

/** Whether something is to go wrong: a fault, or the end of an instance. */
export function hasFaults({ faults, killInstance }: Pick<Workload, 'faults' | 'killInstance'>): boolean {
  return faults.length > 0 || killInstance !== undefined
}

export type HistoryLevel = { readonly kind: 'full' } | { readonly kind: 'sample'; readonly oneIn: number } | { readonly kind: 'off' }

export interface KeysSpec {
  readonly count: number
  readonly popularity:
    | { readonly kind: 'zipf'; readonly exponent: number }
    | { readonly kind: 'uniform' }
    | { readonly kind: 'hotspot'; readonly hotKeys: number; readonly hotOperations: number }
    | { readonly kind: 'latest'; readonly exponent: number }
}

export interface ValuesSpec {
  readonly size:
    | { readonly kind: 'fixed'; readonly bytes: number }
    | { readonly kind: 'lognormal'; readonly medianBytes: number; readonly p99Bytes: number }
    | { readonly kind: 'uniform'; readonly minBytes: number; readonly maxBytes: number }
  /** Share of the padding that repeats, 0..1. */
  readonly compressible: number
}

export interface LatencySpec {
  readonly medianNanos: Nanos
  readonly p99Nanos: Nanos
}

export interface DatabaseSpec {
  readonly kind: DatabaseKind
  readonly url?: string
  readonly latency?: LatencySpec
  readonly concurrency?: number
}

export type LoadSpec =
  | {
      readonly kind: 'open'
      readonly ratePerSecond: number
      readonly arrivals: 'poisson' | 'constant'
      readonly maxInFlight: number
      readonly connections: number
    }
  | { readonly kind: 'closed'; readonly connections: number; readonly pipeline: number; readonly thinkNanos: Nanos }

export interface PhaseSpec {
  readonly name: string
  /** Of an `auto` warm-up the most. */
  readonly durationNanos: Nanos
  /** A warm-up that fills the cache first and ends when the load is steady. */
  readonly auto?: boolean
  /** Warm-up is measured but left out of tables, checks of latency and comparisons. */
  readonly warmUp: boolean
}

/** `hit_ratio >= 0.9`, `read.p99 <= 5ms`, `lost_sessions == 0`. */
export interface Expectation {
  readonly text: string
  readonly metric: string
  readonly operator: '<' | '<=' | '==' | '!=' | '>=' | '>'
  /** In base units: nanoseconds, bytes, ratio, count. */
  readonly value: number
  readonly line?: number
}
