import { describe, expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { SECOND } from '../../runtime/runtime.ts'
import { createArrivals } from './create-arrivals.ts'

const open = { kind: 'open', maxInFlight: 100, connections: 1 } as const
const make = (arrivals: 'poisson' | 'constant', ratePerSecond: number, seed = 11) =>
  createArrivals({ ...open, arrivals, ratePerSecond }, createChance(seed).stream('arrivals'))

describe.each(['poisson', 'constant'] as const)('%s arrivals', (kind) => {
  test.each([0.5, 7, 5000, 200_000])('offer the rate that was asked for: %d/s', (rate) => {
    const arrivals = make(kind, rate)
    const count = 50_000
    let sum = 0
    let odd = 0
    for (let index = 0; index < count; index++) {
      const gap = arrivals.gap(index)
      if (!Number.isSafeInteger(gap) || gap < 0) odd++
      sum += gap
    }
    expect(odd).toBe(0)
    // The mean of n exponential gaps has a relative standard deviation of 1/sqrt(n).
    expect(Math.abs((sum * rate) / SECOND / count - 1)).toBeLessThan(kind === 'constant' ? 1e-6 : 4 / Math.sqrt(count))
    expect(arrivals.ratePerSecond).toBe(rate)
    expect(arrivals.description).toContain(kind)
  })

  test('are a pure function of seed and index', () => {
    const arrivals = make(kind, 1000)
    const gaps = Array.from({ length: 100 }, (_, index) => arrivals.gap(index))
    const again = make(kind, 1000)
    for (let index = 99; index >= 0; index--) expect(again.gap(index)).toBe(gaps[index])
  })
})

test('poisson gaps are exponential', () => {
  const arrivals = make('poisson', 1000)
  const count = 100_000
  // Deciles of the exponential distribution; chi-square with 9 degrees of freedom, 99.99 % point 33.7.
  const bins = new Array<number>(10).fill(0)
  for (let index = 0; index < count; index++) bins[Math.min(9, Math.floor(10 * (1 - Math.exp((-arrivals.gap(index) * 1000) / SECOND))))]!++
  const expected = count / 10
  expect(bins.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)).toBeLessThan(33.7)
})

test('constant gaps do not drift where the period is no whole number of nanoseconds', () => {
  const arrivals = make('constant', 3)
  let due = 0
  for (let index = 0; index < 3_000_000; index++) due += arrivals.gap(index)
  expect(due).toBe(1_000_000 * SECOND)
})

test('a rate of nothing is refused', () => {
  expect(() => make('poisson', 0)).toThrow(RangeError)
})
