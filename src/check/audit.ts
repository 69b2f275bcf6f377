import type { Audit, Cell, ProcessAudit } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { digits, nanosInWords, shareInWords } from '../measure/words.ts'
import { MILLISECOND, type Nanos } from '../runtime/runtime.ts'

/**
 * When a process of the generator was the bottleneck. Each limit is where its error begins to show in what is measured:
 * - late: of the operations that nothing but itself held back, more than 1 % began later than 10 ms after they were due,
 *   or than ten times the mean gap between arrivals if that is more: the p99 is partly ours (open loop);
 * - started: of those, fewer than 95 % ever began: the target was not given the load that the report names;
 * - gaps: it stood still, by its own clock, for more than 1 % of the measured time;
 * - starved: its event loop had work for more than a fifth of the time in which no processor was given to it;
 * - event-loop utilisation: above 95 % a queue builds in the generator;
 * - event-loop delay p99: above 10 ms answers wait that long to be seen.
 */
export const AUDIT_LIMITS = {
  lateShare: 0.01,
  scheduleLagNanos: 10 * MILLISECOND,
  scheduleLagGaps: 10,
  startedShare: 0.95,
  gapShare: 0.01,
  starvedShare: 0.2,
  eventLoopUtilization: 0.95,
  eventLoopDelayNanos: 10 * MILLISECOND,
} as const

/** An operation that begins later than this after it was due is late. `offeredPerSecond`: of all instances together. */
export function scheduleLagLimitNanos(offeredPerSecond: number | null): Nanos {
  const { scheduleLagNanos, scheduleLagGaps } = AUDIT_LIMITS
  return offeredPerSecond === null || offeredPerSecond <= 0
    ? scheduleLagNanos
    : Math.max(scheduleLagNanos, (scheduleLagGaps * 1e9) / offeredPerSecond)
}

/** What was measured of the cell's load as a whole. */
export type LoadNumbers = Pick<Audit, 'offeredPerSecond' | 'startedPerSecond' | 'scheduleLagP99Nanos' | 'unstarted'>

/** The audit of a cell whose processes metered themselves. */
export function judgeAudit(load: LoadNumbers, processes: readonly ProcessAudit[], measuredNanos: Nanos): Audit {
  const lagLimitNanos = scheduleLagLimitNanos(load.offeredPerSecond)
  const reasons = FINDINGS.flatMap((find) => {
    const found = processes
      .flatMap((process) => find(process, subjectOf(process, processes), { lagLimitNanos, measuredNanos }) ?? [])
      .sort((a, b) => b.size - a.size)
    const [worst, ...others] = found
    return worst === undefined ? [] : [`${worst.words}${alsoInWords(others)}`]
  })
  const isMetered = processes.some(({ meteredNanos }) => meteredNanos > 0)
  return { ...load, ...worstReadings(processes), generatorLimited: reasons.length > 0, reasons, ...(isMetered && { processes: [...processes] }) }
}

/**
 * The audit of a cell of which only its operations are known, because it died: nobody can tell whether what held it back
 * was the target once anything did, and then nothing is said against the generator. Its rate is not judged: what was
 * under way or not written down when it died counts as if it had never begun.
 */
export function judgeUnmetered(load: LoadNumbers, heldBack: boolean): Audit {
  const { offeredPerSecond, scheduleLagP99Nanos } = load
  const reasons: string[] = []
  if (offeredPerSecond !== null && offeredPerSecond > 0 && !heldBack) {
    const limit = scheduleLagLimitNanos(offeredPerSecond)
    if (scheduleLagP99Nanos > limit) reasons.push(`p99 schedule lag ${nanosInWords(scheduleLagP99Nanos)} (at most ${nanosInWords(limit)})`)
  }
  return { ...load, ...worstReadings([]), generatorLimited: reasons.length > 0, reasons }
}

interface Finding {
  readonly subject: string
  readonly words: string
  /** By which the worst is told. */
  readonly size: number
}

type Find = (process: ProcessAudit, subject: string, limits: { readonly lagLimitNanos: Nanos; readonly measuredNanos: Nanos }) => Finding | undefined

const FINDINGS: readonly Find[] = [
  ({ gapNanos, longestGapNanos, gaps }, subject, { measuredNanos }) =>
    gapNanos > AUDIT_LIMITS.gapShare * measuredNanos
      ? {
          subject,
          words: `${subject} stood still for ${nanosInWords(gapNanos)} of the ${nanosInWords(measuredNanos)}${gaps > 1 ? ` (${nanosInWords(longestGapNanos)} at the longest)` : ''}`,
          size: gapNanos,
        }
      : undefined,
  ({ judgedOperations, omittedOperations }, subject) => {
    const share = judgedOperations === 0 ? 1 : 1 - omittedOperations / judgedOperations
    return share < AUDIT_LIMITS.startedShare
      ? { subject, words: `${subject} started ${shareInWords(share)} of what was due (at least 95 % is needed)`, size: 1 - share }
      : undefined
  },
  ({ judgedOperations, lateOperations, worstOwnLagNanos }, subject, { lagLimitNanos }) => {
    const share = judgedOperations === 0 ? 0 : lateOperations / judgedOperations
    return share > AUDIT_LIMITS.lateShare
      ? {
          subject,
          words: `${subject} was more than ${nanosInWords(lagLimitNanos)} behind schedule with ${shareInWords(share)} of its operations (at most 1 %; schedule lag ${nanosInWords(worstOwnLagNanos)} at the most)`,
          size: share,
        }
      : undefined
  },
  (process, subject) => {
    const share = starvedShare(process)
    return share > AUDIT_LIMITS.starvedShare
      ? { subject, words: `${subject} had to wait for a processor ${shareInWords(share)} of the time (at most 20 %)`, size: share }
      : undefined
  },
  ({ instance, eventLoopUtilization: share }, subject, _) =>
    share !== null && share > AUDIT_LIMITS.eventLoopUtilization && instance !== undefined
      ? { subject, words: `event loop of ${subject} busy ${shareInWords(share)} of the time (at most 95 %)`, size: share }
      : undefined,
  ({ instance, eventLoopDelayP99Nanos: delay }, subject, _) =>
    delay !== null && delay > AUDIT_LIMITS.eventLoopDelayNanos && instance !== undefined
      ? {
          subject,
          words: `p99 event-loop delay of ${subject} ${nanosInWords(delay)} (at most ${nanosInWords(AUDIT_LIMITS.eventLoopDelayNanos)})`,
          size: delay,
        }
      : undefined,
]

/** Time in which the event loop had something to do, less the processor time of all threads, which is never too little. */
function starvedShare({ instance, eventLoopUtilization, processorNanos, meteredNanos }: ProcessAudit): number {
  if (instance === undefined || eventLoopUtilization === null || processorNanos === null || meteredNanos <= 0) return 0
  return Math.max(0, eventLoopUtilization - processorNanos / meteredNanos)
}

function subjectOf({ instance }: ProcessAudit, processes: readonly ProcessAudit[]): string {
  if (instance === undefined) return "the run's own process"
  return processes.length === 1 ? 'the load generator' : `instance ${instance}`
}

const NAMED = 4

function alsoInWords(others: readonly Finding[]): string {
  if (others.length === 0) return ''
  const named = others.slice(0, NAMED).map(({ subject }) => subject)
  const more = others.length - named.length
  const list = more > 0 ? [...named, `${more} more`] : named
  return `, and so did ${list.length === 1 ? list[0] : `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`}`
}

/** Of the processes that make load. */
function worstReadings(processes: readonly ProcessAudit[]): Pick<Audit, 'eventLoopUtilization' | 'eventLoopDelayP99Nanos' | 'gcPauseNanos'> {
  const makers = processes.filter(({ instance }) => instance !== undefined)
  const worst = (values: readonly (number | null)[]) =>
    values.reduce((most, value) => (value === null ? most : Math.max(most ?? value, value)), null as number | null)
  return {
    eventLoopUtilization: worst(makers.map((one) => one.eventLoopUtilization)),
    eventLoopDelayP99Nanos: worst(makers.map((one) => one.eventLoopDelayP99Nanos)),
    gcPauseNanos: worst(makers.map((one) => one.gcPauseNanos)),
  }
}

/**
 * The verdict on the generator. It gates nothing by itself: expectations on what a limited generator measured become
 * unknown, claims leave its cells out.
 */
export function auditVerdict(cell: Pick<Cell, 'id' | 'audit'>): Verdict {
  const { audit } = cell
  return {
    kind: 'audit',
    id: 'audit/generator',
    sentence: 'The load generator was not the bottleneck.',
    outcome: audit.generatorLimited ? 'fails' : 'holds',
    evidence: audit.generatorLimited ? `Generator-limited: ${audit.reasons.join('; ')}.` : evidenceOf(audit),
    numbers: numbersOf(audit),
    cells: [cell.id],
    gates: false,
  }
}
function evidenceOf(audit: Audit): string {
  const parts: string[] = []
  if (audit.offeredPerSecond !== null) {
    parts.push(`${digits(audit.startedPerSecond)}/s started of ${digits(audit.offeredPerSecond)}/s offered`)
    parts.push(`p99 schedule lag ${nanosInWords(audit.scheduleLagP99Nanos)}`)
  } else parts.push(`${digits(audit.startedPerSecond)}/s started in a closed loop`)
  if (audit.eventLoopUtilization !== null) parts.push(`event loop busy ${shareInWords(audit.eventLoopUtilization)} of the time`)
  if (audit.unstarted > 0) parts.push(`${audit.unstarted} due operations were never started: the target held them back`)
  return `${parts.join(', ')}.`
}

function numbersOf(audit: Audit): Record<string, number> {
  const numbers: Record<string, number> = {
    startedPerSecond: audit.startedPerSecond,
    scheduleLagP99Nanos: audit.scheduleLagP99Nanos,
    unstarted: audit.unstarted,
  }
  if (audit.offeredPerSecond !== null) numbers['offeredPerSecond'] = audit.offeredPerSecond
  if (audit.eventLoopUtilization !== null) numbers['eventLoopUtilization'] = audit.eventLoopUtilization
  if (audit.eventLoopDelayP99Nanos !== null) numbers['eventLoopDelayP99Nanos'] = audit.eventLoopDelayP99Nanos
  return numbers
}
