import type { Audit, Cell } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { digits, nanosInWords, shareInWords } from '../measure/words.ts'
import { MILLISECOND } from '../runtime/runtime.ts'

/**
 * When the generator itself was the bottleneck. Each limit is where its error begins to show in what is measured:
 * - started / offered rate: below 95 % the target was not given the load that the report names (open loop);
 * - schedule lag p99: later than 10 ms, or than ten times the mean gap between arrivals if that is more, the arrivals
 *   are no longer those that were asked for. Latency counts from the due time, so nothing is hidden, but part of it is ours;
 * - event-loop utilisation: above 95 % a queue builds in the generator;
 * - event-loop delay p99: above 10 ms answers wait that long to be seen.
 */
export const AUDIT_LIMITS = {
  startedShare: 0.95,
  scheduleLagNanos: 10 * MILLISECOND,
  scheduleLagGaps: 10,
  eventLoopUtilization: 0.95,
  eventLoopDelayNanos: 10 * MILLISECOND,
} as const

/** What was measured about the generator, before it is judged. */
export type AuditNumbers = Omit<Audit, 'generatorLimited' | 'reasons'>

export interface AuditContext {
  /**
   * The target did not answer for a while (a fault was injected, or the limit of operations in flight was reached):
   * operations that then wait their turn are the target's doing and not the generator's.
   */
  readonly targetHeldBack: boolean
}

/** Fills in the two judged fields of an audit. */
export function judgeAudit(numbers: AuditNumbers, context: AuditContext = { targetHeldBack: numbers.unstarted > 0 }): Audit {
  const { offeredPerSecond, startedPerSecond, scheduleLagP99Nanos, eventLoopUtilization, eventLoopDelayP99Nanos } = numbers
  const reasons: string[] = []
  const busy = eventLoopUtilization !== null && eventLoopUtilization > AUDIT_LIMITS.eventLoopUtilization
  const delayed = eventLoopDelayP99Nanos !== null && eventLoopDelayP99Nanos > AUDIT_LIMITS.eventLoopDelayNanos
  // Without readings of the event loop there is nothing to tell the generator's share from the target's by.
  const targetHeldBack = context.targetHeldBack && !busy && !delayed
  if (offeredPerSecond !== null && offeredPerSecond > 0 && !targetHeldBack) {
    const share = startedPerSecond / offeredPerSecond
    if (share < AUDIT_LIMITS.startedShare) {
      reasons.push(
        `started ${digits(startedPerSecond)}/s of the ${digits(offeredPerSecond)}/s offered (${shareInWords(share)}; at least 95 % is needed)`,
      )
    }
    const lagLimit = Math.max(AUDIT_LIMITS.scheduleLagNanos, (AUDIT_LIMITS.scheduleLagGaps * 1e9) / offeredPerSecond)
    if (scheduleLagP99Nanos > lagLimit) {
      reasons.push(`p99 schedule lag ${nanosInWords(scheduleLagP99Nanos)} (at most ${nanosInWords(lagLimit)})`)
    }
  }
  if (busy) reasons.push(`event loop busy ${shareInWords(eventLoopUtilization)} of the time (at most 95 %)`)
  if (delayed)
    reasons.push(`p99 event-loop delay ${nanosInWords(eventLoopDelayP99Nanos)} (at most ${nanosInWords(AUDIT_LIMITS.eventLoopDelayNanos)})`)
  return { ...numbers, generatorLimited: reasons.length > 0, reasons }
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
