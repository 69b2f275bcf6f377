import type { Span } from '../measure/interval-tallies.ts'
import type { ProcessAudit } from '../measure/run-result.ts'
import type { Nanos } from '../runtime/runtime.ts'
import type { LoadStep } from './load-tally.ts'
import type { ProcessMeter } from './process-meter.ts'

/** What of a cell's time its processes are judged by. On the cell's axis. */
export interface JudgedTime {
  /** The measured phases. */
  readonly measured: readonly Span[]
  /** The target could not be reached, or a fault was upon it: no lag and no rate is judged there. */
  readonly unreachable: readonly Span[]
  /** Length of the steps that the load is tallied by. */
  readonly stepNanos: Nanos
  readonly isOpenLoop: boolean
}

/** The numbers of one process over the measured time. */
export function processAudit({ instance, reading, load }: ProcessMeter, time: JudgedTime): ProcessAudit {
  const { measured, unreachable, stepNanos } = time
  const steps = load?.steps.filter(({ step }) => measured.some((span) => holds(span, step * stepNanos))) ?? []
  const judged = steps.filter(({ step }) => !unreachable.some((span) => overlap(span, stepSpan(step, stepNanos)) > 0))
  const seconds = measuredStepNanos(time) / 1e9
  const perSecond = (count: number) => (seconds === 0 ? 0 : count / seconds)
  const gaps = (reading?.gaps ?? []).map((gap) => sum(measured, (span) => overlap(span, gap))).filter((nanos) => nanos > 0)
  return {
    ...(instance !== undefined && { instance }),
    offeredPerSecond: load && time.isOpenLoop ? perSecond(sum(steps, ({ due }) => due)) : null,
    startedPerSecond: load ? perSecond(sum(steps, ({ began }) => began)) : null,
    judgedOperations: sum(judged, ({ due, excused }) => due - excused),
    lateOperations: sum(judged, ({ late }) => late),
    omittedOperations: sum(judged, ({ omitted }) => omitted),
    worstOwnLagNanos: judged.reduce((worst, { ownLagNanos }: LoadStep) => Math.max(worst, ownLagNanos), 0),
    excusedNanos: load?.excusedNanos ?? 0,
    meteredNanos: reading?.meteredNanos ?? 0,
    eventLoopUtilization: reading?.eventLoopUtilization ?? null,
    eventLoopDelayP99Nanos: reading?.eventLoopDelayP99Nanos ?? null,
    gcPauseNanos: reading?.gcPauseNanos ?? null,
    processorNanos: reading?.processorNanos ?? null,
    gaps: gaps.length,
    gapNanos: sum(gaps, (nanos) => nanos),
    longestGapNanos: gaps.reduce((longest, nanos) => Math.max(longest, nanos), 0),
  }
}

/** How much of the measured time lies in steps that begin in it: a step that the warm-up's end cuts is none of them. */
function measuredStepNanos({ measured, stepNanos }: JudgedTime): Nanos {
  return sum(measured, ({ fromNanos, toNanos }) => Math.max(0, toNanos - Math.ceil(fromNanos / stepNanos) * stepNanos))
}

function stepSpan(step: number, stepNanos: Nanos): Span {
  return { fromNanos: step * stepNanos, toNanos: (step + 1) * stepNanos }
}

function holds({ fromNanos, toNanos }: Span, instant: Nanos): boolean {
  return instant >= fromNanos && instant < toNanos
}

function overlap(a: Span, b: Span): Nanos {
  return Math.max(0, Math.min(a.toNanos, b.toNanos) - Math.max(a.fromNanos, b.fromNanos))
}

function sum<T>(values: readonly T[], pick: (value: T) => number): number {
  return values.reduce((total, value) => total + pick(value), 0)
}
