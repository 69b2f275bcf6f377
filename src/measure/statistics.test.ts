import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mean, quantile, signFlipPValue, standardDeviation, studentInterval } from './statistics.ts'
import { studentTCdf, studentTQuantile } from './student-t.ts'

const SEED = 20261124
const real = fc.double({ min: -1e6, max: 1e6, noNaN: true })

describe('studentTQuantile', () => {
  it.each([
    // The usual tables.
    [0.975, 1, 12.7062],
    [0.975, 5, 2.5706],
    [0.975, 9, 2.2622],
    [0.975, 29, 2.0452],
    [0.8, 5, 0.9195],
    [0.995, 3, 5.8409],
    [0.95, 120, 1.6577],
  ])('has %f of the distribution with %i degrees below %f', (p, degrees, t) => {
    expect(studentTQuantile(p, degrees)).toBeCloseTo(t, 4)
    expect(studentTQuantile(1 - p, degrees)).toBeCloseTo(-t, 4)
  })

  it('is the inverse of the distribution', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.integer({ min: 1, max: 200 }), (p, degrees) => {
        expect(studentTCdf(studentTQuantile(p, degrees), degrees)).toBeCloseTo(p, 9)
      }),
      { seed: SEED },
    )
  })

  it('has closed forms for one and two degrees', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 50, noNaN: true }), (t) => {
        expect(studentTCdf(t, 1)).toBeCloseTo(0.5 + Math.atan(t) / Math.PI, 10)
        expect(studentTCdf(t, 2)).toBeCloseTo(0.5 + t / (2 * Math.sqrt(2 + t * t)), 10)
      }),
      { seed: SEED },
    )
  })

  it('refuses shares and degrees that there are not', () => {
    expect(() => studentTQuantile(1, 5)).toThrow(RangeError)
    expect(() => studentTQuantile(0.9, 0)).toThrow(RangeError)
  })
})

describe('samples', () => {
  it('have a mean, a deviation and quantiles', () => {
    expect(mean([1, 2, 6])).toBe(3)
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.138, 3)
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantile([4, 1, 3, 2], 1)).toBe(4)
    expect([mean([]), standardDeviation([1]), quantile([], 0.5)]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect(() => quantile([1], 1.5)).toThrow(RangeError)
  })

  it('have quantiles that rise with q and lie between smallest and largest', () => {
    fc.assert(
      fc.property(
        fc.array(real, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (samples, a, b) => {
          const [low, high] = [quantile(samples, Math.min(a, b)), quantile(samples, Math.max(a, b))]
          expect(low).toBeLessThanOrEqual(high + 1e-9 * Math.abs(high))
          expect(quantile(samples, 0)).toBe(Math.min(...samples) + 0)
          expect(quantile(samples, 1)).toBe(Math.max(...samples) + 0)
        },
      ),
      { seed: SEED },
    )
  })

  it('have an interval that says nothing for one sample and is exact for a known case', () => {
    expect(studentInterval([5])).toEqual({ low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY })
    // n = 6, mean 3.5, s = 1.8708, t = 2.5706.
    const { low, high } = studentInterval([1, 2, 3, 4, 5, 6])
    expect(low).toBeCloseTo(1.5367, 3)
    expect(high).toBeCloseTo(5.4633, 3)
  })
})

describe('signFlipPValue', () => {
  it('counts the same as trying every combination of signs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { maxLength: 12 }), (differences) => {
        const seen = Math.abs(differences.reduce((sum, value) => sum + value, 0))
        let asFar = 0
        for (let signs = 0; signs < 2 ** differences.length; signs++) {
          const sum = differences.reduce((total, value, index) => total + (signs & (1 << index) ? value : -value), 0)
          if (Math.abs(sum) >= seen) asFar++
        }
        expect(signFlipPValue(differences)).toBeCloseTo(asFar / 2 ** differences.length, 12)
      }),
      { seed: SEED },
    )
  })

  it('can not go below 2 / 2^n', () => {
    expect(signFlipPValue([1, 2, 3, 4, 5])).toBe(2 / 2 ** 5)
    expect(signFlipPValue([0.01, 0.02, 0.01, 0.03, 0.02, 0.01])).toBe(2 / 2 ** 6)
    expect(signFlipPValue(Array.from({ length: 40 }, (_, n) => 1 + n / 7))).toBe(2 / 2 ** 40)
    expect(signFlipPValue([])).toBe(1)
    expect(() => signFlipPValue(new Array(41).fill(1))).toThrow(RangeError)
  })
})
