import type { Sample } from '../measure/metrics/sample.ts'
import type { Cell, RunResult } from '../measure/run-result.ts'
import type { Nanos } from '../runtime/runtime.ts'
import type { CellPlan } from './cell/cell-plan.ts'

/** Who watches a run: the terminal, a pipe, a test. All optional; nothing it does can change the run. */
export interface RunObserver {
  runBegan?(facts: RunFacts): void
  cellBegan?(plan: CellPlan, position: number): void
  /** Before the load, where that may take long. */
  preparing?(step: { readonly plan: CellPlan; readonly what: string; readonly done: number; readonly total: number }): void
  progress?(progress: CellProgress): void
  cellEnded?(plan: CellPlan, cell: Cell): void
  note?(text: string): void
  runEnded?(result: RunResult, folder: string | undefined): void
}

export interface RunFacts {
  readonly cells: readonly CellPlan[]
  readonly folder: string | undefined
  readonly seed: number
  /** What is tested together, in words; empty where nothing can be compared. */
  readonly family: readonly string[]
}

export interface CellProgress {
  readonly plan: CellPlan
  readonly phase: string
  /** Since the load began, and when it is to end. */
  readonly atNanos: Nanos
  readonly endNanos: Nanos
  readonly offeredPerSecond: number | null
  /** The last step of the series. */
  readonly sample: Sample
}
