import { describe, expect, it } from 'vitest'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { addLoadTallies, type LoadStep } from './load-tally.ts'
import { type JudgedTime, processAudit } from './process-audit.ts'

const TIME: JudgedTime = { measured: [{ fromNanos: SECOND, toNanos: 3 * SECOND }], unreachable: [], stepNanos: SECOND / 4, isOpenLoop: true }
const step = (at: number, fields: Partial<LoadStep> = {}): LoadStep => ({
  step: at,
  due: 100,
  began: 100,
  excused: 0,
  late: 0,
  omitted: 0,
  ownLagNanos: 0,
  ...fields,
})
const READING = { meteredNanos: 4 * SECOND, eventLoopUtilization: 0.5, eventLoopDelayP99Nanos: 1, gcPauseNanos: 2, processorNanos: 3, gaps: [] }
const audited = (steps: readonly LoadStep[], time: Partial<JudgedTime> = {}) =>
  processAudit({ instance: 1, reading: READING, load: { excusedNanos: 5, steps } }, { ...TIME, ...time })

describe('processAudit', () => {
  it('counts what was due in the measured time: the backlog of a warm-up is no rate', () => {
    const steps = [
      step(3, { due: 900, began: 900, late: 900 }),
      ...[4, 5, 6, 7, 8, 9, 10, 11].map((at) => step(at, { began: 90, excused: 10 })),
      step(12),
    ]
    expect(audited(steps)).toMatchObject({ offeredPerSecond: 400, startedPerSecond: 360, judgedOperations: 720, lateOperations: 0, excusedNanos: 5 })
  })

  it('judges no lag where the target could not be reached, and elsewhere it does', () => {
    const late = { late: 20, omitted: 3, ownLagNanos: SECOND }
    const steps = [step(4, late), step(8, { late: 1, ownLagNanos: 7 })]
    const unreachable = [{ fromNanos: 1.1 * SECOND, toNanos: 1.2 * SECOND }]
    expect(audited(steps)).toMatchObject({ judgedOperations: 200, lateOperations: 21, omittedOperations: 3, worstOwnLagNanos: SECOND })
    expect(audited(steps, { unreachable })).toMatchObject({
      judgedOperations: 100,
      lateOperations: 1,
      omittedOperations: 0,
      worstOwnLagNanos: 7,
      offeredPerSecond: 100,
    })
    expect(audited(steps, { unreachable: [{ fromNanos: 0, toNanos: SECOND }] }).judgedOperations).toBe(200)
  })

  it('is measured in each of several phases, and by no rate where none was', () => {
    const measured = [TIME.measured[0]!, { fromNanos: 5 * SECOND, toNanos: 6 * SECOND }]
    const steps = [step(4), step(14), step(20)]
    expect(audited(steps, { measured })).toMatchObject({ judgedOperations: 200, offeredPerSecond: 200 / 3 })
    expect(audited(steps, { measured: [] })).toMatchObject({ judgedOperations: 0, offeredPerSecond: 0, startedPerSecond: 0 })
  })

  it('tells what the process read of itself', () => {
    const { gaps: _, ...reading } = READING
    expect(audited([])).toMatchObject({ instance: 1, ...reading, gaps: 0 })
  })

  it('counts of gaps what lies in the measured time', () => {
    const gaps = [
      { fromNanos: 0, toNanos: 0.9 * SECOND },
      { fromNanos: 0.9 * SECOND, toNanos: 1.2 * SECOND },
      { fromNanos: 2 * SECOND, toNanos: 2.5 * SECOND },
    ]
    const audit = processAudit({ instance: undefined, reading: { ...READING, gaps }, load: undefined }, TIME)
    expect(audit).toMatchObject({ gaps: 2, longestGapNanos: 0.5 * SECOND, startedPerSecond: null, offeredPerSecond: null })
    expect(audit.gapNanos).toBeCloseTo(700 * MILLISECOND)
    expect(audit).not.toHaveProperty('instance')
  })

  it('knows no offer in a closed loop, and nothing of a process that was gone too soon', () => {
    expect(audited([step(4)], { isOpenLoop: false })).toMatchObject({ offeredPerSecond: null, startedPerSecond: 50 })
    expect(processAudit({ instance: 0, reading: undefined, load: undefined }, TIME)).toMatchObject({
      ...{ instance: 0, judgedOperations: 0, lateOperations: 0, omittedOperations: 0, worstOwnLagNanos: 0, excusedNanos: 0 },
      meteredNanos: 0,
      eventLoopUtilization: null,
      gaps: 0,
    })
  })
})

it('tallies that came one after the other add up, also of one step', () => {
  const first = addLoadTallies(undefined, { excusedNanos: 1, steps: [step(0), step(1, { ownLagNanos: 9 })] })
  const both = addLoadTallies(first, { excusedNanos: 2, steps: [step(1, { late: 3, ownLagNanos: 4 }), step(2)] })
  expect(both).toEqual({ excusedNanos: 3, steps: [step(0), step(1, { due: 200, began: 200, late: 3, ownLagNanos: 9 }), step(2)] })
})
