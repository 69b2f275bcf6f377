import type { Nanos } from '../../runtime/runtime.ts'

/** Deadlines of blocked sessions, earliest first; equal ones in order of arrival. */
export class Timeouts<T> {
  readonly #waiting: { readonly deadline: Nanos; readonly item: T }[] = []

  get first(): Nanos | undefined {
    return this.#waiting[0]?.deadline
  }

  add(deadline: Nanos, item: T): void {
    let low = 0
    let high = this.#waiting.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#waiting[middle]!.deadline <= deadline) low = middle + 1
      else high = middle
    }
    this.#waiting.splice(low, 0, { deadline, item })
  }

  remove(item: T): void {
    const at = this.#waiting.findIndex((waiting) => waiting.item === item)
    if (at >= 0) this.#waiting.splice(at, 1)
  }

  /** Takes out the first whose time has come. */
  takeDue(now: Nanos): T | undefined {
    const first = this.#waiting[0]
    if (!first || first.deadline > now) return undefined
    this.#waiting.shift()
    return first.item
  }

  clear(): void {
    this.#waiting.length = 0
  }
}
