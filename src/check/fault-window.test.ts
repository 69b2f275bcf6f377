import { describe, expect, it } from 'vitest'
import type { TimedEvent } from '../measure/run-result.ts'
import { SECOND } from '../runtime/runtime.ts'
import { faultWindows } from './fault-window.ts'

const event = (kind: TimedEvent['kind'], from: number, to?: number, more: Partial<TimedEvent> = {}): TimedEvent => ({
  ...{ kind, name: kind, detail: '', startNanos: from * SECOND },
  ...(to !== undefined && { endNanos: to * SECOND }),
  ...more,
})
const phase = (from: number, to: number | undefined, warmUp = false) => event('phase', from, to, { warmUp })
/** Baseline from and to, start and end, in seconds. */
const windows = (events: TimedEvent[], durationSeconds = 120) =>
  faultWindows({ events, durationNanos: durationSeconds * SECOND }).map((one) =>
    [one.baselineFromNanos, one.baselineToNanos, one.startNanos, one.endNanos].map((nanos) => nanos / SECOND),
  )

describe('the window of a fault', () => {
  it('is judged by the measured load before it, 30 s at the most, and ends with the load', () => {
    expect(windows([phase(0, 5, true), phase(5, 100), event('fault', 20, 25)])).toEqual([[5, 20, 20, 100]])
    expect(windows([phase(0, 5, true), phase(5, 100), event('fault', 60)])).toEqual([[30, 60, 60, 100]])
    expect(windows([phase(0, 10), phase(10, 20), event('fault', 12)])).toEqual([[0, 12, 12, 20]])
  })

  it('is as long as the cell where nobody said when the load ended, or that there was any', () => {
    expect(windows([phase(0, undefined), event('fault', 12)], 50)).toEqual([[0, 12, 12, 50]])
    expect(windows([event('fault', 12)], 50)).toEqual([[0, 12, 12, 50]])
    expect(windows([phase(0, 40), phase(40, undefined), event('fault', 12)], 50)).toEqual([[0, 12, 12, 50]])
    expect(windows([phase(0, 40)], 50)).toEqual([])
  })

  it('has no baseline in the warm-up, nor an end before it began', () => {
    expect(windows([phase(0, 30, true), phase(30, 100), event('fault', 10)])).toEqual([[10, 10, 10, 100]])
    expect(windows([phase(0, 10), event('fault', 12)])).toEqual([[0, 12, 12, 12]])
    expect(windows([phase(0, 100, true), event('fault', 12)])).toEqual([[0, 12, 12, 100]])
  })

  it('ends where the next fault begins, whose baseline begins where it was over', () => {
    expect(windows([phase(0, 100), event('fault', 50, 55), event('fault', 10, 14)])).toEqual([
      [0, 10, 10, 50],
      [20, 50, 50, 100],
    ])
    expect(windows([phase(0, 100), event('fault', 10, 14), event('fault', 30, 31)])).toEqual([
      [0, 10, 10, 30],
      [14, 30, 30, 100],
    ])
    // The loss of an instance has no end: it is over once it has struck.
    expect(windows([phase(0, 100), event('fault', 10), event('fault', 11, 12)])).toEqual([
      [0, 10, 10, 11],
      [10, 11, 11, 100],
    ])
  })

  it('is shared by faults that overlap, or begin within a second of each other', () => {
    expect(windows([phase(0, 100), event('fault', 10, 14), event('fault', 13.9, 20)])).toEqual([
      [0, 10, 10, 100],
      [0, 10, 13.9, 100],
    ])
    expect(windows([phase(0, 100), event('fault', 10, 10.1), event('fault', 10.9, 12), event('fault', 11.5, 11.6), event('fault', 40)])).toEqual([
      [0, 10, 10, 40],
      [0, 10, 10.9, 40],
      [0, 10, 11.5, 40],
      [12, 40, 40, 100],
    ])
    expect(windows([phase(0, 100), event('fault', 10, 14), event('fault', 14, 15)])).toEqual([
      [0, 10, 10, 14],
      [14, 14, 14, 100],
    ])
  })
})
