import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { driftsBeyondChance, lagOneCorrelation } from './drift.ts'

const SEED = 20261127
const stream = createChance(1).stream('orders')

describe('lagOneCorrelation', () => {
  it('is that of neighbours about the common mean', () => {
    // Squares of the three steps 3, about the mean 5.
    expect(lagOneCorrelation([1, 2, 3, 4])).toBeCloseTo(1 - 3 / 10, 12)
    expect(lagOneCorrelation([1, -1, 1, -1])).toBeCloseTo(1 - 12 / 8, 12)
  })
})

describe('driftsBeyondChance', () => {
  it('counts all orders where they are few', () => {
    // Of 720 orders the rising one and its mirror image are the most alike: p = 2 / 720.
    const rising = [1, 2, 3, 4, 5, 6]
    expect(driftsBeyondChance(rising, 2 / 720, stream)).toBe(true)
    expect(driftsBeyondChance(rising, 1.99 / 720, stream)).toBe(false)
  })

  it('agrees with a count by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 6 }), (values) => {
        const jumps = (order: readonly number[]) => order.slice(1).reduce((sum, value, at) => sum + (value - order[at]!) ** 2, 0)
        const orders = ordersOf(values)
        const asFar = orders.filter((order) => jumps(order) <= jumps(values)).length
        expect(driftsBeyondChance(values, (asFar + 0.5) / orders.length, stream)).toBe(true)
        expect(driftsBeyondChance(values, (asFar - 0.5) / orders.length, stream)).toBe(false)
      }),
      { seed: SEED, numRuns: 50 },
    )
  })

  it('finds a drift in more blocks, and none in those that alternate', () => {
    const noise = createChance(2).stream('noise')
    const drifting = Array.from({ length: 12 }, (_, block) => block + 2 * noise.uniform(block))
    expect(driftsBeyondChance(drifting, 0.00625, stream)).toBe(true)
    expect(
      driftsBeyondChance(
        drifting.map((value, block) => (block % 2 ? value : -value)),
        0.00625,
        stream,
      ),
    ).toBe(false)
  })

  it.each([6, 7, 8, 10, 30])('is wrong about %i independent blocks as often as its level says', (blocks) => {
    const noise = createChance(3).stream('noise')
    const families = 600
    let found = 0
    for (let family = 0; family < families; family++) {
      // Exponential: the test has to hold for whatever distribution.
      const values = Array.from({ length: blocks }, (_, block) => -Math.log(1 - noise.uniform(family, block)))
      if (driftsBeyondChance(values, 0.05, stream)) found++
    }
    // 5 % of 600 are 30, give or take 5.3.
    expect(found).toBeGreaterThan(14)
    expect(found).toBeLessThan(47)
  })

  it('finds none in fewer than three', () => {
    expect(driftsBeyondChance([1, 2], 1, stream)).toBe(false)
  })
})

function ordersOf(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]]
  return values.flatMap((value, at) => ordersOf([...values.slice(0, at), ...values.slice(at + 1)]).map((rest) => [value, ...rest]))
}
