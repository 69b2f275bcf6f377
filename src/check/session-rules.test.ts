import { describe, expect, it } from 'vitest'
import type { TimedEvent } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { cellFixture } from './cell-fixture.contract.ts'
import { cellSettings } from './cell-settings.ts'
import { sessionRulesOf } from './session-rules.ts'

const fault = (name: string, from: number, to?: number): TimedEvent => ({
  ...{ kind: 'fault', name, detail: '', startNanos: from * SECOND },
  ...(to !== undefined && { endNanos: to * SECOND }),
})
function rulesOf(events: TimedEvent[], settings: Record<string, unknown> = {}) {
  const cell = cellFixture({ events: [...cellFixture().events, ...events], settings })
  return sessionRulesOf(cell, cellSettings(cell))
}

describe('the rules of sessions', () => {
  it('are what the workload says of their lifetime', () => {
    expect(rulesOf([])).toEqual({ sliding: false, toleranceNanos: 5 * MILLISECOND })
    expect(rulesOf([], { settings: { ttlNanos: 7, touch: 'sliding' } })).toEqual({ sliding: true, toleranceNanos: 5 * MILLISECOND, ttlNanos: 7 })
    expect(rulesOf([], { settings: { ttlNanos: 0, touch: 'absolute' } })).not.toHaveProperty('ttlNanos')
  })

  it('know when the first fault struck, in whatever order they are told', () => {
    expect(rulesOf([fault('slow', 9, 10), fault('slow', 4, 5)])).toEqual({
      sliding: false,
      toleranceNanos: 5 * MILLISECOND,
      firstFaultNanos: 4 * SECOND,
    })
  })

  it('know the instance that was killed, where the workload says which', () => {
    const killInstance = { instance: 2, atNanos: 3 * SECOND }
    const killed = { instance: 2, atNanos: 3.1 * SECOND }
    expect(rulesOf([fault('slow', 1, 2), fault('kill instance', 3.1)], { killInstance })).toMatchObject({ killed, firstFaultNanos: SECOND })
    expect(rulesOf([fault('kill instance', 3.1)])).not.toHaveProperty('killed')
    expect(rulesOf([fault('slow', 1, 2)], { killInstance })).not.toHaveProperty('killed')
  })

  it.each(['kill', 'restart', 'crash'])('know from when on a server was gone, and back, after a %s', (name) => {
    const gone = [fault('slow', 1, 2), fault(name, 3), fault(name, 5, 6), fault(name, 7, 8)]
    expect(rulesOf(gone)).toMatchObject({ serverLoss: { goneNanos: 5 * SECOND, backNanos: 6 * SECOND } })
    expect(rulesOf(gone.slice(0, 2))).not.toHaveProperty('serverLoss')
  })
})
