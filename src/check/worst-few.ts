/** The few largest of many, without keeping the many: what examples and counterexamples are chosen with. */
export class WorstFew<T> {
  readonly #limit: number
  readonly #entries: { readonly score: number; readonly value: T }[] = []

  constructor(limit = 5) {
    this.#limit = limit
  }

  /** `make` is called only for what is kept. Equal scores: the earlier one stays. */
  offer(score: number, make: () => T): void {
    const entries = this.#entries
    if (entries.length === this.#limit && score <= entries[entries.length - 1]!.score) return
    let at = entries.length
    while (at > 0 && entries[at - 1]!.score < score) at--
    entries.splice(at, 0, { score, value: make() })
    if (entries.length > this.#limit) entries.pop()
  }

  /** Largest first. */
  values(): readonly T[] {
    return this.#entries.map((entry) => entry.value)
  }
}
