import type { Metric } from '../../measure/metrics/metric.ts'
import { FAULT, NO_FAULT } from './factors.ts'
import { ROWS, type Subject } from './subject.ts'

/** What a fault can cost is asked where one strikes; everything else where nothing goes wrong. */
export function isAskedOf(metric: Metric, subject: Subject): boolean {
  return (metric.askedOfFaults === true) === hasFault(subject)
}

/** Whether a cell can come to a figure at all; known before it runs. */
export function isMeasurable(metric: Metric, { measures, work }: Subject): boolean {
  // Load is taken off a database where the cache holds its rows.
  if (metric.layer === 'database' && !(measures.database && work === ROWS)) return false
  return metric.checkers === undefined || (measures.hasHistory && metric.checkers.some((id) => measures.checks.includes(id)))
}

/**
 * Two embedded engines stand behind one model of a network: how long they take, how much they carry and how long they are
 * away is equal by construction, and says nothing of the engines. So is, around a fault, what fails meanwhile.
 */
export function isSharedModel({ name, unit }: Metric, by: string, baseline: Subject, candidate: Subject): boolean {
  if (by !== 'target' || ![baseline, candidate].every(({ factors }) => factors['target']?.startsWith('engine:') === true)) return false
  return unit === 'nanos' || unit === 'rate' || (hasFault(candidate) && AVAILABILITY.has(name))
}

/** How much of the load an absent server fails. */
const AVAILABILITY: ReadonlySet<string> = new Set(['errors', 'error_ratio', 'failed', 'cache_errors'])

function hasFault({ factors }: Subject): boolean {
  return (factors[FAULT] ?? NO_FAULT) !== NO_FAULT
}
