import type { HistoryColumns, Layer, Status, TextColumn } from '../measure/history.ts'
import { LAYERS, STATUSES } from '../measure/history.ts'

/** Codes as they stand in the columns, so that loops over millions of rows compare small integers. */
export const APP = LAYERS.indexOf('app' satisfies Layer)
export const CACHE = LAYERS.indexOf('cache' satisfies Layer)
export const DATABASE = LAYERS.indexOf('database' satisfies Layer)
export const PROBE = LAYERS.indexOf('probe' satisfies Layer)
export const OK = STATUSES.indexOf('ok' satisfies Status)
export const FAIL = STATUSES.indexOf('fail' satisfies Status)
export const INFO = STATUSES.indexOf('info' satisfies Status)

/** For each code of a text column 1 if its text satisfies the test, else 0: the test runs once a text, not once a row. */
export function codesWhere(column: TextColumn, test: (text: string) => boolean): Uint8Array {
  return Uint8Array.from(column.dictionary, (text) => (test(text) ? 1 : 0))
}

/** For each code of a text column 1 if its text is one of these. */
export function codesOf(column: TextColumn, ...texts: readonly string[]): Uint8Array {
  return codesWhere(column, (text) => texts.includes(text))
}

/** When an operation was certainly over: its completion, or never for one of unknown outcome. */
export function endOf(columns: HistoryColumns, row: number): number {
  const done = columns.done[row]!
  return done < 0 || columns.status[row] === INFO ? Number.POSITIVE_INFINITY : done
}

/** Whether rows of a database are in it: then versions are the database's. */
export function hasDatabase(columns: HistoryColumns): boolean {
  return columns.layer.includes(DATABASE)
}
