import { rejudge } from '../check/judge.ts'
import type { RunResult } from '../measure/run-result.ts'
import { loadHistory } from './history/load-history.ts'
import { reason } from './run-folder.ts'

/** Judges a stored run by today's checkers. A cell whose history is gone or damaged keeps what run.json says of it. */
export async function judgeAgain(folder: string, result: RunResult): Promise<RunResult> {
  const notes: string[] = []
  const judged = await rejudge(result, async (cell) => {
    if (cell.history.file === undefined) return undefined
    try {
      return (await loadHistory(folder, cell.history.file)).columns
    } catch (error) {
      notes.push(`${cell.id} was judged by what run.json says of it: ${reason(error)}`)
      return undefined
    }
  })
  return { ...judged, notes: [...judged.notes, ...notes] }
}
