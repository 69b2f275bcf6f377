import { describe, expect, it } from 'vitest'
import { EntrySegment, SEGMENT } from './entry-segment.ts'
import { ExpiryHeap } from './expiry-heap.ts'
import { NEVER } from './keyspace.ts'

/** A heap over two segments that sets like its keyspace does. */
function heapOf(times: Readonly<Record<number, number>> = {}) {
  const segments = [new EntrySegment(), new EntrySegment()]
  const heap = new ExpiryHeap(segments)
  const set = (entry: number, when: number) => {
    const before = heap.whenOf(entry)
    if (before !== when) heap.change(entry, before, when)
  }
  for (const [entry, when] of Object.entries(times)) set(Number(entry), when)
  const drain = () => {
    const order: number[] = []
    for (let entry = heap.first(); entry >= 0; entry = heap.first()) {
      order.push(entry)
      set(entry, NEVER)
    }
    return order
  }
  return { segments, heap, set, drain }
}

describe('ExpiryHeap', () => {
  it('is empty at first, and gives no segment columns before an entry expires', () => {
    const { heap, segments, set } = heapOf()
    expect([heap.size, heap.first(), heap.sample(0.5), heap.whenOf(3)]).toEqual([0, -1, -1, NEVER])
    set(SEGMENT + 1, 5)
    expect(segments.map(({ expiry }) => expiry !== undefined)).toEqual([false, true])
  })

  it('gives entries in the order of their expiry, over segments and beyond its first room', () => {
    const times = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [i % 2 === 0 ? i : SEGMENT + i, (i * 37) % 101]))
    const { heap, drain } = heapOf(times)
    expect(heap.size).toBe(100)
    const byTime = Object.entries(times).sort(([, a], [, b]) => a - b)
    expect(drain()).toEqual(byTime.map(([entry]) => Number(entry)))
    expect(heap.size).toBe(0)
  })

  it('moves an entry whose expiry comes nearer, goes further away or is taken back', () => {
    const { set, drain } = heapOf({ 0: 10, 1: 20, 2: 30, 3: 40, 4: 50 })
    set(4, 5)
    set(0, 60)
    set(2, NEVER)
    expect(drain()).toEqual([4, 1, 3, 0])
  })

  it('follows an entry to another number, and leaves nothing at the old one', () => {
    const { heap, drain } = heapOf({ 7: 10, [SEGMENT]: 20, 9: 30 })
    heap.renumber(SEGMENT, 3)
    heap.renumber(SEGMENT + 5, 4)
    expect([heap.whenOf(SEGMENT), heap.whenOf(3), heap.whenOf(4)]).toEqual([NEVER, 20, NEVER])
    expect(drain()).toEqual([7, 3, 9])
  })

  it('samples only what expires', () => {
    const { heap } = heapOf({ 1: 3, 5: 2, 9: 1 })
    expect(new Set([0, 0.4, 0.99].map((draw) => heap.sample(draw)))).toEqual(new Set([1, 5, 9]))
  })
})
