/** Whole numbers, most of which follow each other: the versions of a key that were written. A run of them costs two numbers. */
export class NumberSet {
  /** Runs in order: the first and the last of each. */
  readonly #firsts: number[] = []
  readonly #lasts: number[] = []

  /** False when it was there already. */
  add(value: number): boolean {
    const firsts = this.#firsts
    const lasts = this.#lasts
    const after = this.#runsUpTo(value)
    const before = after - 1
    if (before >= 0 && value <= lasts[before]!) return false
    const joinsBefore = before >= 0 && lasts[before] === value - 1
    const joinsAfter = after < firsts.length && firsts[after] === value + 1
    if (joinsBefore && joinsAfter) {
      lasts[before] = lasts[after]!
      firsts.splice(after, 1)
      lasts.splice(after, 1)
    } else if (joinsBefore) lasts[before] = value
    else if (joinsAfter) firsts[after] = value
    else {
      firsts.splice(after, 0, value)
      lasts.splice(after, 0, value)
    }
    return true
  }

  has(value: number): boolean {
    const run = this.#runsUpTo(value) - 1
    return run >= 0 && value <= this.#lasts[run]!
  }

  /** How many runs begin at or below the value. */
  #runsUpTo(value: number): number {
    let low = 0
    let high = this.#firsts.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#firsts[middle]! <= value) low = middle + 1
      else high = middle
    }
    return low
  }
}
