import { HISTORY_COLUMNS, type HistoryColumnName } from '../measure/history-columns.ts'
import type { Cell } from '../measure/run-result.ts'
import { historyLevelOf } from './cell-settings.ts'

const COMMON = ['layer', 'status', 'fn', 'outcome', 'key'] as const satisfies readonly HistoryColumnName[]
const RECOVERY = ['done'] as const satisfies readonly HistoryColumnName[]
const WIRE = ['parent', 'phase', 'bytesOut', 'bytesIn'] as const satisfies readonly HistoryColumnName[]

/**
 * The columns that recovery and bytes are measured from, which take all rows at once: memory for the others would be
 * memory for nothing. What checkers read they say themselves.
 */
export function judgedColumns(cell: Cell): readonly HistoryColumnName[] {
  const wanted = new Set<HistoryColumnName>(COMMON)
  if (cell.events.some(({ kind }) => kind === 'fault')) for (const column of RECOVERY) wanted.add(column)
  if (historyLevelOf(cell) === 'full') for (const column of WIRE) wanted.add(column)
  return HISTORY_COLUMNS.map(({ name }) => name).filter((name) => wanted.has(name))
}
