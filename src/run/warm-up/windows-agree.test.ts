import { expect, test } from 'vitest'
import type { SteadyIndicator } from '../../workload/pattern.ts'
import { readIndicators, type WarmUpWindow } from './windows-agree.ts'

const window = (fields: Partial<WarmUpWindow>): WarmUpWindow => ({
  operations: 2000,
  hits: 1600,
  misses: 400,
  evictions: 0,
  items: 1000,
  ...fields,
})
const agrees = (name: SteadyIndicator, first: Partial<WarmUpWindow>, second: Partial<WarmUpWindow>) =>
  readIndicators([name], window(first), window(second))[0]!

test.each([
  // Two standard errors of the difference at 80 % of 2,000 each are 2.5 points.
  [true, { hits: 1600, misses: 400 }, { hits: 1640, misses: 360 }],
  [false, { hits: 1600, misses: 400 }, { hits: 1660, misses: 340 }],
  [false, { hits: 1600, misses: 400 }, { hits: 1540, misses: 460 }],
  [true, { hits: 2000, misses: 0 }, { hits: 2000, misses: 0 }],
  [false, { hits: 2000, misses: 0 }, { hits: 1990, misses: 10 }],
] as const)('hit ratios agree: %s', (expected, first, second) => {
  expect(agrees('hit_ratio', first, second)).toMatchObject({ judged: true, agrees: expected })
})

test.each([
  [true, 0, 0],
  [true, 100, 125],
  [false, 100, 135],
  [false, 0, 5],
] as const)('evictions agree: %s', (expected, first, second) => {
  expect(agrees('evictions', { evictions: first }, { evictions: second }).agrees).toBe(expected)
})

test.each([
  [true, 100_000, 101_900],
  [false, 100_000, 102_500],
  [false, 100_000, 97_000],
  // Of a thousand chance moves so many.
  [true, 1000, 1080],
  [false, 1000, 1110],
  [true, 0, 0],
] as const)('items agree within 2 %% or chance: %s', (expected, first, second) => {
  expect(agrees('items', { items: first }, { items: second }).agrees).toBe(expected)
})

test('what can not be read is not judged, by name', () => {
  for (const name of ['evictions', 'items'] as const) {
    expect(agrees(name, { evictions: undefined, items: undefined }, {})).toEqual({ name, judged: false, first: null, second: null, agrees: true })
  }
  expect(agrees('hit_ratio', { hits: 0, misses: 0 }, {})).toMatchObject({ judged: false })
})
