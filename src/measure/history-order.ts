import type { HistoryColumns } from './history.ts'
import type { HistoryColumnName } from './history-columns.ts'

/**
 * The order of a history: rows by when they completed, then those that never did by when they were sent (or, had they
 * never begun, were due). Equal times are ordered by instance, then as they were recorded.
 */
export type RowKind = 'completed' | 'pending'

export const ROW_KINDS: readonly RowKind[] = ['completed', 'pending']

/** What the order of each kind is told by, but for the order of recording. */
export const ORDER_COLUMNS: { readonly [Kind in RowKind]: readonly HistoryColumnName[] } = {
  completed: ['done', 'instance'],
  pending: ['done', 'sent', 'due', 'instance'],
}

/** Where a row that never completed has its place. */
export function begunNanos(sent: number, due: number): number {
  return sent < 0 ? due : sent
}

/** Of each row from `from` on the time that it is ordered by; NaN for one of the other kind. */
export function orderTimes(kind: RowKind, columns: HistoryColumns, from: number, times: Float64Array): void {
  const { length, done, sent, due } = columns
  if (kind === 'completed') for (let row = from; row < length; row++) times[row] = done[row]! < 0 ? Number.NaN : done[row]!
  else for (let row = from; row < length; row++) times[row] = done[row]! < 0 ? begunNanos(sent[row]!, due[row]!) : Number.NaN
}
