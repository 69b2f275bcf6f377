import type { Metric } from '../../measure/metrics/metric.ts'
import { FAULT, NO_FAULT } from './factors.ts'
import { ROWS, type Subject } from './subject.ts'

/** What a fault can cost is asked where one strikes; everything else where nothing goes wrong. */
export function isAskedOf(metric: Metric, { factors }: Subject): boolean {
  return (metric.askedOfFaults === true) === ((factors[FAULT] ?? NO_FAULT) !== NO_FAULT)
}

/** Whether a cell can come to a figure at all; known before it runs. */
export function isMeasurable(metric: Metric, { measures, work }: Subject): boolean {
  // Load is taken off a database where the cache holds its rows.
  if (metric.layer === 'database' && !(measures.database && work === ROWS)) return false
  return metric.checkers === undefined || (measures.hasHistory && metric.checkers.some((id) => measures.checks.includes(id)))
}

/**
 * Two embedded engines stand behind one model of a network: how long they take, how much they carry and how long they are
 * away is equal by construction, and says nothing of the engines.
 */
export function isSharedModel({ unit }: Metric, by: string, baseline: Subject, candidate: Subject): boolean {
  if (by !== 'target' || (unit !== 'nanos' && unit !== 'rate')) return false
  return [baseline, candidate].every(({ factors }) => factors['target']?.startsWith('engine:') === true)
}
