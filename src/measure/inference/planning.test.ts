import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blocksFor, blocksForDifference } from './blocks-for.ts'
import { blocksThatTell } from './blocks-that-tell.ts'
import { detectable, detectableDifference } from './detectable.ts'
import { noncentralityFor } from './noncentrality-for.ts'

const SEED = 20261127
const FAMILY = 1 - 0.05 / 8

describe('what so many blocks can show', () => {
  it.each([
    // In standard deviations, by an independent implementation of the noncentral t distribution.
    [6, 0.95, 1.4345453439],
    [10, 0.95, 0.9960022543],
    [30, 0.95, 0.5292362448],
    [6, FAMILY, 2.3418530222],
    [10, FAMILY, 1.4344457186],
    [30, FAMILY, 0.6983270587],
  ])('with %i blocks at %f is %f deviations', (blocks, confidence, deviations) => {
    expect(detectableDifference(1, blocks, confidence)).toBeCloseTo(deviations, 7)
    expect(detectable(0.1, blocks, confidence)).toBeCloseTo(Math.exp(0.1 * deviations), 7)
  })

  it('is nothing with one', () => {
    expect(detectable(0.1, 1, 0.95)).toBe(Number.POSITIVE_INFINITY)
  })

  it('refuses a power that none can have', () => {
    expect(() => noncentralityFor(1, 5, 0.95)).toThrow('a power of 1 is not between 0 and 1')
  })
})

describe('how many blocks show a difference', () => {
  it.each([
    // The usual tables of the paired t test, two-sided at 5 % with 80 %: 34, 15 and 10 pairs.
    [0.5, 34],
    [0.8, 15],
    [1, 10],
  ])('of %f deviations: %i', (deviations, blocks) => {
    expect(blocksForDifference(deviations, 1, 0.95)).toBe(blocks)
  })

  it('is the same for a ratio and for its inverse, more for a family, and never below 6', () => {
    expect(blocksFor(1.05, 0.0976, 0.95)).toBe(34)
    expect(blocksFor(1 / 1.05, 0.0976, 0.95)).toBe(34)
    expect(blocksFor(1.05, 0.0976, FAMILY)!).toBeGreaterThan(34)
    expect(blocksFor(2, 0.01, 0.95)).toBe(6)
    expect(blocksFor(1.05, 0, 0.95)).toBe(6)
    expect(blocksFor(1, 0.1, 0.95)).toBeUndefined()
    expect(() => blocksFor(0, 0.1, 0.95)).toThrow('a ratio of 0; above 0')
  })

  it('is the fewest whose detectable difference is small enough', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.02, max: 5, noNaN: true }),
        fc.constantFrom(0.95, FAMILY),
        fc.constantFrom(0.8, 0.9),
        (difference, confidence, power) => {
          const blocks = blocksForDifference(difference, 1, confidence, power)!
          expect(detectableDifference(1, blocks, confidence, power)).toBeLessThanOrEqual(difference * (1 + 1e-9))
          if (blocks > 6) expect(detectableDifference(1, blocks - 1, confidence, power)).toBeGreaterThan(difference * (1 - 1e-9))
        },
      ),
      { seed: SEED },
    )
  })
})

describe('how many blocks would tell', () => {
  const undecided = (estimate: number, margin = 1) => blocksThatTell({ estimate, deviation: 1, margin, confidence: 0.95 })

  it('are those that show the estimate, where it is beyond the margin', () => {
    expect(undecided(1)).toBe(blocksForDifference(1, 1, 0.95))
    expect(undecided(-0.5, 0.1)).toBe(34)
  })

  it('are those that keep both ends within the margin, where there is no difference', () => {
    // Each end misses it in one of ten.
    expect(undecided(0)).toBe(blocksForDifference(1, 1, 0.95, 0.9))
  })

  it('are most where the truth lies in the middle between the two words', () => {
    expect(undecided(0.5)).toBe(blocksForDifference(0.5, 1, 0.95))
    expect(undecided(0.5)!).toBeGreaterThan(undecided(0.2)!)
    expect(undecided(0.5)!).toBeGreaterThan(undecided(0.8)!)
  })

  it('are none where there is nothing to tell apart', () => {
    expect(undecided(0, 0)).toBeUndefined()
  })
})
