/**
 * "Among all that stands at or before x, which has the highest score?", in O(log n) a question after O(n log n) (O(n)
 * when things come in order): who wrote last before a read began, until when a session may have lived. Entries are
 * known by their index in what was handed in.
 */
export class PrefixBest {
  readonly #at: Float64Array
  /** Place i: best and second best (another entry) among the first i + 1 in order; -1 for none. */
  readonly #best: Int32Array
  readonly #second: Int32Array

  /** `at`: where entry i stands on the axis that is asked about. */
  constructor(at: Float64Array, scores: Float64Array) {
    const length = at.length
    const order = ascending(at)
    this.#at = order === undefined ? at : at.map((_, place) => at[order[place]!]!)
    this.#best = new Int32Array(length)
    this.#second = new Int32Array(length)
    let best = -1
    let second = -1
    for (let place = 0; place < length; place++) {
      const entry = order === undefined ? place : order[place]!
      if (best < 0 || scores[entry]! > scores[best]!) {
        second = best
        best = entry
      } else if (second < 0 || scores[entry]! > scores[second]!) second = entry
      this.#best[place] = best
      this.#second[place] = second
    }
  }

  /** The best entry that stands at or before `limit`; the next best if that is the one the test excepts; -1 for none. */
  upTo(limit: number, except?: (entry: number) => boolean): number {
    let low = 0
    let high = this.#at.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#at[middle]! <= limit) low = middle + 1
      else high = middle
    }
    if (low === 0) return -1
    const best = this.#best[low - 1]!
    return except?.(best) === true ? this.#second[low - 1]! : best
  }
}

/** Undefined when they already ascend, which histories nearly always do. */
function ascending(at: Float64Array): Uint32Array | undefined {
  for (let i = 1; i < at.length; i++) if (at[i - 1]! > at[i]!) return Uint32Array.from(at.keys()).sort((a, b) => at[a]! - at[b]! || a - b)
  return undefined
}
