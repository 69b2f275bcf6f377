import type { Nanos } from '../runtime/runtime.ts'

/** Instants in a growing array of numbers: millions of operations may wait for an answer that never comes. */
export class InstantList {
  #values = new Float64Array(16)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(at: Nanos): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(this.#length * 2)
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#length++] = at
  }

  forEach(visit: (at: Nanos) => void): void {
    for (let index = 0; index < this.#length; index++) visit(this.#values[index]!)
  }

  /** A copy. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.#length)
  }

  clear(): void {
    this.#length = 0
  }
}
