import { MICROSECOND } from '../runtime/runtime.ts'
import { concatHistories } from './concat-histories.ts'
import type { HistoryColumns, HistoryRow } from './history.ts'
import { LAYERS, STATUSES } from './history.ts'
import { HistoryBuilder } from './history-builder.ts'

/** Row `index` as an object. Convenient, and allocates: for tests, examples in reports and short histories. */
export function rowAt(columns: HistoryColumns, index: number): HistoryRow {
  if (!(index >= 0 && index < columns.length)) throw new RangeError(`row ${index} of a history of ${columns.length} rows`)
  return {
    op: columns.op[index]!,
    parent: columns.parent[index]!,
    layer: LAYERS[columns.layer[index]!]!,
    instance: columns.instance[index]!,
    client: columns.client[index]!,
    key: columns.key[index]!,
    fn: columns.fn.dictionary[columns.fn.codes[index]!]!,
    outcome: columns.outcome.dictionary[columns.outcome.codes[index]!]!,
    arg: columns.arg[index]!,
    ret: columns.ret[index]!,
    writer: columns.writer[index]!,
    due: columns.due[index]!,
    sent: columns.sent[index]!,
    done: columns.done[index]!,
    status: STATUSES[columns.status[index]!]!,
    error: columns.error.dictionary[columns.error.codes[index]!]!,
    node: columns.node.dictionary[columns.node.codes[index]!]!,
    attempts: columns.attempts[index]!,
    bytesOut: columns.bytesOut[index]!,
    bytesIn: columns.bytesIn[index]!,
    phase: columns.phase.dictionary[columns.phase.codes[index]!]!,
    block: columns.block[index]!,
  }
}

/** All rows as objects, in order. */
export function rowsOf(columns: HistoryColumns): HistoryRow[] {
  return Array.from({ length: columns.length }, (_, index) => rowAt(columns, index))
}

/**
 * A history from the fields that matter, for tests. Left out fields: `op` is the position, `layer` "app", `fn`
 * "read", `key` 0, `sent` one microsecond per position (or `due`), `due` equal to `sent`, `done` one microsecond
 * after `sent` (-1 when `status` is "info"), `status` "ok" ("info" when `done` is -1), `phase` "steady", one
 * attempt, no parent, no numbers, no writer, no texts. Rows may be given in any order; they come back in order of completion.
 */
export function historyOf(rows: readonly Partial<HistoryRow>[]): HistoryColumns {
  const builder = new HistoryBuilder(Math.max(1, rows.length))
  rows.forEach((row, position) => {
    builder.append(completeRow(row, position))
  })
  return concatHistories([builder.view()])
}

function completeRow(row: Partial<HistoryRow>, position: number): HistoryRow {
  const sent = row.sent ?? row.due ?? position * MICROSECOND
  const status = row.status ?? (row.done === -1 ? 'info' : 'ok')
  return {
    op: position,
    parent: -1,
    layer: 'app',
    instance: 0,
    client: 0,
    key: 0,
    fn: 'read',
    outcome: '',
    arg: Number.NaN,
    ret: Number.NaN,
    writer: -1,
    due: sent,
    done: status === 'info' ? -1 : sent + MICROSECOND,
    error: '',
    node: '',
    attempts: 1,
    bytesOut: 0,
    bytesIn: 0,
    phase: 'steady',
    block: 0,
    ...row,
    sent,
    status,
  }
}
