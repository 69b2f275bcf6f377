import type { Cell } from '../measure/run-result.ts'

/** What a cell's history is about, and so which checkers apply: told by the classes its pattern declares. */
export type CellSubject = 'rows' | 'sessions' | 'leaderboard' | 'commands'

export function subjectOf(cell: Pick<Cell, 'classes' | 'database'>): CellSubject {
  const names = new Set(cell.classes.filter((one) => one.layer === 'app').map((one) => one.name))
  if (names.has('login')) return 'sessions'
  if (names.has('submit')) return 'leaderboard'
  return cell.database !== undefined && names.has('write') ? 'rows' : 'commands'
}
