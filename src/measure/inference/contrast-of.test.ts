import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactly, type MeasuredFigure } from '../metrics/figure.ts'
import { blocksForDifference } from './blocks-for.ts'
import type { Contrast, ContrastInput } from './contrast.ts'
import { contrastOf } from './contrast-of.ts'
import { detectable } from './detectable.ts'

const SEED = 20261127
const FAMILY = 1 - 0.05 / 8

const of = (values: readonly number[]) => values.map((value) => exactly(value))

function contrast(baseline: readonly number[], candidate: readonly number[], more: Partial<ContrastInput> = {}): Contrast {
  return contrastOf({
    scale: 'ratio',
    better: 'less',
    baseline: of(baseline),
    candidate: of(candidate),
    paired: true,
    confidence: 0.95,
    equivalentWithin: 0.05,
    ...more,
  })
}

const shares = (baseline: readonly number[], candidate: readonly number[], more: Partial<ContrastInput> = {}) =>
  contrast(baseline, candidate, { scale: 'share', ...more })

/** What all alternatives of a block share is far larger than what tells them apart. */
const BLOCKS = [100, 260, 90, 410, 105, 95]
const NOISE = [1.01, 0.98, 1.02, 0.995, 1.005, 0.99]
const times = (factor: number, noise = NOISE) => BLOCKS.map((value, block) => value * factor * noise[block]!)

describe('a ratio', () => {
  it('is found by blocks that are paired, and with the interval of their log-ratios', () => {
    const found = contrast(BLOCKS, times(1.2))
    expect(found).toMatchObject({ scale: 'ratio', paired: true, blocks: 6, confidence: 0.95, word: 'worse' })
    expect(found.estimate).toBeCloseTo(1.2 * 0.99991, 4)
    // Logs of the noise: mean -0.0000857, s 0.0147 x t(97.5 %, 5) / sqrt(6).
    const logs = NOISE.map(Math.log)
    const centre = logs.reduce((sum, log) => sum + log, 0) / 6
    const half = (2.570582 * Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / 5)) / Math.sqrt(6)
    expect(Math.log(found.interval!.low / 1.2)).toBeCloseTo(centre - half, 6)
    expect(Math.log(found.interval!.high / 1.2)).toBeCloseTo(centre + half, 6)
    expect(found.pValue).toBe(2 / 2 ** 6)
    expect(found).not.toHaveProperty('why')
  })

  it('is lost in what blocks share where they are not paired', () => {
    expect(contrast(BLOCKS, times(1.2), { paired: false })).toMatchObject({ paired: false, word: 'inconclusive' })
  })

  it.each([
    ['less', 1.2, 'worse'],
    ['less', 1 / 1.2, 'better'],
    ['more', 1.2, 'better'],
    ['more', 1 / 1.2, 'worse'],
    ['none', 1.2, 'different'],
    ['none', 1, 'equivalent'],
    ['less', 1.02, 'equivalent'],
  ] as const)('where %s is better and the candidate has %f times as much is %s', (better, factor, word) => {
    expect(contrast(BLOCKS, times(factor), { better }).word).toBe(word)
  })

  it('is equivalent up to the margin itself, which is as far below 1 as above', () => {
    const exact = NOISE.map((noise) => 1 + (noise - 1) / 1000)
    expect(contrast(BLOCKS, times(1.0499, exact)).word).toBe('equivalent')
    expect(contrast(BLOCKS, times(1 / 1.0499, exact)).word).toBe('equivalent')
    expect(contrast(BLOCKS, times(1.0501, exact)).word).toBe('worse')
    expect(contrast(BLOCKS, times(1 / 1.0501, exact)).word).toBe('better')
  })

  it('has a word only within the level of its family', () => {
    const noise = [1.16, 1.0, 1.1, 1.03, 1.13, 1.04]
    expect(contrast(BLOCKS, times(1, noise)).word).toBe('worse')
    const inFamily = contrast(BLOCKS, times(1, noise), { confidence: FAMILY })
    expect(inFamily.word).toBe('inconclusive')
    expect(inFamily.blocksNeeded).toBeGreaterThan(6)
    expect(inFamily.minimumDetectable!).toBeGreaterThan(contrast(BLOCKS, times(1, noise)).minimumDetectable!)
  })

  it('says how small a difference it could have found', () => {
    const logs = NOISE.map(Math.log)
    const centre = logs.reduce((sum, log) => sum + log, 0) / 6
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - centre) ** 2, 0) / 5)
    expect(contrast(BLOCKS, times(1)).minimumDetectable).toBeCloseTo(detectable(deviation, 6, 0.95), 9)
  })

  it('turns round when the sides are changed', () => {
    const figure = fc.double({ min: 0.001, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(fc.array(fc.tuple(figure, figure), { minLength: 6, maxLength: 12 }), (pairs) => {
        const [a, b] = [pairs.map(([left]) => left), pairs.map(([, right]) => right)]
        const forward = contrast(a, b)
        const backward = contrast(b, a)
        const near = (x: number, y: number) => expect(Math.abs(Math.log(x * y))).toBeLessThan(1e-6)
        near(forward.estimate!, backward.estimate!)
        if (forward.interval) near(forward.interval.low, backward.interval!.high)
        expect(backward.word).toBe(forward.word === 'better' ? 'worse' : forward.word === 'worse' ? 'better' : forward.word)
        expect([backward.pValue, backward.drifts]).toEqual([forward.pValue, forward.drifts])
        expect(contrast(a, b)).toEqual(forward)
      }),
      { seed: SEED },
    )
  })

  it('does not depend on what blocks share, nor on the unit', () => {
    const factor = fc.double({ min: 0.01, max: 100, noNaN: true })
    fc.assert(
      fc.property(fc.array(factor, { minLength: 6, maxLength: 6 }), factor, (common, unit) => {
        const scaled = contrast(
          BLOCKS.map((value, block) => value * common[block]! * unit),
          times(1.3).map((value, block) => value * common[block]! * unit),
        )
        const plain = contrast(BLOCKS, times(1.3))
        expect(scaled.estimate).toBeCloseTo(plain.estimate!, 9)
        expect(scaled.interval!.low).toBeCloseTo(plain.interval!.low, 9)
        expect(scaled.word).toBe(plain.word)
      }),
      { seed: SEED },
    )
  })

  it('of fewer than six blocks is a number and no more', () => {
    expect(contrast([100, 200, 300], [110, 230, 310])).toEqual({
      scale: 'ratio',
      paired: true,
      blocks: 3,
      confidence: 0.95,
      estimate: expect.closeTo(1.0933, 3),
      deviation: expect.closeTo(0.05374, 5),
      why: '3 blocks: a word needs at least 6',
    })
  })

  it('is none where a figure is zero, unbounded or missing, and says whose and where', () => {
    expect(contrast([100, 0, 0], [1, 2, 3])).toMatchObject({ estimate: null, why: 'the baseline is zero in 2 of 3 blocks: there is no ratio' })
    expect(contrast([1, 2], [0, 1])).toMatchObject({ estimate: null, why: 'the candidate is zero in 1 of 2 blocks: there is no ratio' })
    expect(contrast([1], [], { paired: false }).why).toBe('nothing was measured on one side')
    expect(contrast([], []).why).toBe('nothing was measured in a block that both have')
    expect(contrast([1], [Number.NaN]).why).toBe('the candidate is no number in 1 of 1 block')
    const unbounded = contrast([1, 2], [], { candidate: [exactly(1), { low: 2, high: Number.POSITIVE_INFINITY }] })
    expect(unbounded).toEqual({
      scale: 'ratio',
      paired: true,
      blocks: 2,
      confidence: 0.95,
      estimate: null,
      why: 'operations of unknown outcome leave the candidate without an upper bound in 1 of 2 blocks',
    })
    expect(contrast([1, 2], [], { candidate: [exactly(1), { low: 0, high: 3 }] }).why).toBe(
      'the candidate may be zero in 1 of 2 blocks: there is no ratio',
    )
    expect(() => contrast([1], [1, 2])).toThrow('1 block of the baseline and 2 of the candidate')
  })
})

describe('what does not vary', () => {
  it('is identical by construction, or a fixed ratio, without word or interval', () => {
    const identical = contrast(BLOCKS, BLOCKS)
    expect(identical).toEqual({ scale: 'ratio', paired: true, blocks: 6, confidence: 0.95, estimate: 1, construction: 'identical by construction' })
    const fixed = contrast(
      BLOCKS,
      BLOCKS.map((value) => value * 1.1),
    )
    expect(fixed).toEqual({
      scale: 'ratio',
      paired: true,
      blocks: 6,
      confidence: 0.95,
      estimate: expect.closeTo(1.1, 12),
      construction: 'fixed ratio',
    })
  })

  it('is a fixed difference of shares', () => {
    const varying = [0.3, 0.4, 0.5, 0.3, 0.4, 0.5]
    expect(shares(varying, varying)).toMatchObject({ estimate: 0, construction: 'identical by construction' })
    const fixed = shares(
      varying,
      varying.map((share) => share + 0.1),
    )
    expect(fixed).toMatchObject({ estimate: expect.closeTo(0.1, 12), construction: 'fixed difference' })
    expect(fixed).not.toHaveProperty('word')
  })

  it('is nothing yet in a single block, and something that varies where one block differs', () => {
    expect(contrast([5], [5])).not.toHaveProperty('construction')
    const one = contrast(BLOCKS, [...BLOCKS.slice(0, 5), BLOCKS[5]! * 1.001])
    expect(one).toMatchObject({ word: 'equivalent' })
    expect(one).not.toHaveProperty('construction')
  })
})

describe('figures that are stretches', () => {
  const around = (values: readonly number[], by: number): MeasuredFigure[] => values.map((value) => ({ low: value, high: value * by }))

  it('have the wider interval, and a word where it holds at both bounds', () => {
    const plain = contrast(BLOCKS, times(1.2))
    const stretched = contrast([], [], { baseline: of(BLOCKS), candidate: around(times(1.2), 1.1) })
    expect(stretched.word).toBe('worse')
    expect(stretched.interval!.low).toBeCloseTo(plain.interval!.low, 9)
    expect(stretched.interval!.high).toBeCloseTo(1.1 * plain.interval!.high, 9)
    expect(stretched.estimate).toBeCloseTo(plain.estimate! * Math.sqrt(1.1), 9)
  })

  it('are read with the sides at opposite bounds', () => {
    const plain = contrast(BLOCKS, times(1))
    const both = contrast([], [], { baseline: around(BLOCKS, 1.2), candidate: around(times(1), 1.2) })
    expect(both.interval!.low).toBeCloseTo(plain.interval!.low / 1.2, 9)
    expect(both.interval!.high).toBeCloseTo(plain.interval!.high * 1.2, 9)
    expect(both.word).toBe('inconclusive')
  })

  it('have none where what nobody knows would decide it', () => {
    const stretched = contrast([], [], { baseline: of(BLOCKS), candidate: around(times(1), 1.2) })
    expect(stretched).toMatchObject({
      word: 'inconclusive',
      why: 'operations of unknown outcome decide it: equivalent or worse, by what became of them',
    })
    expect(stretched).not.toHaveProperty('blocksNeeded')
    const wideBaseline = contrast([], [], { baseline: around(BLOCKS, 1.2), candidate: of(times(1.1)) })
    expect(wideBaseline.word).toBe('inconclusive')
  })

  it('are no construction, whatever they hide', () => {
    const stretched = contrast([], [], { baseline: of(BLOCKS), candidate: around(BLOCKS, 1.2) })
    expect(stretched.why).toBe('nothing varies from block to block but what operations of unknown outcome leave open')
    expect(stretched).not.toHaveProperty('word')
    expect(stretched).not.toHaveProperty('construction')
  })
})

describe('definite failures', () => {
  const failing = (values: readonly number[]): MeasuredFigure[] =>
    values.map((value, block) => ({ ...exactly(value), failedShare: block === 0 ? 0.5 : 0 }))

  it('do not let a side be called good', () => {
    const faster = contrast([], [], { baseline: of(BLOCKS), candidate: failing(times(0.5)), mostFailures: 0.5 })
    expect(faster.word).toBe('inconclusive')
    expect(faster.why).toBe("50 % of the candidate's operations failed, and are in no figure of those that did not")
    expect(contrast([], [], { baseline: of(BLOCKS), candidate: failing(times(1)), mostFailures: 0.5 }).word).toBe('inconclusive')
    expect(contrast([], [], { baseline: failing(BLOCKS), candidate: of(times(2)), mostFailures: 0.5 }).why).toContain(
      "the baseline's operations failed",
    )
  })

  it('do not keep it from being called bad, and are forgiven below the limit', () => {
    expect(contrast([], [], { baseline: of(BLOCKS), candidate: failing(times(2)), mostFailures: 0.5 }).word).toBe('worse')
    expect(contrast([], [], { baseline: of(BLOCKS), candidate: failing(times(0.5)), mostFailures: 0.6 }).word).toBe('better')
    expect(contrast([], [], { baseline: of(BLOCKS), candidate: failing(times(0.5)) }).word).toBe('better')
  })
})

describe('blocks that drift', () => {
  it('have a warning and no word', () => {
    const rising = Array.from({ length: 12 }, (_, block) => 100 * (1.5 + 0.05 * block + 0.002 * NOISE[block % 6]!))
    const drifting = contrast(new Array(12).fill(100), rising)
    expect(drifting).toMatchObject({ drifts: true, interval: { low: expect.any(Number) } })
    expect(drifting.why).toMatch(/^later blocks differ from earlier ones by more than chance \(neighbours correlate by 0\.\d\d\)$/)
    expect(drifting).not.toHaveProperty('word')
  })

  it('are judged by the level of the family, but at 1 % at most', () => {
    // Of 720 orders this one and five others are at least as much alike: 6 / 720 = 0.83 %.
    const order = [1, 2, 3, 4, 6, 5].map((value) => Math.exp(value / 100))
    expect(contrast(new Array(6).fill(1), order).drifts).toBe(true)
    expect(contrast(new Array(6).fill(1), order, { confidence: FAMILY }).drifts).toBeUndefined()
    const next = [1, 2, 3, 5, 4, 6].map((value) => Math.exp(value / 100))
    expect(contrast(new Array(6).fill(1), next).drifts).toBeUndefined()
  })
})

describe('a share', () => {
  const HITS = [0.8, 0.6, 0.7, 0.9, 0.75, 0.65]
  const more = (by: number) => HITS.map((share, block) => share + by + (block % 2 ? 0.004 : -0.004) * (block + 1))

  it('is compared by its differences, block by block', () => {
    const found = shares(HITS, more(0.1), { better: 'more' })
    expect(found).toMatchObject({ scale: 'share', word: 'better', pValue: 2 / 2 ** 6 })
    expect(found.estimate).toBeCloseTo(0.1 + 0.002, 9)
    expect(found.interval!.low).toBeGreaterThan(0.08)
    expect(shares(HITS, more(-0.1), { better: 'more' }).word).toBe('worse')
    expect(shares(HITS, more(0.1), { better: 'less' }).word).toBe('worse')
  })

  it('is equivalent within a part of the baseline share', () => {
    // 5 % of 0.73 are 0.037.
    expect(shares(HITS, more(0.005)).word).toBe('equivalent')
    expect(shares(HITS, more(0.005), { equivalentWithin: 0.01 }).word).toBe('inconclusive')
    const small = HITS.map((share) => share / 10)
    const smallMore = small.map((share, block) => share + 0.005 + (block % 2 ? 0.004 : -0.004))
    expect(shares(small, smallMore).word).not.toBe('equivalent')
  })

  it('lets the sign-flip test decide nothing where both sides saw some', () => {
    // All six differences have one sign, p = 0.031, but the interval holds zero.
    const jump = HITS.map((share, block) => share - (block === 0 ? 0.5 : 0.01))
    expect(shares(HITS, jump)).toMatchObject({ pValue: 2 / 2 ** 6, word: 'inconclusive' })
  })
})

describe('a share that is zero on one side', () => {
  const none = (blocks: number) => new Array<number>(blocks).fill(0)
  const some = (blocks: number) => Array.from({ length: blocks }, (_, block) => 0.01 * (1 + ((block * 5) % 7)))

  it('is decided by the exact sign-flip test: at m = 8 from nine blocks on', () => {
    const eight = shares(none(8), some(8), { confidence: FAMILY })
    expect(eight).toMatchObject({ word: 'inconclusive', pValue: 2 / 2 ** 8, blocksNeeded: 9 })
    const nine = shares(none(9), some(9), { confidence: FAMILY })
    expect(nine).toMatchObject({ word: 'worse', pValue: 2 / 2 ** 9, range: { low: 0.01, high: 0.07 } })
    expect(nine.why).toBe('zero on one side in every block: the exact sign-flip test decides, p = 0.0039')
    expect(nine).not.toHaveProperty('interval')
    expect(nine).not.toHaveProperty('minimumDetectable')
    expect(shares(some(9), none(9), { confidence: FAMILY })).toMatchObject({ word: 'better', range: { low: -0.07, high: -0.01 } })
    expect(shares(none(6), some(6))).toMatchObject({ word: 'worse', pValue: 2 / 2 ** 6 })
    expect(shares(none(5), some(5))).toMatchObject({ why: '5 blocks: a word needs at least 6' })
    expect(shares(none(5), some(5))).not.toHaveProperty('word')
  })

  it('counts only blocks that differ', () => {
    // Of twelve blocks eight saw some: p = 2 / 2^8, and nine of them need 14 blocks.
    const eightOfTwelve = [...some(4), 0, 0, ...some(4), 0, 0]
    expect(shares(none(12), eightOfTwelve, { confidence: FAMILY })).toMatchObject({ word: 'inconclusive', pValue: 2 / 2 ** 8, blocksNeeded: 14 })
  })

  it('is shown with what the other side can be at most', () => {
    const episodes = {
      baseline: { episodes: 0, events: 0, observations: 10_000 },
      candidate: { episodes: 20, events: 100, observations: 10_000 },
    }
    expect(shares(none(9), some(9), { episodes }).upperBound).toEqual({ baseline: expect.closeTo(5 * 2.9957e-4, 6) })
    expect(shares(none(9), some(9)).upperBound).toBeUndefined()
  })

  it('is an upper bound and no word where both sides are zero', () => {
    const side = { episodes: 0, events: 0, observations: 3000 }
    const found = shares(none(9), none(9), { episodes: { baseline: side, candidate: { ...side, observations: 6000 } } })
    expect(found).toEqual({
      scale: 'share',
      paired: true,
      blocks: 9,
      confidence: 0.95,
      estimate: 0,
      why: 'zero on both sides in every block',
      upperBound: { baseline: expect.closeTo(0.001, 5), candidate: expect.closeTo(0.0005, 5) },
    })
  })

  it('is not zero where it may have been more', () => {
    const maybe = none(9).map((low) => ({ low, high: 0.001 }))
    const found = shares([], [], { baseline: of(none(9)), candidate: maybe })
    expect(found).toMatchObject({ why: 'operations of unknown outcome decide it: zero on both sides in every block, by what became of them' })
    expect(found).not.toHaveProperty('word')
  })
})

describe('between runs', () => {
  const SLEEP_A = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
  const SLEEP_B = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

  it("has Welch's interval", () => {
    // As R gives it for these data (t = -1.8608, 17.776 degrees).
    const found = shares(SLEEP_A, SLEEP_B, { paired: false })
    expect(found.interval!.low).toBeCloseTo(-0.2054832, 6)
    expect(found.interval!.high).toBeCloseTo(3.3654832, 6)
    expect(found).toMatchObject({ paired: false, blocks: 10, word: 'inconclusive' })
    // As many runs a side as show 1.58 of 2.69 (1.789 and 2.002 together), with twice their degrees of freedom.
    expect(found.blocksNeeded).toBe(blocksForDifference(1.58, Math.hypot(1.78901, 2.002249), 0.95, 0.8, (runs) => 2 * (runs - 1)))
    expect(blocksForDifference(1.58, Math.hypot(1.78901, 2.002249), 0.95)).not.toBe(found.blocksNeeded)
    expect(found.minimumDetectable!).toBeGreaterThan(1.58)
    expect(shares(SLEEP_A, SLEEP_B, { paired: true }).word).toBe('worse')
  })

  it('gives words from three runs a side on', () => {
    expect(contrast([100, 102, 98], [150, 153, 149], { paired: false })).toMatchObject({ word: 'worse', blocks: 3 })
    const two = contrast([100, 102, 98], [150, 153], { paired: false })
    expect(two.why).toBe('between runs: 3 runs against 2, a word needs at least 3 on each side')
    expect(two.interval!.low).toBeGreaterThan(1)
    expect(two).not.toHaveProperty('word')
    const one = contrast([100], [150], { paired: false })
    expect(one).toMatchObject({ estimate: expect.closeTo(1.5, 12), why: 'between runs: 1 run against 1, a word needs at least 3 on each side' })
    expect(one).not.toHaveProperty('interval')
  })

  it('does not care for the order of the runs', () => {
    const forward = contrast([100, 102, 98, 99], [150, 153, 149], { paired: false })
    expect(contrast([98, 99, 102, 100], [149, 150, 153], { paired: false }).interval!.low).toBeCloseTo(forward.interval!.low, 9)
  })

  it('tests zero on one side by all ways to deal the runs out', () => {
    // Two of the 70 ways to deal eight runs into fours are as extreme.
    expect(shares([0, 0, 0, 0], [0.1, 0.2, 0.1, 0.3], { paired: false })).toMatchObject({ word: 'worse', pValue: expect.closeTo(2 / 70, 12) })
    expect(shares([0, 0, 0], [0.1, 0.2, 0.1], { paired: false })).toMatchObject({
      word: 'inconclusive',
      pValue: expect.closeTo(2 / 20, 12),
      blocksNeeded: 4,
    })
    // One of the four others is zero, too: 5 of 70 a side.
    expect(shares([0.1, 0.2, 0, 0.3], [0, 0, 0, 0], { paired: false })).toMatchObject({ pValue: expect.closeTo(10 / 70, 12) })
    expect(shares([0, 0, 0], [0, 0, 0], { paired: false })).toMatchObject({ estimate: 0, why: 'zero on both sides in every run' })
  })

  it('is a construction where no run differs from its like', () => {
    expect(contrast([2, 2, 2], [3, 3, 3], { paired: false })).toMatchObject({ estimate: expect.closeTo(1.5, 12), construction: 'fixed ratio' })
    expect(contrast([2, 2, 2], [2, 2, 2], { paired: false })).toMatchObject({ construction: 'identical by construction' })
  })
})
