import type { HistoryColumns } from './history.ts'
import { orderTimes, ROW_KINDS, type RowKind } from './history-order.ts'

/** What is known of the order of a piece's rows without reading it again. */
export type StrandPiece = { readonly rows: number } & { readonly [Kind in RowKind]: KindInPiece }

/** The rows of one kind in a piece. */
export interface KindInPiece {
  /**
   * Rows that stand at most a piece behind their place: what is loaded two pieces later is not before them. The others
   * are late, and have a time before `lateBefore`.
   */
  readonly onTime: number
  readonly late: number
  readonly lateBefore: number
  /** The earliest of those on time, and the lowest instance that has a row at it. Infinity for none. */
  readonly firstTime: number
  readonly firstInstance: number
}

/** Takes a strand's pieces, in order of recording. */
export class StrandIndexer {
  readonly pieces: StrandPiece[] = []
  /** By piece: the latest time of it and all before it. */
  readonly #latest: { readonly [Kind in RowKind]: number[] } = { completed: [], pending: [] }
  #times = new Float64Array(0)

  /** Looks at the columns that the order is told by. */
  add(rows: HistoryColumns): void {
    const [completed, pending] = ROW_KINDS.map((kind) => this.#look(kind, rows)) as [KindInPiece, KindInPiece]
    this.pieces.push({ rows: rows.length, completed, pending })
  }

  #look(kind: RowKind, rows: HistoryColumns): KindInPiece {
    const latestOf = this.#latest[kind]
    const lateBefore = latestOf.at(-2) ?? Number.NEGATIVE_INFINITY
    let latest = latestOf.at(-1) ?? Number.NEGATIVE_INFINITY
    let onTime = 0
    let late = 0
    let firstTime = Number.POSITIVE_INFINITY
    let firstInstance = Number.POSITIVE_INFINITY
    const { length, instance } = rows
    if (this.#times.length < length) this.#times = new Float64Array(length)
    const times = this.#times
    orderTimes(kind, rows, 0, times)
    for (let row = 0; row < length; row++) {
      const time = times[row]!
      if (Number.isNaN(time)) continue
      if (time > latest) latest = time
      if (time < lateBefore) {
        late++
        continue
      }
      onTime++
      if (time > firstTime) continue
      if (time < firstTime || instance[row]! < firstInstance) firstInstance = instance[row]!
      firstTime = time
    }
    latestOf.push(latest)
    return { onTime, late, lateBefore, firstTime, firstInstance }
  }
}
