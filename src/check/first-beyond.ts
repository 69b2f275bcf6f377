/**
 * "What was the first, in time, to lie beyond this place?" in O(log n), of things that come in order of time: the first
 * proof that anything newer than a version existed, the last login that was over. What an earlier thing lies as far as is
 * not kept, so that entries are in the order of both time and place.
 */
export class FirstBeyond {
  /** Place, time and operation of each entry: one array, since there is one of these a key. */
  readonly #entries: number[] = []

  get length(): number {
    return this.#entries.length / 3
  }

  /** `time` is no earlier than that of the call before. */
  add(place: number, time: number, operation: number): void {
    const entries = this.#entries
    if (entries.length > 0 && place <= entries[entries.length - 3]!) return
    entries.push(place, time, operation)
  }

  /** The entry that was first to lie beyond `place`; -1 when none does. */
  beyond(place: number): number {
    const at = this.#countUpTo(place, 0)
    return at < this.length ? at : -1
  }

  /** The entry that lies furthest of those up to an instant, inclusive; -1 when there was none by then. */
  furthestBy(time: number): number {
    return this.#countUpTo(time, 1) - 1
  }

  placeOf(entry: number): number {
    return this.#entries[entry * 3]!
  }

  timeOf(entry: number): number {
    return this.#entries[entry * 3 + 1]!
  }

  operationOf(entry: number): number {
    return this.#entries[entry * 3 + 2]!
  }

  /** How many entries have a place, or a time, of at most `limit`. The last one is asked for most. */
  #countUpTo(limit: number, field: 0 | 1): number {
    const entries = this.#entries
    let high = this.length
    if (high === 0 || entries[(high - 1) * 3 + field]! <= limit) return high
    let low = 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if (entries[middle * 3 + field]! <= limit) low = middle + 1
      else high = middle
    }
    return low
  }
}
