import type { Item } from './item.ts'

const INITIAL_POWER = 10
/** Old buckets moved by each change while the table grows: the move is over long before it fills up again. */
const MOVE_STEP = 4

/** FNV-1a with a final mix; a signed integer of 32 bits, which V8 keeps without a box. */
export function hashKey(key: Uint8Array): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key[i]!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b)
  return hash ^ (hash >>> 15)
}

/**
 * Items by key, chained through `Item.chain` as in assoc.c, so that an item costs one bucket slot and no string.
 * Grows by doubling, a few buckets with each change: no command pays for the whole move.
 */
export class HashTable {
  size = 0
  #power = INITIAL_POWER
  #buckets: (Item | null)[] = emptyBuckets(INITIAL_POWER)
  /** The table being left, and how far it has been emptied. */
  #old: (Item | null)[] | null = null
  #moved = 0

  get power(): number {
    return this.#power
  }

  get growing(): boolean {
    return this.#old !== null
  }

  find(key: Uint8Array, hash: number): Item | null {
    let item: Item | null = this.#chainOf(hash)[this.#slotOf(hash)] ?? null
    while (item !== null) {
      if (item.hash === hash && item.hasKey(key)) return item
      item = item.chain
    }
    return null
  }

  insert(item: Item): void {
    this.#move()
    const chains = this.#chainOf(item.hash)
    const slot = this.#slotOf(item.hash)
    item.chain = chains[slot] ?? null
    chains[slot] = item
    this.size++
    if (this.#old === null && this.size > this.#buckets.length * 1.5) this.#grow()
  }

  remove(item: Item): void {
    const chains = this.#chainOf(item.hash)
    const slot = this.#slotOf(item.hash)
    let before: Item | null = null
    let at: Item | null = chains[slot] ?? null
    while (at !== null && at !== item) {
      before = at
      at = at.chain
    }
    if (at === null) return
    if (before === null) chains[slot] = item.chain
    else before.chain = item.chain
    item.chain = null
    this.size--
    this.#move()
  }

  #chainOf(hash: number): (Item | null)[] {
    return this.#old !== null && (hash & (this.#old.length - 1)) >= this.#moved ? this.#old : this.#buckets
  }

  #slotOf(hash: number): number {
    return hash & (this.#chainOf(hash).length - 1)
  }

  #grow(): void {
    this.#old = this.#buckets
    this.#moved = 0
    this.#power++
    this.#buckets = emptyBuckets(this.#power)
  }

  #move(): void {
    const old = this.#old
    if (old === null) return
    for (let step = 0; step < MOVE_STEP && this.#moved < old.length; step++) {
      let item = old[this.#moved] ?? null
      while (item !== null) {
        const next: Item | null = item.chain
        const slot = item.hash & (this.#buckets.length - 1)
        item.chain = this.#buckets[slot] ?? null
        this.#buckets[slot] = item
        item = next
      }
      old[this.#moved] = null
      this.#moved++
    }
    if (this.#moved === old.length) this.#old = null
  }
}

function emptyBuckets(power: number): (Item | null)[] {
  return new Array<Item | null>(2 ** power).fill(null)
}
