import { describe, expect, test } from 'vitest'
import { createChance } from './chance.ts'
import type { Timer } from './runtime.ts'
import { TimerHeap } from './timer-heap.ts'

describe('timer heap', () => {
  test('gives timers in the order of their instants, and of their setting within one, whatever is cancelled between', () => {
    const draws = createChance(5).stream('timers')
    const heap = new TimerHeap()
    const model: { due: number; order: number; timer: Timer }[] = []
    const fired: [number, number][] = []
    const expected: [number, number][] = []
    for (let step = 0; step < 5_000; step++) {
      const chance = draws.uniform(step, 0)
      if (chance < 0.5 || model.length === 0) {
        const due = Math.floor(draws.uniform(step, 1) * 500)
        const order = step
        model.push({ due, order, timer: heap.add(due, () => fired.push([due, order])) })
      } else if (chance < 0.9) {
        const [gone] = model.splice(Math.floor(draws.uniform(step, 2) * model.length), 1)
        gone!.timer.cancel()
      } else {
        model.sort((a, b) => a.due - b.due || a.order - b.order)
        const { due, order } = model.shift()!
        expect(heap.peek()).toBe(due)
        heap.pop().fire()
        expected.push([due, order])
      }
      expect(heap.size).toBe(model.length)
    }
    expect(fired).toEqual(expected)
  })

  test('does not keep what is cancelled: a deadline that is met a million times is not in it a million times', () => {
    const heap = new TimerHeap()
    for (let n = 0; n < 100; n++) heap.add(n, () => {})
    for (let n = 0; n < 100_000; n++) heap.add(1_000_000 + n, () => {}).cancel()
    expect(heap.size).toBe(100)
    expect(heap.places).toBeLessThan(2_000)
  })
})
