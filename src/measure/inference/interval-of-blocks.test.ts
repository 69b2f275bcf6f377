import { expect, it } from 'vitest'
import { exactly, type MeasuredFigure } from '../metrics/figure.ts'
import { intervalOfBlocks as intervalAt } from './interval-of-blocks.ts'

const of = (...values: number[]) => values.map((value) => exactly(value))
const intervalOfBlocks = (figures: readonly MeasuredFigure[]) => intervalAt(figures, 0.95)

it('is that of the geometric mean where all are above zero', () => {
  const { low, high } = intervalOfBlocks(of(1, 2, 4, 8, 16, 32))!
  // log2: 0..5, mean 2.5 +- 1.9633.
  expect(Math.log2(low)).toBeCloseTo(0.5367, 3)
  expect(Math.log2(high)).toBeCloseTo(4.4633, 3)
})

it('is that of the mean where one is zero, and not below zero', () => {
  expect(intervalOfBlocks(of(0, 1, 2, 3, 4, 5))).toEqual({ low: expect.closeTo(0.5367, 3), high: expect.closeTo(4.4633, 3) })
  expect(intervalOfBlocks(of(0, 0, 0, 0, 1, 1))!.low).toBe(0)
})

it('stands at the worse bound at either end', () => {
  const values = [1, 2, 4, 8, 16, 32]
  const stretches = values.map((value) => ({ low: value, high: 2 * value }))
  const { low, high } = intervalOfBlocks(stretches)!
  expect(low).toBeCloseTo(intervalOfBlocks(of(...values))!.low, 9)
  expect(high).toBeCloseTo(2 * intervalOfBlocks(of(...values))!.high, 9)
})

it('widens with the confidence', () => {
  const { low, high } = intervalAt(of(0, 1, 2, 3, 4, 5), 0.99)!
  // t(99.5 %, 5) = 4.0321.
  expect(high).toBeCloseTo(2.5 + (4.0321 * 1.870829) / Math.sqrt(6), 3)
  expect(low).toBe(0)
})

it('is none below six blocks, without an upper bound, and where nothing varies', () => {
  expect(intervalOfBlocks(of(1, 2, 3, 4, 5))).toBeUndefined()
  expect(intervalOfBlocks([...of(1, 2, 3, 4, 5), { low: 6, high: Number.POSITIVE_INFINITY }])).toBeUndefined()
  expect(intervalOfBlocks(of(3, 3, 3, 3, 3, 3))).toBeUndefined()
})
