import type { HistoryColumns } from './history.ts'
import { assembleHistory, dictionaryOf, numbersOf } from './history-columns.ts'

/** The rows [from, to), or as many as there are, without copying: a view of the same memory. */
export function sliceHistory(columns: HistoryColumns, from: number, to: number): HistoryColumns {
  const end = Math.min(to, columns.length)
  return assembleHistory(
    Math.max(0, end - from),
    ({ name }) => numbersOf(columns, name).subarray(from, end),
    ({ name }) => dictionaryOf(columns, name) ?? [],
  )
}
