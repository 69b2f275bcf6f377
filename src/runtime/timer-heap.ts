import type { Nanos, Timer } from './runtime.ts'

/** Among fewer entries cancelled ones are left where they are. */
const COMPACT_ABOVE = 1_024

/**
 * Timers in order of (due, insertion): two timers of one instant fire in the order they were set. A cancelled timer keeps
 * its place until it is at the top, or most are cancelled: of deadlines that are nearly always met there are many.
 */
export class TimerHeap {
  #heap: Entry[] = []
  #inserted = 0
  readonly #count = { live: 0 }

  /** Timers that are neither fired nor cancelled. */
  get size(): number {
    return this.#count.live
  }

  /** With those that are cancelled and still have a place. */
  get places(): number {
    return this.#heap.length
  }

  add(dueNanos: Nanos, fire: () => void, quiet = false): Timer {
    const entry = new Entry(dueNanos, this.#inserted++, fire, quiet, this.#count)
    if (this.#heap.length > COMPACT_ABOVE && this.#heap.length > 2 * this.#count.live) this.#compact()
    this.#push(entry)
    this.#count.live++
    return entry
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(entry)
    while (index > 0) {
      const parent = (index - 1) >> 1
      if (!before(entry, heap[parent]!)) break
      heap[index] = heap[parent]!
      index = parent
    }
    heap[index] = entry
  }

  /** The order of the rest stays: it does not hang on where in the heap an entry stands. */
  #compact(): void {
    const entries = this.#heap
    this.#heap = []
    for (const entry of entries) if (!entry.cancelled) this.#push(entry)
  }

  /** When the next live timer is due; undefined when there is none. */
  peek(): Nanos | undefined {
    while (this.#heap.length > 0 && this.#heap[0]!.cancelled) this.#removeTop()
    return this.#heap[0]?.dueNanos
  }

  /** Takes the next live timer out. Call `peek` first: the heap must not be empty. */
  pop(): { readonly dueNanos: Nanos; readonly order: number; readonly fire: () => void; readonly quiet: boolean } {
    this.peek()
    const top = this.#heap[0]!
    this.#removeTop()
    top.cancel()
    return top
  }

  #removeTop(): void {
    const heap = this.#heap
    const last = heap.pop()!
    if (heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      if (child >= heap.length) break
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++
      if (!before(heap[child]!, last)) break
      heap[index] = heap[child]!
      index = child
    }
    heap[index] = last
  }
}

class Entry implements Timer {
  readonly dueNanos: Nanos
  readonly order: number
  readonly fire: () => void
  readonly quiet: boolean
  cancelled = false
  readonly #count: { live: number }

  constructor(dueNanos: Nanos, order: number, fire: () => void, quiet: boolean, count: { live: number }) {
    this.dueNanos = dueNanos
    this.order = order
    this.fire = fire
    this.quiet = quiet
    this.#count = count
  }

  cancel(): void {
    if (this.cancelled) return
    this.cancelled = true
    this.#count.live--
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.dueNanos < b.dueNanos || (a.dueNanos === b.dueNanos && a.order < b.order)
}
