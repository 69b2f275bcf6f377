import type { HistoryColumns, HistoryRow, LAYERS, STATUSES } from './history.ts'
import { allocateNumbers, type ColumnType, type NumberArray } from './history-columns.ts'
import { TextDictionary } from './text-dictionary.ts'

const LAYER_CODES = { app: 0, cache: 1, database: 2, probe: 3 } as const satisfies Record<(typeof LAYERS)[number], number>
const STATUS_CODES = { ok: 0, fail: 1, info: 2 } as const satisfies Record<(typeof STATUSES)[number], number>

/**
 * Growable columns that rows are appended to while a run goes on. Data plane: an append writes 22 array cells and
 * allocates nothing once its texts are known (about 97 bytes a row; arrays double when full). The caller may reuse
 * one mutable row object for every append.
 *
 * Numbers are stored as the columns' types hold them; attempts and byte counts beyond the type's range stay at its
 * largest value rather than wrapping round.
 */
export class HistoryBuilder {
  #length = 0
  #capacity: number
  #op: Float64Array
  #parent: Float64Array
  #layer: Uint8Array
  #instance: Uint16Array
  #client: Uint32Array
  #key: Int32Array
  #fn: Uint16Array
  #outcome: Uint16Array
  #arg: Float64Array
  #ret: Float64Array
  #writer: Int32Array
  #due: Float64Array
  #sent: Float64Array
  #done: Float64Array
  #status: Uint8Array
  #error: Uint16Array
  #node: Uint16Array
  #attempts: Uint16Array
  #bytesOut: Uint32Array
  #bytesIn: Uint32Array
  #phase: Uint16Array
  #block: Uint16Array
  readonly #fnTexts = new TextDictionary()
  readonly #outcomeTexts = new TextDictionary()
  readonly #errorTexts = new TextDictionary()
  readonly #nodeTexts = new TextDictionary()
  readonly #phaseTexts = new TextDictionary()

  constructor(initialCapacity = 4096) {
    const capacity = Math.max(1, initialCapacity)
    this.#capacity = capacity
    this.#op = allocateNumbers('float64', capacity)
    this.#parent = allocateNumbers('float64', capacity)
    this.#layer = allocateNumbers('uint8', capacity)
    this.#instance = allocateNumbers('uint16', capacity)
    this.#client = allocateNumbers('uint32', capacity)
    this.#key = allocateNumbers('int32', capacity)
    this.#fn = allocateNumbers('text', capacity)
    this.#outcome = allocateNumbers('text', capacity)
    this.#arg = allocateNumbers('float64', capacity)
    this.#ret = allocateNumbers('float64', capacity)
    this.#writer = allocateNumbers('int32', capacity)
    this.#due = allocateNumbers('float64', capacity)
    this.#sent = allocateNumbers('float64', capacity)
    this.#done = allocateNumbers('float64', capacity)
    this.#status = allocateNumbers('uint8', capacity)
    this.#error = allocateNumbers('text', capacity)
    this.#node = allocateNumbers('text', capacity)
    this.#attempts = allocateNumbers('uint16', capacity)
    this.#bytesOut = allocateNumbers('uint32', capacity)
    this.#bytesIn = allocateNumbers('uint32', capacity)
    this.#phase = allocateNumbers('text', capacity)
    this.#block = allocateNumbers('uint16', capacity)
  }

  get length(): number {
    return this.#length
  }

  /** Copies the row; the object may be reused. */
  append(row: HistoryRow): void {
    const at = this.#length
    if (at === this.#capacity) this.#grow()
    this.#op[at] = row.op
    this.#parent[at] = row.parent
    this.#layer[at] = LAYER_CODES[row.layer]
    this.#instance[at] = row.instance
    this.#client[at] = row.client
    this.#key[at] = row.key
    this.#fn[at] = this.#fnTexts.code(row.fn)
    this.#outcome[at] = this.#outcomeTexts.code(row.outcome)
    // `+ 0` turns -0 into 0: the two are one value in a history, and no encoding has to keep them apart.
    this.#arg[at] = row.arg + 0
    this.#ret[at] = row.ret + 0
    this.#writer[at] = row.writer
    this.#due[at] = row.due
    this.#sent[at] = row.sent
    this.#done[at] = row.done
    this.#status[at] = STATUS_CODES[row.status]
    this.#error[at] = this.#errorTexts.code(row.error)
    this.#node[at] = this.#nodeTexts.code(row.node)
    this.#attempts[at] = Math.min(row.attempts, 0xffff)
    this.#bytesOut[at] = Math.min(row.bytesOut, 0xffffffff)
    this.#bytesIn[at] = Math.min(row.bytesIn, 0xffffffff)
    this.#phase[at] = this.#phaseTexts.code(row.phase)
    this.#block[at] = row.block
    this.#length = at + 1
  }

  /**
   * The rows appended since the beginning or the last `clear`, without copying. They stay as they are until the next
   * `append` after a `clear`, whatever is appended before it, so that a thread may read them meanwhile. Dictionaries keep
   * growing over the builder's life and never change an entry.
   */
  view(): HistoryColumns {
    const end = this.#length
    return {
      length: end,
      op: this.#op.subarray(0, end),
      parent: this.#parent.subarray(0, end),
      layer: this.#layer.subarray(0, end),
      instance: this.#instance.subarray(0, end),
      client: this.#client.subarray(0, end),
      key: this.#key.subarray(0, end),
      fn: { dictionary: this.#fnTexts.entries, codes: this.#fn.subarray(0, end) },
      outcome: { dictionary: this.#outcomeTexts.entries, codes: this.#outcome.subarray(0, end) },
      arg: this.#arg.subarray(0, end),
      ret: this.#ret.subarray(0, end),
      writer: this.#writer.subarray(0, end),
      due: this.#due.subarray(0, end),
      sent: this.#sent.subarray(0, end),
      done: this.#done.subarray(0, end),
      status: this.#status.subarray(0, end),
      error: { dictionary: this.#errorTexts.entries, codes: this.#error.subarray(0, end) },
      node: { dictionary: this.#nodeTexts.entries, codes: this.#node.subarray(0, end) },
      attempts: this.#attempts.subarray(0, end),
      bytesOut: this.#bytesOut.subarray(0, end),
      bytesIn: this.#bytesIn.subarray(0, end),
      phase: { dictionary: this.#phaseTexts.entries, codes: this.#phase.subarray(0, end) },
      block: this.#block.subarray(0, end),
    }
  }

  /** Forgets the rows (they are in a segment now) and keeps the dictionaries. */
  clear(): void {
    this.#length = 0
  }

  #grow(): void {
    const capacity = this.#capacity * 2
    this.#capacity = capacity
    this.#op = grown('float64', this.#op, capacity)
    this.#parent = grown('float64', this.#parent, capacity)
    this.#layer = grown('uint8', this.#layer, capacity)
    this.#instance = grown('uint16', this.#instance, capacity)
    this.#client = grown('uint32', this.#client, capacity)
    this.#key = grown('int32', this.#key, capacity)
    this.#fn = grown('text', this.#fn, capacity)
    this.#outcome = grown('text', this.#outcome, capacity)
    this.#arg = grown('float64', this.#arg, capacity)
    this.#ret = grown('float64', this.#ret, capacity)
    this.#writer = grown('int32', this.#writer, capacity)
    this.#due = grown('float64', this.#due, capacity)
    this.#sent = grown('float64', this.#sent, capacity)
    this.#done = grown('float64', this.#done, capacity)
    this.#status = grown('uint8', this.#status, capacity)
    this.#error = grown('text', this.#error, capacity)
    this.#node = grown('text', this.#node, capacity)
    this.#attempts = grown('uint16', this.#attempts, capacity)
    this.#bytesOut = grown('uint32', this.#bytesOut, capacity)
    this.#bytesIn = grown('uint32', this.#bytesIn, capacity)
    this.#phase = grown('text', this.#phase, capacity)
    this.#block = grown('uint16', this.#block, capacity)
  }
}

function grown<Type extends ColumnType>(type: Type, from: NumberArray, capacity: number) {
  const to = allocateNumbers(type, capacity)
  to.set(from)
  return to
}
