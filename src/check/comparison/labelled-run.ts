import type { RunResult } from '../../measure/run-result.ts'

/** A run and the short name under which it is shown. */
export interface LabelledRun {
  readonly label: string
  readonly result: RunResult
}
