import type { NumbersApart } from './numbers-apart.ts'

/** The operations of an instance one after another: always the lowest index that it has not taken yet. Data plane: nearly always there is one row of numbers. */
export class IndexQueue {
  readonly #rows: { next: number; readonly step: number }[]
  /** The row whose turn it is. */
  #first: { next: number; readonly step: number }

  constructor(indices: readonly NumbersApart[]) {
    this.#rows = indices.map((row) => ({ ...row }))
    if (this.#rows.length === 0) throw new RangeError('an instance without operations')
    this.#first = this.#lowest()
  }

  /** What `take` would give. */
  get next(): number {
    return this.#first.next
  }

  take(): number {
    const first = this.#first
    const index = first.next
    first.next += first.step
    if (this.#rows.length > 1) this.#first = this.#lowest()
    return index
  }

  /** These are its own from now on, too. */
  add(indices: readonly NumbersApart[]): void {
    for (const row of indices) this.#rows.push({ ...row })
    this.#first = this.#lowest()
  }

  /** What has not been taken. */
  get left(): NumbersApart[] {
    return this.#rows.map((row) => ({ ...row }))
  }

  #lowest(): { next: number; readonly step: number } {
    return this.#rows.reduce((lowest, row) => (row.next < lowest.next ? row : lowest))
  }
}
