import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mean, studentInterval } from '../statistics.ts'
import { meanInterval } from './mean-interval.ts'

const SEED = 20261127
const samples = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 30 })

/** The extra hours of sleep of "Student" (Biometrika 6, 1908), second drug less first. */
const SLEEP = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4]

describe('meanInterval', () => {
  it("is Student's where the samples lean to no side", () => {
    // n = 6, mean 3.5, s = 1.8708, t(97.5 %, 5) = 2.5706.
    const { low, high } = meanInterval([1, 2, 3, 4, 5, 6], 0.95)
    expect(low).toBeCloseTo(1.5367, 4)
    expect(high).toBeCloseTo(5.4633, 4)
  })

  it('widens with the confidence as the t distribution says', () => {
    // t(99.6875 %, 5) = 4.525716.
    const { low, high } = meanInterval([1, 2, 3, 4, 5, 6], 1 - 0.05 / 8)
    expect(high - low).toBeCloseTo((2 * 4.525716 * 1.870829) / Math.sqrt(6), 5)
  })

  it('lets through a lean that chance explains, and moves towards the long tail what it does not', () => {
    const mild = [1, 2, 3, 4, 5, 8]
    expect(meanInterval(mild, 0.95).high).toBeCloseTo(studentInterval(mild).high, 12)
    const student = studentInterval(SLEEP)
    expect([student.low, student.high]).toEqual([expect.closeTo(0.7001142, 6), expect.closeTo(2.4598858, 6)])
    const moved = meanInterval(SLEEP, 0.95)
    expect(moved.low).toBeGreaterThan(student.low)
    expect(moved.high).toBeGreaterThan(student.high)
    expect(moved.low).toBeLessThan(mean(SLEEP))
  })

  it('inverts the transformation it is named after', () => {
    // Of the excess skewness `g`: T + g (2 T^2 + 1) / (6 sqrt n) + g^2 T^3 / (27 n), at both ends, is Student's quantile.
    const n = SLEEP.length
    const centre = mean(SLEEP)
    const moment = (power: number) => mean(SLEEP.map((sample) => (sample - centre) ** power))
    const g = moment(3) / moment(2) ** 1.5 - 1.645 * Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
    const error = Math.sqrt(moment(2) / (n - 1))
    const transformed = (bound: number) => {
      const t = (centre - bound) / error
      return t + (g * (2 * t * t + 1)) / (6 * Math.sqrt(n)) + (g * g * t ** 3) / (27 * n)
    }
    const { low, high } = meanInterval(SLEEP, 0.95)
    expect(transformed(low)).toBeCloseTo(2.262157, 5)
    expect(transformed(high)).toBeCloseTo(-2.262157, 5)
  })

  it('turns round with the samples, moves and scales with them, and holds their mean', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: -5, max: 5, noNaN: true }), (values, shift) => {
        const { low, high } = meanInterval(values, 0.95)
        const near = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThan(1e-6 * (1 + Math.abs(a)))
        const mirrored = meanInterval(
          values.map((value) => -value),
          0.95,
        )
        near(mirrored.low, -high)
        near(mirrored.high, -low)
        const other = meanInterval(
          values.map((value) => 2 * value + shift),
          0.95,
        )
        near(other.low, 2 * low + shift)
        near(other.high, 2 * high + shift)
        expect(low).toBeLessThanOrEqual(mean(values) + 1e-9)
        expect(high).toBeGreaterThanOrEqual(mean(values) - 1e-9)
      }),
      { seed: SEED },
    )
  })

  it('says nothing of one sample, and is a point where nothing varies', () => {
    expect(meanInterval([5], 0.95)).toEqual({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
    expect(meanInterval([5, 5, 5], 0.95)).toEqual({ low: 5, high: 5 })
  })
})
