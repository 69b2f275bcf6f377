import { expect, test } from 'vitest'
import { truncationPoint } from './truncation-point.ts'

/** Alike from batch to batch: with chance in it the best place may lie a little later. */
const noise = (index: number) => (index % 2 === 0 ? 0.01 : -0.01)

test('cuts where a start-up ends, to the batch', () => {
  const step = Array.from({ length: 100 }, (_, index) => (index < 20 ? 0.3 : 0.6) + noise(index))
  expect(truncationPoint(step)).toBe(20)
  const ramp = Array.from({ length: 200 }, (_, index) => Math.min(1, index / 60) + noise(index))
  expect(truncationPoint(ramp)).toBeGreaterThanOrEqual(50)
  expect(truncationPoint(ramp)).toBeLessThanOrEqual(65)
})

test('cuts at most half, nothing of what is constant, and says nothing of a few', () => {
  const late = Array.from({ length: 100 }, (_, index) => (index < 80 ? 0.3 : 0.6) + noise(index))
  expect(truncationPoint(late)).toBeLessThanOrEqual(50)
  expect(truncationPoint(Array(100).fill(0.5))).toBe(0)
  expect(truncationPoint(Array(49).fill(0.5))).toBeUndefined()
  expect(truncationPoint(Array(50).fill(0.5))).toBe(0)
})

test('weighs the error by how much is left: two bad values are cut, the half behind them is not', () => {
  const spike = Array.from({ length: 100 }, (_, index) => (index < 5 ? 9 : 1) + noise(index))
  expect(truncationPoint(spike)).toBe(5)
})
