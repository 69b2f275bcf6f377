import type { Nanos } from '../../runtime/runtime.ts'
import type { CellContext } from '../cell/cell-context.ts'
import type { CellPlan } from '../cell/cell-plan.ts'
import type { FinishedCell } from '../cell/finish-cell.ts'
import type { JournalEntry, RunFolder } from '../run-folder.ts'
import type { CellProgress } from '../run-observer.ts'
import type { PortableError } from './portable-error.ts'

/** What a thread is started with: what of a cell's context is data. */
export interface ThreadContext extends Omit<CellContext, 'folder' | 'signal' | 'observer' | 'plant'> {
  readonly folder?: Omit<RunFolder, 'journal'>
}

export type ToThread =
  | { readonly kind: 'run'; readonly plan: CellPlan; readonly startedAtNanos: Nanos }
  /** Ctrl-C: as the context's signal. */
  | { readonly kind: 'abort' }

export type FromThread =
  | { readonly kind: 'journal'; readonly entry: JournalEntry }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'progress'; readonly progress: CellProgress }
  | { readonly kind: 'finished'; readonly finished: FinishedCell }
  | { readonly kind: 'failed'; readonly error: PortableError }
