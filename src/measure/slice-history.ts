import type { HistoryColumns } from './history.ts'
import { assembleHistory, dictionaryOf, numbersOf } from './history-columns.ts'

/** Copies of the rows [from, to), or of as many as there are, with dictionaries that do not grow on. */
export function sliceHistory(columns: HistoryColumns, from: number, to: number): HistoryColumns {
  const end = Math.min(to, columns.length)
  return assembleHistory(
    Math.max(0, end - from),
    ({ name }) => numbersOf(columns, name).slice(from, end),
    ({ name }) => [...(dictionaryOf(columns, name) ?? [])],
  )
}
