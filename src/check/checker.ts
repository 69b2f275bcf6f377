import type { HistoryColumns } from '../measure/history.ts'
import type { HistoryColumnName } from '../measure/history-columns.ts'
import type { Cell } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import type { CellSettings } from './cell-settings.ts'
import type { CheckerTable } from './checker-table.ts'

/**
 * What a history proves about one thing. One file a checker; listed in `registry.ts`; held to `checker.contract.ts`. A
 * pattern names those that apply to it (`checks` in its definition): nothing is guessed from the names of its classes.
 *
 * A checker lands with planted faults that it catches and correct histories on which it is silent. It never takes what
 * is unknown for a failure: whatever was under way, or got lost, counts in favour of the cache.
 */
export interface Checker {
  /** "staleness": as patterns name it. */
  readonly id: string
  /** What it looks for, in one sentence. */
  readonly sentence: string
  /** The columns of the history it reads, and no others: those alone are read from disk. */
  readonly columns: readonly HistoryColumnName[]
  /** How its measures are told in a report; absent where its verdicts say it all. */
  readonly table?: CheckerTable
  create(context: CheckerContext): RunningChecker
}

/** What is known of a cell besides its history. */
export interface CheckerContext {
  /** As it ended, before it was judged: events, classes and durations stand. */
  readonly cell: Cell
  readonly settings: CellSettings
}

/**
 * A checker at work on one history. It holds what it needs of each key, which is little, and never the rows: a history
 * of any length passes through, and one that is still being written could.
 */
export interface RunningChecker {
  /**
   * The next rows, in order of completion; those that never completed come last. Where one chunk ends and the next
   * begins means nothing. Rows, and the arrays they stand in, are used again after the call; a text's code holds for
   * this chunk only. A row of an operation that was due and never began (`sent` < 0) is no invocation: it is passed over.
   */
  accept(rows: HistoryColumns): void
  /** Once, after the last row. */
  finish(): CheckerResult
}

export interface CheckerResult {
  readonly verdicts: readonly Verdict[]
  /** What run.json keeps of it beside the verdicts. */
  readonly measures: CheckerMeasures
  /** What other measures of the cell are made of, and nobody keeps. */
  readonly findings?: CheckerFindings
}

/** Fields of a cell. What has no field of its own goes to `checked`, under the checker's id. */
export type CheckerMeasures = Partial<Pick<Cell, 'staleness' | 'sessions' | 'leaderboard' | 'checked'>>

export interface CheckerFindings {
  /** What was lost, and when the read that shows it began: faults are told their losses by it. */
  readonly incidents?: readonly Incident[]
  /** When the commits were acknowledged that were lost, ascending; absent where nothing was read back to look for them. */
  readonly lostCommitsAtNanos?: Float64Array
}

export interface Incident {
  /** "lost session", "lost update". */
  readonly kind: string
  readonly atNanos: number
}
