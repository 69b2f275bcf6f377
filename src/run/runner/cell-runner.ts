import type { Nanos } from '../../runtime/runtime.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import type { FinishedCell } from '../cell/finish-cell.ts'
import type { JournalEntry } from '../run-folder.ts'
import type { CellProgress } from '../run-observer.ts'

/**
 * Runs cells, one at a time. What a cell is does not depend on where it runs: on virtual time the same plan gives the same
 * cell and the same files, byte for byte, whichever runner has it and whatever it ran before.
 *
 * Life cycle: `run` again and again, each after the one before has ended; `close` when there is nothing left, or when
 * nobody wants it any more. Implementations: `in-process-runner`, `thread-runner`; both are held to `cell-runner.contract.ts`.
 */
export interface CellRunner {
  /**
   * Everything that is to be told is told, in order, before the promise is settled. Rejects with `TargetError` when the target
   * can't be used, and with whatever else went wrong, by the error's own name, code and hint.
   */
  run(plan: CellPlan, startedAtNanos: Nanos, told: CellTold): Promise<FinishedCell>
  /** Idempotent; ends what is under way. */
  close(): Promise<void>
}

/** What a cell says while it runs. */
export interface CellTold {
  journal(entry: JournalEntry): void
  note(text: string): void
  progress(progress: CellProgress): void
}
