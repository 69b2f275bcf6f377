import type { RunResult } from '../../measure/run-result.ts'
import { subjectOfCell } from './subject.ts'

export const RUN = 'run'

/**
 * Whether the run that a cell is of tells alternatives apart. Unless it is asked for it does where each run shares
 * something with the first one: then the runs are what is compared. Else they are repetitions, of which one may hold what
 * another does not.
 */
export function isRunFactor(runs: readonly { readonly result: RunResult }[], by: string | undefined): boolean {
  if (by !== undefined) return by === RUN
  const [first, ...others] = runs.map(keysOf)
  return others.length > 0 && others.every((keys) => [...keys].some((key) => first!.has(key)))
}

function keysOf({ result }: { readonly result: RunResult }): ReadonlySet<string> {
  return new Set(result.cells.map((cell) => JSON.stringify([cell.role, subjectOfCell(cell).factors])))
}
