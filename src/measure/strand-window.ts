import { gather } from './gather.ts'
import type { HistoryColumns } from './history.ts'
import { HistoryBuffer } from './history-buffer.ts'
import { allocateOwnNumbers, type HistoryColumnName, type NumberArray } from './history-columns.ts'
import { ORDER_COLUMNS, orderTimes, type RowKind } from './history-order.ts'
import type { HistoryStrand, StrandReader } from './history-strand.ts'
import { sortNearlySorted } from './sort-nearly-sorted.ts'

export interface WindowOptions {
  readonly strand: HistoryStrand
  readonly reader: StrandReader
  readonly kind: RowKind
  /** The rows on time, or those that were recorded too late for a window of a few pieces. */
  readonly which: 'onTime' | 'late'
  readonly columns: readonly HistoryColumnName[]
  /** Called before rows move that were handed out. */
  readonly beforeMoving: () => void
}

/**
 * The rows of one kind of a strand, in the order of a history. Holds a piece and what of earlier ones is not before all that
 * is still to come; late rows, of which there are hardly ever any, it holds all.
 */
export class StrandWindow {
  readonly #options: WindowOptions
  readonly #pieces: readonly number[]
  /** By place in `#pieces`: no row of it or of a later one is before this time and instance. */
  readonly #boundTimes: Float64Array
  readonly #boundInstances: Float64Array
  #next = 0
  readonly buffer: HistoryBuffer
  #times = new Float64Array(0)
  /** Rows of the buffer, in order. Those before `#head` are gone, those before `#safe` may go. */
  #order = new Uint32Array(0)
  #count = 0
  #head = 0
  #safe = 0

  constructor(options: WindowOptions) {
    const { strand, kind, which, columns } = options
    this.#options = options
    this.#pieces = [...strand.pieces.keys()].filter((piece) => strand.pieces[piece]![kind][which] > 0)
    this.buffer = new HistoryBuffer(0, [...columns, ...ORDER_COLUMNS[kind]])
    this.#boundTimes = new Float64Array(this.#pieces.length)
    this.#boundInstances = new Float64Array(this.#pieces.length)
    let time = Number.POSITIVE_INFINITY
    let instance = Number.POSITIVE_INFINITY
    for (let at = this.#pieces.length - 1; at >= 0; at--) {
      const first = strand.pieces[this.#pieces[at]!]![kind]
      if (which === 'late') time = Number.NEGATIVE_INFINITY
      else if (first.firstTime < time || (first.firstTime === time && first.firstInstance < instance)) {
        time = first.firstTime
        instance = first.firstInstance
      }
      this.#boundTimes[at] = time
      this.#boundInstances[at] = instance
    }
  }

  /** Whether there is a row: the window then stands at it. */
  ready(): boolean {
    while (this.#head === this.#safe) {
      if (this.#next === this.#pieces.length) return false
      this.#load(this.#next++)
    }
    return true
  }

  /** Row of the buffer that is the next in order. */
  get row(): number {
    return this.#order[this.#head]!
  }

  /** Goes on to the row after. */
  advance(): void {
    this.#head++
  }

  /** Negative if this window's row is before the other's, 0 if they have one time and instance. Both have to be ready. */
  compare(other: StrandWindow): number {
    const row = this.#order[this.#head]!
    const otherRow = other.#order[other.#head]!
    return this.#times[row]! - other.#times[otherRow]! || this.#instances[row]! - other.#instances[otherRow]!
  }

  get #instances(): NumberArray {
    return this.buffer.numbers('instance')!
  }

  #load(at: number): void {
    const { strand, reader, kind } = this.#options
    const piece = this.#pieces[at]!
    const { rows, [kind]: facts } = strand.pieces[piece]!
    const kept = this.#keep()
    this.#reserve(kept + rows, kept)
    reader.load(piece, this.buffer, kept)

    this.#count = this.#addInOrder(this.buffer.view(kept + rows), kept, facts.lateBefore)
    this.#safe = this.#next < this.#pieces.length ? this.#countBefore(this.#boundTimes[this.#next]!, this.#boundInstances[this.#next]!) : this.#count
  }

  /** Puts those rows from `kept` on that are wanted behind the rows before, and all in order. Returns how many there are. */
  #addInOrder(columns: HistoryColumns, kept: number, lateBefore: number): number {
    const { kind, which } = this.#options
    const isLateWanted = which === 'late'
    const times = this.#times
    const order = this.#order
    const { length, instance } = columns
    orderTimes(kind, columns, kept, times)
    let count = kept
    for (let row = kept; row < length; row++) {
      const time = times[row]!
      if (time < lateBefore === isLateWanted && !Number.isNaN(time)) order[count++] = row
    }
    sortNearlySorted(order.subarray(0, count), times, instance)
    return count
  }

  /** Moves what is left to the front. Returns how many rows that are. */
  #keep(): number {
    this.#options.beforeMoving()
    const left = this.#order.slice(this.#head, this.#count)
    for (const { name, type } of this.buffer.specs) {
      const moved = allocateOwnNumbers(type, left.length)
      const numbers = this.buffer.numbers(name)!
      gather(numbers, moved, left)
      numbers.set(moved)
    }
    const times = allocateOwnNumbers('float64', left.length)
    gather(this.#times, times, left)
    this.#times.set(times)
    for (let row = 0; row < left.length; row++) this.#order[row] = row
    this.#head = 0
    return left.length
  }

  #reserve(rows: number, kept: number): void {
    this.buffer.reserve(rows, kept)
    const { capacity } = this.buffer
    if (this.#times.length >= capacity) return
    const times = new Float64Array(capacity)
    times.set(this.#times.subarray(0, kept))
    this.#times = times
    const order = new Uint32Array(capacity)
    order.set(this.#order.subarray(0, kept))
    this.#order = order
  }

  /** How many rows are not behind a row of this time and instance that is yet to come, and was recorded later. */
  #countBefore(time: number, instance: number): number {
    const instances = this.#instances
    let count = this.#count
    for (; count > 0; count--) {
      const row = this.#order[count - 1]!
      const rowTime = this.#times[row]!
      if (rowTime < time || (rowTime === time && instances[row]! <= instance)) break
    }
    return count
  }
}
