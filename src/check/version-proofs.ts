import type { HistoryColumns } from '../measure/history.ts'

/**
 * When it was certain, for one key, that a version existed. Versions come from the database and are a total order,
 * so the proof that any newer version existed is all a read has to be held against.
 */
export class VersionProofs {
  #versions = new Float64Array(0)
  #rows = new Uint32Array(0)
  /** Entry i: the earliest proof among versions i and newer, as an index into the arrays. */
  #earliest = new Uint32Array(0)
  #length = 0
  readonly #columns: HistoryColumns

  constructor(columns: HistoryColumns) {
    this.#columns = columns
  }

  get length(): number {
    return this.#length
  }

  /** The newest version there is a proof of; -Infinity without any. */
  get newest(): number {
    return this.#length === 0 ? Number.NEGATIVE_INFINITY : this.#versions[this.#length - 1]!
  }

  /** Replaces what was held: rows that prove a version by their completion (`done`), with `ret` the version. */
  replace(rows: readonly number[]): void {
    const { ret, done } = this.#columns
    const length = rows.length
    if (this.#versions.length < length) {
      this.#versions = new Float64Array(length * 2)
      this.#rows = new Uint32Array(length * 2)
      this.#earliest = new Uint32Array(length * 2)
    }
    const sorted = [...rows].sort((a, b) => ret[a]! - ret[b]! || done[a]! - done[b]!)
    for (let i = 0; i < length; i++) {
      this.#rows[i] = sorted[i]!
      this.#versions[i] = ret[sorted[i]!]!
    }
    for (let i = length - 1; i >= 0; i--) {
      const later = i + 1 < length ? this.#earliest[i + 1]! : i
      this.#earliest[i] = done[this.#rows[i]!]! <= done[this.#rows[later]!]! ? i : later
    }
    this.#length = length
  }

  has(version: number): boolean {
    const at = this.#after(version) - 1
    return at >= 0 && this.#versions[at] === version
  }

  /** The row whose completion first proved that something newer than `version` existed; -1 when nothing did. */
  firstNewer(version: number): number {
    const at = this.#after(version)
    return at < this.#length ? this.#rows[this.#earliest[at]!]! : -1
  }

  #after(version: number): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#versions[middle]! <= version) low = middle + 1
      else high = middle
    }
    return low
  }
}
