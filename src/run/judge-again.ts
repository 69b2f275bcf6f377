import { rejudge } from '../check/judge.ts'
import type { Cell, RunResult } from '../measure/run-result.ts'
import { reason } from '../runtime/reason.ts'
import { loadHistory } from './history/load-history.ts'

/** Judges a stored run by today's checkers. A cell whose history is gone or damaged keeps what run.json says of it. */
export async function judgeAgain(folder: string, result: RunResult): Promise<RunResult> {
  const notes: string[] = []
  const unread = ({ id }: Cell, error: unknown) => {
    notes.push(`${id} was judged by what run.json says of it: ${reason(error)}`)
  }
  const open = async (cell: Cell) => {
    if (cell.history.file === undefined) return undefined
    try {
      return (await loadHistory(folder, cell.history.file)).source
    } catch (error) {
      unread(cell, error)
      return undefined
    }
  }
  const judged = await rejudge(result, open, unread)
  return { ...judged, notes: [...judged.notes, ...notes] }
}
