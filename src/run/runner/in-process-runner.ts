import type { CellContext } from '../cell/cell-context.ts'
import { runCell } from '../cell/run-cell.ts'
import type { CellRunner } from './cell-runner.ts'

/** Runs cells in this thread: every cell on real time, and those that are handed functions. */
export function createInProcessRunner(context: CellContext): CellRunner {
  const closed = new AbortController()
  const signal = AbortSignal.any([context.signal, closed.signal])
  return {
    run(plan, startedAtNanos, { journal, note, progress }) {
      const folder = context.folder && { ...context.folder, journal }
      return runCell(plan, { ...context, ...(folder && { folder }), signal, observer: { note, progress } }, startedAtNanos)
    },
    async close() {
      closed.abort()
    },
  }
}
