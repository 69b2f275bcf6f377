import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { FaultWindow } from './fault-window.ts'
import { lowerBound, unavailableNanos } from './unavailability.ts'

property.prop([fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: -1, max: 22 })], { seed: 20261127, numRuns: 300 })(
  'counts the instants before a limit',
  (instants, limit) => {
    const sorted = Float64Array.from(instants).sort()
    expect(lowerBound(sorted, limit)).toBe(instants.filter((one) => one < limit).length)
  },
)

/** A baseline of 0 to 1000 and a fault at 1000 that is looked at until 2000. */
const WINDOW = { baselineFromNanos: 0, baselineToNanos: 1_000, startNanos: 1_000, endNanos: 2_000 } as FaultWindow
const away = (instants: readonly number[], window: Partial<FaultWindow> = {}) =>
  unavailableNanos(Float64Array.from(instants), { ...WINDOW, ...window })
const every = (gap: number, from: number, to: number) => Array.from({ length: Math.ceil((to - from) / gap) }, (_, index) => from + index * gap)

describe('the longest time without a success', () => {
  it('is one that is longer than three times the rarest gap before, and no shorter one', () => {
    expect(away([...every(10, 0, 1_500), ...every(10, 1_520, 2_000)])).toBe(0)
    // 1490 to 1521: one more than three times ten.
    expect(away([...every(10, 0, 1_500), ...every(10, 1_521, 2_000)])).toBe(31)
    // A gap of 21 had been seen before.
    expect(away([...every(10, 0, 500), ...every(10, 511, 1_500), ...every(10, 1_540, 2_000)])).toBe(0)
  })

  it('is longer than twice the mean gap as well', () => {
    expect(away([0, 10, 1_000, 1_100, 1_150, 1_199, 1_205, 1_260, 1_990])).toBe(990)
    // Two gaps in two thousand are rarer than the rarest: the mean, of 100, knows of them.
    const busy = [...every(1, 0, 1_001), ...every(1, 101_000, 102_000), 202_000]
    const window = { baselineToNanos: 202_001, startNanos: 202_001, endNanos: 203_000 }
    expect(away([...busy, 202_195, ...every(1, 202_300, 203_000)], window)).toBe(0)
    expect(away([...busy, 202_210, ...every(1, 202_300, 203_000)], window)).toBe(210)
  })

  it('knows of a rare gap in the baseline wherever it was, and whenever that began', () => {
    for (const rare of [0, 500, 970]) {
      const before = [...every(10, 0, rare + 1), ...every(10, rare + 21, 1_000)].filter((instant) => instant < 1_000)
      expect(away([...before, ...every(10, 1_000, 1_500), ...every(10, 1_540, 2_000)])).toBe(0)
    }
    // The mean is of the time between, not of what the clock showed.
    const late = 1_000_000
    const busy = [...every(1, late, late + 1_001), ...every(1, late + 101_000, late + 102_000), late + 202_000]
    const window = { baselineFromNanos: late, baselineToNanos: late + 202_001, startNanos: late + 202_001, endNanos: late + 203_000 }
    expect(away([...busy, late + 202_210, ...every(1, late + 202_300, late + 203_000)], window)).toBe(210)
  })

  it('takes the longest of 999 gaps for usual, and of a thousand the second', () => {
    const later = { baselineToNanos: 2_000, startNanos: 2_000, endNanos: 3_000 }
    const after = [...every(1, 2_000, 2_500), ...every(1, 2_600, 3_000)]
    // One gap of 51 and 998 of 1, then one more of them.
    const gaps999 = [...every(1, 950, 1_450), ...every(1, 1_500, 2_000)]
    expect(gaps999).toHaveLength(1_000)
    expect(away([...gaps999, ...after], later)).toBe(0)
    expect(away([949, ...gaps999, ...after], later)).toBe(101)
  })

  it('is the longest of several, and reaches across the ends of the window', () => {
    expect(away([...every(10, 0, 1_100), ...every(10, 1_300, 1_500), ...every(10, 1_600, 2_000)])).toBe(210)
    expect(away([...every(10, 0, 900), ...every(10, 1_200, 2_000)])).toBe(310)
    expect(away([...every(10, 0, 1_900), 2_300])).toBe(410)
    expect(away([...every(10, 0, 1_980), 2_300])).toBe(0)
  })

  it('has no end where nothing came back by the end, unless the end came too soon to tell', () => {
    expect(away(every(10, 0, 1_900))).toBeNull()
    expect(away(every(10, 0, 1_975))).toBe(0)
    expect(away(every(10, 0, 1_000))).toBeNull()
  })

  it('is none where nothing of the kind was done before', () => {
    expect(away([])).toBe(0)
    expect(away(every(10, 1_000, 1_100))).toBe(0)
    // What came before the baseline is none of it.
    expect(away(every(10, 0, 400), { baselineFromNanos: 500 })).toBe(0)
    expect(away([...every(10, 0, 400), ...every(100, 500, 1_700)], { baselineFromNanos: 500, endNanos: 1_650 })).toBe(0)
  })

  it('takes one success before for all there is to go by: any wait is longer than that', () => {
    expect(away([995, 1_400, 1_990, 2_001])).toBe(590)
    expect(away([995, 1_400, 1_990])).toBeNull()
  })
})
