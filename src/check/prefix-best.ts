export interface Scored {
  /** Where it stands on the axis that is asked about. */
  readonly at: number
  readonly score: number
  readonly row: number
}

/**
 * "Among all that stands at or before x, which has the highest score?", in O(log n) a question after O(n log n): who wrote
 * last before a read began, until when a session may have lived.
 */
export class PrefixBest {
  readonly #sorted: readonly Scored[]
  /** Entry i: best and second best (of another row) among the first i. */
  readonly #best: (Scored | undefined)[] = [undefined]
  readonly #second: (Scored | undefined)[] = [undefined]

  constructor(entries: readonly Scored[]) {
    this.#sorted = [...entries].sort((a, b) => a.at - b.at)
    this.#sorted.forEach((entry, index) => {
      const best = this.#best[index]
      const second = this.#second[index]
      if (best === undefined || entry.score > best.score) {
        this.#best.push(entry)
        this.#second.push(best)
      } else {
        this.#best.push(best)
        this.#second.push(second === undefined || entry.score > second.score ? entry : second)
      }
    })
  }

  /** The best that stands at or before `limit` and is not of row `except`. */
  upTo(limit: number, except = -1): Scored | undefined {
    let low = 0
    let high = this.#sorted.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#sorted[middle]!.at <= limit) low = middle + 1
      else high = middle
    }
    const best = this.#best[low]
    return best !== undefined && best.row === except ? this.#second[low] : best
  }
}
