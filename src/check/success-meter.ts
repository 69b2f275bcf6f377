import type { HistoryColumns } from '../measure/history.ts'
import type { Cell } from '../measure/run-result.ts'
import type { Meter } from './meter.ts'
import { operationKinds } from './operation-kind.ts'
import { APP, OK } from './rows.ts'

/** When operations of the application were answered with success, ascending. */
export interface Successes {
  readonly reads: Float64Array
  readonly writes: Float64Array
}

/** What times without service are told by. */
export function successMeter(cell: Pick<Cell, 'classes'>): Meter<Successes> {
  const reads: number[] = []
  const writes: number[] = []
  return {
    columns: ['layer', 'status', 'fn', 'outcome', 'done'],
    accept(rows: HistoryColumns) {
      const { layer, status, done } = rows
      const kinds = operationKinds(cell, rows)
      for (let row = 0; row < rows.length; row++) {
        if (layer[row] !== APP || status[row] !== OK) continue
        if (kinds.isRead(row)) reads.push(done[row]!)
        else if (kinds.isWrite(row)) writes.push(done[row]!)
      }
    },
    finish: () => ({ reads: Float64Array.from(reads).sort(), writes: Float64Array.from(writes).sort() }),
  }
}
