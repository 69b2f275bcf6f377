import { describe, expect, it } from 'vitest'
import { linePath } from './line-path.ts'
import { exactScale, linearScale, logScale } from './scale.ts'

describe('scales', () => {
  it('ends a linear axis at a round number', () => {
    const scale = linearScale(0, 930, 100, 0)
    expect(scale.ticks).toEqual([0, 500, 1000])
    expect(scale.position(500)).toBe(50)
    expect(linearScale(0, 0, 100, 0).ticks.length).toBeGreaterThan(1)
  })

  it('ends an axis of time where the data ends', () => {
    const scale = exactScale(21, 0, 210, 10)
    expect(scale.position(21)).toBe(210)
    expect(scale.ticks).toEqual([0, 5, 10, 15, 20])
  })

  it.each([
    [250_000, 73e6, [1e6, 1e7, 1e8]],
    [3, 40, [2, 5, 10, 20, 50]],
    [1e3, 1e3, [1e3, 2e3, 5e3, 1e4]],
    [0, 0, [1, 2, 5, 10]],
  ])('begins and ends a logarithmic axis around %d and %d', (min, max, ticks) => {
    const scale = logScale(min, max, 0, 100)
    expect(scale.ticks).toEqual(ticks)
    if (min > 0) expect(scale.position(min)).toBeGreaterThanOrEqual(0)
    expect(scale.position(max)).toBeLessThanOrEqual(100)
    expect(scale.position(0)).toBe(0)
  })
})

describe('the path of a line', () => {
  it('is written from point to point', () => {
    expect(
      linePath([
        [0, 10],
        [5, 20],
        [10.4, 12],
      ]),
    ).toBe('M0 10l5 10 5-8')
  })

  it('has a gap where nothing was measured, and a dot for a point alone', () => {
    expect(linePath([[0, 1], [2, 5], null, [10, 1], null, null])).toBe('M0 1l2 4M10 1h0')
    expect(linePath([])).toBe('')
    expect(linePath([null])).toBe('')
  })

  it('leaves out points between two of the same height', () => {
    expect(
      linePath([
        [0, 7],
        [1, 7],
        [2, 7],
        [3, 7],
        [4, 9],
      ]),
    ).toBe('M0 7l3 0 1 2')
  })
})
