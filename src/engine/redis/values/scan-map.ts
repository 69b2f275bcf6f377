/**
 * A map from latin1 strings that can be sampled in O(1) and scanned while it changes. Entries are dense; the
 * last one fills the gap of a removed one, and a scan walks downward (see keyspace.ts for why that is complete).
 * Up to 2^24 entries, a JavaScript Map's limit: one hash or sorted set, not a keyspace.
 */
export class ScanMap<V> {
  readonly #index = new Map<string, number>()
  readonly keys: string[] = []
  readonly values: V[] = []

  get size(): number {
    return this.keys.length
  }

  get(key: string): V | undefined {
    const at = this.#index.get(key)
    return at === undefined ? undefined : this.values[at]
  }

  has(key: string): boolean {
    return this.#index.has(key)
  }

  set(key: string, value: V): void {
    const at = this.#index.get(key)
    if (at !== undefined) {
      this.values[at] = value
      return
    }
    this.#index.set(key, this.keys.length)
    this.keys.push(key)
    this.values.push(value)
  }

  delete(key: string): boolean {
    const at = this.#index.get(key)
    if (at === undefined) return false
    this.#index.delete(key)
    const lastKey = this.keys.pop()!
    const lastValue = this.values.pop()!
    if (lastKey !== key) {
      this.keys[at] = lastKey
      this.values[at] = lastValue
      this.#index.set(lastKey, at)
    }
    return true
  }

  /** See `Keyspace.scan`. */
  scan(cursor: number, count: number, visit: (key: string, value: V) => void): number {
    let at = cursor === 0 || cursor > this.size ? this.size : cursor
    const end = Math.max(0, at - count)
    while (at > end) {
      at--
      visit(this.keys[at]!, this.values[at]!)
    }
    return at
  }
}
