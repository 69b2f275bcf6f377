import { describe, expect, it } from 'vitest'
import type { TimedEvent } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'
import { cellFixture, EMPTY_SERIES } from './cell-fixture.contract.ts'
import { unreachableSpans } from './unreachable-spans.ts'

const PHASE: TimedEvent = { kind: 'phase', name: 'steady', detail: '', startNanos: 0, endNanos: 10 * SECOND }

/** 100 reads a step, none from `fromStep` to `toStep`. */
function cellWith(fault: Partial<TimedEvent>, fromStep: number, toStep: number) {
  const okReads = Array.from({ length: 40 }, (_, step) => (step >= fromStep && step < toStep ? 0 : 100))
  const event: TimedEvent = { kind: 'fault', name: 'kill', detail: 'primary', startNanos: 2 * SECOND, endNanos: 3 * SECOND, ...fault }
  const zeros = okReads.map(() => 0)
  return cellFixture({ events: [PHASE, event], series: { ...EMPTY_SERIES, okReads, okWrites: zeros, hits: zeros, misses: okReads } })
}

describe('the time in which the target could not be reached', () => {
  it('lasts from the fault until it was undone, and until operations succeeded again', () => {
    expect(unreachableSpans(cellWith({}, 8, 11))).toEqual([{ fromNanos: 2 * SECOND, toNanos: 3 * SECOND }])
    const [longer] = unreachableSpans(cellWith({}, 8, 20))
    expect(longer!.fromNanos).toBe(2 * SECOND)
    expect(longer!.toNanos / SECOND).toBeCloseTo(5, 0)
  })

  it('and to the end where they never did', () => {
    expect(unreachableSpans(cellWith({}, 8, 40))).toEqual([{ fromNanos: 2 * SECOND, toNanos: 10 * SECOND }])
  })

  it('is that of a fault without an end, and of writes as well as of reads', () => {
    const { endNanos: _, ...endless } = cellWith({}, 8, 11).events[1]!
    const cell = cellWith({}, 8, 11)
    const [lost] = unreachableSpans({ ...cell, events: [PHASE, endless] })
    expect(lost!.fromNanos).toBe(2 * SECOND)
    expect(lost!.toNanos / SECOND).toBeCloseTo(2.75, 0)
    const { series } = cell
    const okReads = series.okReads.map(() => 100)
    const writes = (until: number) =>
      unreachableSpans({ ...cell, series: { ...series, okReads, okWrites: okReads.map((_, at) => (at < until ? 100 : 0)) } })
    expect(writes(8)).toEqual([{ fromNanos: 2 * SECOND, toNanos: 10 * SECOND }])
    expect(writes(40)).toEqual([{ fromNanos: 2 * SECOND, toNanos: 3 * SECOND }])
  })

  it("is none where the application's own instance was killed", () => {
    expect(unreachableSpans(cellWith({ name: 'kill instance' }, 8, 40))).toEqual([])
  })
})
