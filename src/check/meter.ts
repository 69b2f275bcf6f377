import type { HistoryColumns } from '../measure/history.ts'
import type { HistoryColumnName } from '../measure/history-columns.ts'

/** What is measured of a history beside what checkers find, in the same pass and by the same rules as a `RunningChecker`. */
export interface Meter<Result> {
  readonly columns: readonly HistoryColumnName[]
  /** The next rows, in order. They are used again after the call; a text's code holds for this chunk only. */
  accept(rows: HistoryColumns): void
  /** Once, after the last row. */
  finish(): Result
}
