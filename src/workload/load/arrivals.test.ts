import { expect, test } from 'vitest'
import { SECOND } from '../../runtime/runtime.ts'
import { arrivalsContract, arrivalsStream } from './arrivals.contract.ts'
import { createConstant } from './constant.ts'
import { createArrivals } from './create-arrivals.ts'
import { createPoisson } from './poisson.ts'

arrivalsContract({ name: 'poisson', create: createPoisson, deviation: Math.sqrt })
// No more than one gap is rounded, and never the sum.
arrivalsContract({ name: 'constant', create: createConstant, deviation: () => 0.001 })

test('poisson gaps are exponential', () => {
  const arrivals = createPoisson(1000, arrivalsStream(11))
  const count = 100_000
  // Deciles of the exponential distribution; chi-square with 9 degrees of freedom, 99.99 % point 33.7.
  const bins = new Array<number>(10).fill(0)
  for (let index = 0; index < count; index++) bins[Math.min(9, Math.floor(10 * (1 - Math.exp((-arrivals.gap(index) * 1000) / SECOND))))]!++
  const expected = count / 10
  expect(bins.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)).toBeLessThan(33.7)
})

test('constant gaps do not drift where the period is no whole number of nanoseconds', () => {
  const arrivals = createConstant(3)
  let due = 0
  for (let index = 0; index < 3_000_000; index++) due += arrivals.gap(index)
  expect(due).toBe(1_000_000 * SECOND)
})

test('a workload gets the arrivals it asks for, and a rate of nothing is refused', () => {
  const make = (arrivals: 'poisson' | 'constant', ratePerSecond: number) =>
    createArrivals({ kind: 'open', maxInFlight: 100, connections: 1, arrivals, ratePerSecond }, arrivalsStream(11))
  for (const kind of ['poisson', 'constant'] as const) expect(make(kind, 500).description).toContain(kind)
  expect(() => make('poisson', 0)).toThrow(RangeError)
})
