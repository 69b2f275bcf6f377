import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentTCdf, studentTQuantile } from '../student-t.ts'
import { noncentralTCdf } from './noncentral-t.ts'
import { normalCdf } from './normal-cdf.ts'

const SEED = 20261127

describe('normalCdf', () => {
  it.each([
    [0, 0.5],
    [1, 0.841344746068543],
    [-1.959963984540054, 0.025],
    [3, 0.99865010196837],
    [-6, 9.865876450377e-10],
  ])('has below %f the tabled %f', (z, share) => {
    expect(normalCdf(z)).toBeCloseTo(share, 14)
  })

  it('is whole at its ends, and where the series is cut', () => {
    expect([normalCdf(-40), normalCdf(40)]).toEqual([0, 1])
    expect(normalCdf(7.999)).toBeCloseTo(1, 14)
  })
})

describe('noncentralTCdf', () => {
  // By adaptive quadrature with 30 digits (mpmath) and by another implementation (Boost).
  it.each([
    [2, 10, 1, 0.807611562530375],
    [0, 5, 2, 0.0227501319481792],
    [-1, 3, 0.5, 0.0921212098143594],
    [3, 5, 2.5, 0.595896011478296],
    [4.2, 5, 4.9, 0.2837220415649033],
    [2.262, 9, 3.16, 0.19741865457914412],
    [12.7, 1, 4, 0.753529121618134],
    [40, 30, 38, 0.617475259341116],
    [1.5, 200, -0.5, 0.9768444849485496],
    [2.9, 1.5, 2, 0.5733093663426974],
    [5, 99999, 3, 0.9772424439759184],
  ])('of t = %f with %f degrees and noncentrality %f is %f', (t, degrees, noncentrality, share) => {
    expect(noncentralTCdf(t, degrees, noncentrality)).toBeCloseTo(share, 9)
  })

  it('gives the power that the documentation of R gives for 20 and 20, one deviation apart: 0.8689528', () => {
    expect(1 - noncentralTCdf(studentTQuantile(0.975, 38), 38, Math.sqrt(10))).toBeCloseTo(0.8689528, 7)
  })

  it('is the central distribution where there is no difference', () => {
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), fc.integer({ min: 1, max: 200 }), (t, degrees) => {
        expect(noncentralTCdf(t, degrees, 0)).toBeCloseTo(studentTCdf(t, degrees), 7)
      }),
      { seed: SEED },
    )
  })

  it('mirrors, rises with t and falls with the noncentrality', () => {
    const number = fc.double({ min: -12, max: 12, noNaN: true })
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 60 }), fc.double({ min: 0, max: 3, noNaN: true }), (t, noncentrality, degrees, more) => {
        const share = noncentralTCdf(t, degrees, noncentrality)
        expect(1 - noncentralTCdf(-t, degrees, -noncentrality)).toBeCloseTo(share, 9)
        expect(noncentralTCdf(t + more, degrees, noncentrality)).toBeGreaterThan(share - 1e-9)
        expect(noncentralTCdf(t, degrees, noncentrality + more)).toBeLessThan(share + 1e-9)
      }),
      { seed: SEED },
    )
  })

  it('refuses degrees of which it can not integrate the distribution', () => {
    expect(() => noncentralTCdf(1, 0.5, 0)).toThrow('0.5 degrees of freedom; at least 1')
  })
})
