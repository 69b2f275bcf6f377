import type { PairedRatio } from '../../measure/paired-ratio.ts'
import type { Latency, RunResult } from '../../measure/run-result.ts'

/** A stored run and what it is called here. */
export interface LabelledRun {
  readonly label: string
  readonly result: RunResult
}

/** Two or more runs side by side; the first is what the others are held against. */
export interface Comparison {
  readonly runs: readonly LabelledRun[]
  readonly rows: readonly ComparedRow[]
  /** What differs between the runs besides what was to be compared: a sentence each. */
  readonly warnings: readonly string[]
  /** Rows that only one run has: a sentence each. */
  readonly leftOut: readonly string[]
}

/** One workload on one target through one client, in every run that has it. */
export interface ComparedRow {
  readonly workload: string
  readonly label: string
  readonly figures: readonly ComparedFigure[]
  /** By run; undefined where a run does not have it. */
  readonly reads: readonly (Latency | undefined)[]
  readonly writes: readonly (Latency | undefined)[]
  /** Runs in which the load generator was the bottleneck: no verdict stands on them. */
  readonly limitedIn: readonly string[]
}

export interface ComparedFigure {
  /** As `HeadlineColumn.name`. */
  readonly name: string
  readonly title: string
  /** By run, as numbers and in words. */
  readonly values: readonly (number | null)[]
  readonly words: readonly string[]
  /** By run after the first, each against the first; null where either has no value. */
  readonly differences: readonly (Difference | null)[]
}

export interface Difference {
  readonly absolute: number
  /** Null when the first run's value is 0. */
  readonly relative: number | null
  /** Block by block; from six blocks on with an interval. Absent where there is no ratio, or a generator was the bottleneck. */
  readonly paired?: PairedRatio
  /** Only with an interval. */
  readonly word?: DifferenceWord
}

/** Equivalent: the whole interval lies within the margin. Better and worse: it lies beyond "no difference". */
export type DifferenceWord = 'better' | 'worse' | 'changed' | 'equivalent' | 'inconclusive'
