import { describe, expect, it } from 'vitest'
import type { ProcessAudit } from '../measure/run-result.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { auditVerdict, judgeAudit, judgeUnmetered, scheduleLagLimitNanos } from './audit.ts'

const LOAD = { offeredPerSecond: 10_000, startedPerSecond: 9_900, scheduleLagP99Nanos: MILLISECOND, unstarted: 0 }
const PROCESS: ProcessAudit = {
  instance: 0,
  offeredPerSecond: 10_000,
  startedPerSecond: 9_900,
  judgedOperations: 100_000,
  lateOperations: 0,
  omittedOperations: 0,
  worstOwnLagNanos: 0,
  excusedNanos: 0,
  meteredNanos: 10 * SECOND,
  eventLoopUtilization: 0.6,
  eventLoopDelayP99Nanos: 2 * MILLISECOND,
  gcPauseNanos: 0,
  processorNanos: 9.9 * SECOND,
  gaps: 0,
  gapNanos: 0,
  longestGapNanos: 0,
}
const judge = (...processes: Partial<ProcessAudit>[]) =>
  judgeAudit(
    LOAD,
    processes.map((one) => ({ ...PROCESS, ...one })),
    10 * SECOND,
  )

describe('judgeAudit', () => {
  it('lets a generator pass that kept up', () => {
    const audit = judge({
      lateOperations: 1_000,
      gaps: 1,
      gapNanos: 0.1 * SECOND,
      eventLoopUtilization: 0.95,
      processorNanos: 7.6 * SECOND,
      omittedOperations: 5_000,
    })
    expect(audit).toMatchObject({ generatorLimited: false, reasons: [], processes: [{ instance: 0 }] })
    expect(auditVerdict({ id: 'a', audit })).toMatchObject({ outcome: 'holds', gates: false, cells: ['a'] })
  })

  it.each([
    [
      'operations begun late by its own doing',
      { lateOperations: 1_001, worstOwnLagNanos: 11 * MILLISECOND },
      /more than 10 ms behind schedule with 1 %.*lag 11 ms/,
    ],
    ['operations never begun by its own doing', { omittedOperations: 5_001 }, /started 95 % of what was due/],
    [
      'a process that stood still',
      { gaps: 2, gapNanos: 0.3 * SECOND, longestGapNanos: 0.2 * SECOND },
      /generator stood still for 300 ms of the 10 s \(200 ms at the longest\)/,
    ],
    [
      'a process that others kept from the processor',
      { eventLoopUtilization: 0.87, processorNanos: 6.6 * SECOND },
      /wait for a processor 21 % of the time/,
    ],
    ['a busy event loop', { eventLoopUtilization: 0.97 }, /busy 97 %/],
    ['a delayed event loop', { eventLoopDelayP99Nanos: 12 * MILLISECOND }, /delay of the load generator 12 ms/],
  ])('finds %s', (_, numbers, reason) => {
    const audit = judge(numbers)
    expect(audit.reasons.join()).toMatch(reason)
    expect(audit.generatorLimited).toBe(true)
    expect(auditVerdict({ id: 'a', audit })).toMatchObject({ outcome: 'fails', gates: false })
  })

  it('counts the worst of several processes, and names all that did so', () => {
    const still = (instance: number, seconds: number) => ({ instance, gaps: 1, gapNanos: seconds * SECOND, longestGapNanos: seconds * SECOND })
    expect(judge(still(0, 1), still(1, 3), { instance: 2 }, still(3, 2)).reasons).toEqual([
      'instance 1 stood still for 3 s of the 10 s, and so did instance 3 and instance 0',
    ])
    const audit = judge({ instance: 0 }, { instance: 1, eventLoopUtilization: 0.97, eventLoopDelayP99Nanos: 5 * MILLISECOND, gcPauseNanos: 7 })
    expect(audit).toMatchObject({ eventLoopUtilization: 0.97, eventLoopDelayP99Nanos: 5 * MILLISECOND, gcPauseNanos: 7 })
    expect(audit.reasons).toEqual(['event loop of instance 1 busy 97 % of the time (at most 95 %)'])
  })

  it("minds gaps of the run's own process beside instances, and not how busy it is", () => {
    const { instance: _, ...own } = PROCESS
    const withOwn = (numbers: Partial<ProcessAudit>) => judgeAudit(LOAD, [{ ...own, ...numbers }, PROCESS], 10 * SECOND)
    expect(withOwn({ eventLoopUtilization: 1, eventLoopDelayP99Nanos: SECOND })).toMatchObject({ reasons: [], eventLoopUtilization: 0.6 })
    expect(withOwn({ gaps: 1, gapNanos: SECOND, longestGapNanos: SECOND }).reasons).toEqual(["the run's own process stood still for 1 s of the 10 s"])
  })

  it('lists no processes where none was metered', () => {
    expect(judge({ meteredNanos: 0 })).not.toHaveProperty('processes')
  })

  it('allows a slow schedule ten gaps, and a closed loop the least', () => {
    expect(scheduleLagLimitNanos(100)).toBe(100 * MILLISECOND)
    expect(scheduleLagLimitNanos(10_000)).toBe(10 * MILLISECOND)
    expect(scheduleLagLimitNanos(null)).toBe(10 * MILLISECOND)
  })
})

describe('judgeUnmetered', () => {
  const late = { ...LOAD, startedPerSecond: 9_400, scheduleLagP99Nanos: 11 * MILLISECOND }
  it('goes by lag alone, unless anything held the load back', () => {
    expect(judgeUnmetered(LOAD, false).generatorLimited).toBe(false)
    expect(judgeUnmetered(late, false).reasons).toEqual([expect.stringContaining('schedule lag 11 ms')])
    expect(judgeUnmetered(late, true).generatorLimited).toBe(false)
    expect(judgeUnmetered({ ...late, offeredPerSecond: null }, false).generatorLimited).toBe(false)
  })
})
