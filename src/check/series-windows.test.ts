import { describe, expect, it } from 'vitest'
import { SECOND } from '../runtime/runtime.ts'
import { EMPTY_SERIES } from './cell-fixture.contract.ts'
import type { FaultWindow } from './fault-window.ts'
import { forEachWindow, recoveredNanos, seriesSpan, sumSteps } from './series-windows.ts'

const STEP = SECOND / 4

describe('the steps of a series that a fault is judged by', () => {
  const WINDOW = {
    baselineFromNanos: 2.1 * SECOND,
    baselineToNanos: 10.1 * SECOND,
    startNanos: 10.1 * SECOND,
    endNanos: 19.9 * SECOND,
  } as FaultWindow
  const spanOf = (window: Partial<FaultWindow> = {}, steps = 80, intervalNanos = STEP) =>
    seriesSpan({ ...EMPTY_SERIES, intervalNanos, okReads: Array.from({ length: steps }, () => 1) }, { ...WINDOW, ...window })

  it('are whole ones before it, and from the one that it fell into to the last whole one', () => {
    expect(spanOf()).toEqual({ baselineFrom: 9, baselineTo: 40, faultAt: 40, end: 79, windowSteps: 4, stepNanos: STEP })
  })

  it('end where the series does, and not before the fault', () => {
    expect(spanOf({}, 60).end).toBe(60)
    expect(spanOf({ endNanos: 10.1 * SECOND }).end).toBe(40)
  })

  it('are looked at by the second, or one at a time where they are longer', () => {
    expect(spanOf({}, 80, SECOND / 10).windowSteps).toBe(10)
    expect(spanOf({}, 80, 3 * SECOND).windowSteps).toBe(1)
  })
})

it('steps add up from one on and before another, as far as there are any', () => {
  expect(sumSteps([1, 20, 300, 4_000], 1, 3)).toBe(320)
  expect(sumSteps([1, 20, 300, 4_000], -2, 99)).toBe(4_321)
  expect(sumSteps([1, 20], 1, 1)).toBe(0)
})

it('windows are those that lie wholly after the fault', () => {
  const windows = (stepBy: number) => {
    const seen: number[][] = []
    forEachWindow({ baselineFrom: 0, baselineTo: 10, faultAt: 10, end: 16, windowSteps: 4, stepNanos: STEP }, stepBy, (...steps) => seen.push(steps))
    return seen
  }
  expect(windows(1)).toEqual([
    [10, 14],
    [11, 15],
    [12, 16],
  ])
  expect(windows(4)).toEqual([[10, 14]])
})

describe('recoveredNanos', () => {
  const span = { baselineFrom: 0, baselineTo: 10, faultAt: 10, end: 80, windowSteps: 4, stepNanos: STEP }
  const recovered = (bad: (step: number) => boolean, end = 80) =>
    recoveredNanos({ ...span, end }, 10 * STEP, (from, to) => !Array.from({ length: to - from }, (_, index) => from + index).some(bad))

  it('is where five good seconds begin, and what goes wrong after them is another story', () => {
    expect(recovered(() => false)).toBe(0)
    expect(recovered((step) => step === 12)).toBe(3 * STEP)
    // Twenty windows held: those from step 13 to 32, the last of which ends with step 35.
    expect(recovered((step) => step === 12 || step === 36)).toBe(3 * STEP)
    expect(recovered((step) => step === 12 || step === 35)).toBe(26 * STEP)
  })

  it('may be as late as the last window, and begins with the first good step', () => {
    expect(recovered((step) => step >= 12 && step < 76)).toBe(66 * STEP)
    expect(recovered((step) => step >= 12 && step < 77)).toBeNull()
    const judged = (isGood: (from: number, to: number) => boolean) => recoveredNanos(span, 10 * STEP, isGood)
    // Windows are good and no step by itself is, as where one of four has all there was: none was bad, or none is the first.
    expect(judged((from, to) => to - from === 4)).toBe(0)
    expect(judged((from, to) => to - from === 4 && from > 12)).toBe(70 * STEP)
    // A window passes for good with a bad step in front.
    expect(judged((from, to) => (to - from === 4 ? from > 12 : from > 14))).toBe(5 * STEP)
  })

  it('is never where the end is bad, or there is not one whole window', () => {
    expect(recovered((step) => step >= 12)).toBeNull()
    expect(recovered((step) => step === 79)).toBe(0)
    expect(recovered((step) => step >= 12, 14)).toBeNull()
    expect(recovered(() => false, 14)).toBe(0)
    expect(recovered(() => false, 13)).toBeNull()
  })
})
