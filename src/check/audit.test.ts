import { describe, expect, it } from 'vitest'
import { MILLISECOND } from '../runtime/runtime.ts'
import { type AuditNumbers, auditVerdict, judgeAudit } from './audit.ts'

const NUMBERS: AuditNumbers = {
  offeredPerSecond: 10_000,
  startedPerSecond: 9_900,
  scheduleLagP99Nanos: MILLISECOND,
  eventLoopUtilization: 0.6,
  eventLoopDelayP99Nanos: 2 * MILLISECOND,
  gcPauseNanos: 0,
  unstarted: 0,
}
const judge = (numbers: Partial<AuditNumbers>, targetHeldBack = false) => judgeAudit({ ...NUMBERS, ...numbers }, { targetHeldBack })

describe('judgeAudit', () => {
  it('lets a generator pass that kept up', () => {
    expect(judge({})).toMatchObject({ generatorLimited: false, reasons: [] })
    expect(auditVerdict({ id: 'a', audit: judge({}) })).toMatchObject({ outcome: 'holds', gates: false, cells: ['a'] })
  })

  it.each([
    ['a rate below 95 % of the offered', { startedPerSecond: 9_400 }, 'started 9400/s'],
    ['a schedule lag above 10 ms', { scheduleLagP99Nanos: 11 * MILLISECOND }, 'schedule lag 11 ms'],
    ['a busy event loop', { eventLoopUtilization: 0.97 }, 'busy 97 %'],
    ['a delayed event loop', { eventLoopDelayP99Nanos: 12 * MILLISECOND }, 'delay 12 ms'],
  ])('finds %s', (_, numbers, reason) => {
    const audit = judge(numbers)
    expect(audit.generatorLimited).toBe(true)
    expect(audit.reasons.join()).toContain(reason)
    expect(auditVerdict({ id: 'a', audit })).toMatchObject({ outcome: 'fails', gates: false })
  })

  it('does not blame the generator for a target that did not answer, unless its own event loop was busy', () => {
    expect(judge({ startedPerSecond: 5_000, scheduleLagP99Nanos: 900 * MILLISECOND }, true).generatorLimited).toBe(false)
    expect(judge({ startedPerSecond: 5_000, eventLoopUtilization: 0.99 }, true).reasons).toHaveLength(2)
  })

  it('allows a slow schedule ten gaps, and asks a closed loop for no rate', () => {
    expect(judge({ offeredPerSecond: 100, startedPerSecond: 100, scheduleLagP99Nanos: 60 * MILLISECOND }).generatorLimited).toBe(false)
    expect(judge({ offeredPerSecond: null, startedPerSecond: 10, scheduleLagP99Nanos: 0 }).generatorLimited).toBe(false)
  })
})
