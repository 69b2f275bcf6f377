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
    expect(judge({ eventLoopUtilization: 0.8 }, { instance: 1, eventLoopUtilization: 0.5 }, { instance: 2 }).eventLoopUtilization).toBe(0.8)
  })

  it("minds gaps of the run's own process beside instances, and not how busy it is", () => {
    const { instance: _, ...own } = PROCESS
    const withOwn = (numbers: Partial<ProcessAudit>) => judgeAudit(LOAD, [{ ...own, ...numbers }, PROCESS], 10 * SECOND)
    expect(withOwn({ eventLoopUtilization: 1, eventLoopDelayP99Nanos: SECOND })).toMatchObject({ reasons: [], eventLoopUtilization: 0.6 })
    expect(withOwn({ eventLoopUtilization: 1, processorNanos: 0 }).reasons).toEqual([])
    expect(withOwn({ gaps: 1, gapNanos: SECOND, longestGapNanos: SECOND }).reasons).toEqual(["the run's own process stood still for 1 s of the 10 s"])
  })

  it('names four of those that did so, too, and counts the others', () => {
    const still = (count: number) => judge(...Array.from({ length: count }, (_, instance) => ({ instance, gaps: 1, gapNanos: SECOND - instance })))
    expect(still(2).reasons).toEqual(['instance 0 stood still for 1 s of the 10 s, and so did instance 1'])
    expect(still(5).reasons[0]).toMatch(/, and so did instance 1, instance 2, instance 3 and instance 4$/)
    expect(still(7).reasons[0]).toMatch(/, and so did instance 1, instance 2, instance 3, instance 4 and 2 more$/)
  })

  it('orders those that fell behind by how far, whatever their number of operations', () => {
    const behind = judge({ judgedOperations: 1_000, lateOperations: 300 }, { instance: 1, judgedOperations: 10_000, lateOperations: 2_000 })
    expect(behind.reasons).toEqual([expect.stringMatching(/^instance 0 was more than 10 ms behind .* 30 % .*, and so did instance 1$/)])
    const omitted = judge({ omittedOperations: 10_000 }, { instance: 1, omittedOperations: 30_000 })
    expect(omitted.reasons).toEqual(['instance 1 started 70 % of what was due (at least 95 % is needed), and so did instance 0'])
  })

  it('finds nothing late or missing where nothing was to be judged', () => {
    expect(judge({ judgedOperations: 0, lateOperations: 0, omittedOperations: 0 }).reasons).toEqual([])
  })

  it('holds no missing reading against a process, and takes none for the worst', () => {
    const unread = { eventLoopUtilization: null, eventLoopDelayP99Nanos: null, gcPauseNanos: null, processorNanos: null }
    expect(judge(unread)).toMatchObject({ reasons: [], eventLoopUtilization: null, eventLoopDelayP99Nanos: null, gcPauseNanos: null })
    const beside = { eventLoopUtilization: 0.6, eventLoopDelayP99Nanos: 2 * MILLISECOND, gcPauseNanos: 0 }
    expect(judge(unread, { instance: 1 })).toMatchObject(beside)
    expect(judge({}, { ...unread, instance: 1 })).toMatchObject(beside)
    // Without its processor time, or the time it was metered over, nobody can say that it waited for one.
    expect(judge({ eventLoopUtilization: 0.9, processorNanos: null }).reasons).toEqual([])
    expect(judge({ eventLoopUtilization: 0.9, processorNanos: 0, meteredNanos: 0 }).reasons).toEqual([])
  })

  it('draws each line where its error begins to show, and not before', () => {
    expect(judge({ eventLoopUtilization: 0.5, processorNanos: 3 * SECOND, eventLoopDelayP99Nanos: 10 * MILLISECOND }).reasons).toEqual([])
    expect(judge({ gaps: 1, gapNanos: 0.1 * SECOND + 1 }).reasons).toEqual(['the load generator stood still for 100 ms of the 10 s'])
  })

  it('lists no processes where none was metered', () => {
    expect(judge({ meteredNanos: 0 })).not.toHaveProperty('processes')
    expect(judge({ meteredNanos: 0 }, { instance: 1 }).processes).toHaveLength(2)
  })

  it('allows a slow schedule ten gaps, and a closed loop the least', () => {
    expect(scheduleLagLimitNanos(100)).toBe(100 * MILLISECOND)
    expect(scheduleLagLimitNanos(10_000)).toBe(10 * MILLISECOND)
    expect(scheduleLagLimitNanos(null)).toBe(10 * MILLISECOND)
    expect(scheduleLagLimitNanos(0)).toBe(10 * MILLISECOND)
  })
})

describe('judgeUnmetered', () => {
  const late = { ...LOAD, startedPerSecond: 9_400, scheduleLagP99Nanos: 11 * MILLISECOND }
  it('goes by lag alone, unless anything held the load back', () => {
    expect(judgeUnmetered(LOAD, false).generatorLimited).toBe(false)
    expect(judgeUnmetered(late, false)).toMatchObject({ generatorLimited: true, reasons: [expect.stringContaining('schedule lag 11 ms')] })
    expect(judgeUnmetered(LOAD, false).reasons).toEqual([])
    expect(judgeUnmetered(late, true).generatorLimited).toBe(false)
    expect(judgeUnmetered({ ...late, offeredPerSecond: null }, false).generatorLimited).toBe(false)
    expect(judgeUnmetered({ ...late, offeredPerSecond: 0 }, false).generatorLimited).toBe(false)
    expect(judgeUnmetered({ ...late, scheduleLagP99Nanos: 10 * MILLISECOND }, false)).toMatchObject({ reasons: [], eventLoopUtilization: null })
  })
})

describe('auditVerdict', () => {
  const verdict = (load: Partial<typeof LOAD> | { offeredPerSecond: null }, process: Partial<ProcessAudit> = {}) =>
    auditVerdict({ id: 'a', audit: judgeAudit({ ...LOAD, ...load }, [{ ...PROCESS, ...process }], 10 * SECOND) })

  it('says what was offered and begun, and how late', () => {
    expect(verdict({})).toMatchObject({
      evidence: '9900/s started of 10000/s offered, p99 schedule lag 1 ms, event loop busy 60 % of the time.',
      numbers: {
        startedPerSecond: 9_900,
        scheduleLagP99Nanos: MILLISECOND,
        unstarted: 0,
        offeredPerSecond: 10_000,
        eventLoopUtilization: 0.6,
        eventLoopDelayP99Nanos: 2 * MILLISECOND,
      },
    })
  })

  it('says nothing of a schedule in a closed loop, nor of what was not read', () => {
    const closed = verdict({ offeredPerSecond: null }, { eventLoopUtilization: null, eventLoopDelayP99Nanos: null })
    expect(closed.evidence).toBe('9900/s started in a closed loop.')
    expect(closed.numbers).toEqual({ startedPerSecond: 9_900, scheduleLagP99Nanos: MILLISECOND, unstarted: 0 })
  })

  it('says how many the target held back', () => {
    expect(verdict({ unstarted: 3 }).evidence).toMatch(/, 3 due operations were never started: the target held them back\.$/)
  })

  it('says what limited the generator', () => {
    expect(verdict({}, { eventLoopUtilization: 0.97, eventLoopDelayP99Nanos: 12 * MILLISECOND }).evidence).toBe(
      'Generator-limited: event loop of the load generator busy 97 % of the time (at most 95 %); p99 event-loop delay of the load generator 12 ms (at most 10 ms).',
    )
  })
})
