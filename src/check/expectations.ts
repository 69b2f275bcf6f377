import { resolveMetric } from '../measure/metrics/catalogue.ts'
import { type Figure, isMissing, missing } from '../measure/metrics/figure.ts'
import { figureInWords, valueInWords } from '../measure/metrics/figure-in-words.ts'
import { measureFigure } from '../measure/metrics/measure-figure.ts'
import type { Metric } from '../measure/metrics/metric.ts'
import { sampleOf } from '../measure/metrics/sample.ts'
import type { Cell } from '../measure/run-result.ts'
import type { Outcome, Verdict } from '../measure/verdict.ts'
import { nanosInWords, shareInWords } from '../measure/words.ts'
import { meetsWithin } from '../workload/file/expectation.ts'
import type { Expectation } from '../workload/workload.ts'

/**
 * Judges what a workload expects of its cell. It holds or fails only where the figure's bounds both say so; a figure that
 * is missing, or that a limited generator took, is unknown and says why.
 */
export function judgeExpectations(cell: Cell, expectations: readonly Expectation[]): Verdict[] {
  return expectations.map((expectation) => {
    const verdict = { kind: 'expectation', id: `expect/${expectation.metric}`, sentence: expectation.text, cells: [cell.id], gates: true } as const
    const reference = resolveMetric(expectation.metric, classNames(cell))
    if (!reference) {
      return { ...verdict, outcome: 'unknown', evidence: `Could not be judged: the pattern ${cell.pattern} has no metric "${expectation.metric}".` }
    }
    const { metric, overall } = reference
    const figure = expectedFigure(cell, metric, overall)
    const { outcome, because } = decide(expectation, metric, figure)
    const numbers = numbersOf(figure, expectation)
    return { ...verdict, outcome, evidence: evidenceOf(figure, metric, expectation, because, leftOutOf(cell, metric, overall)), numbers }
  })
}

/** What an expectation on the metric is held against. */
export function expectedFigure(cell: Cell, metric: Metric, overall: boolean): Figure {
  if (cell.notApplicable !== undefined) return missing(`the pattern does not apply to this target (${cell.notApplicable})`)
  if (metric.needsGenerator && cell.audit.generatorLimited) {
    return missing(`the load generator was the bottleneck: ${cell.audit.reasons.join('; ')}`)
  }
  return measureFigure(metric, sampleOf([cell], metric.leavesFaultsOut && !overall ? 'without faults' : 'overall'))
}

function decide(expectation: Expectation, metric: Metric, figure: Figure): { readonly outcome: Outcome; readonly because?: string } {
  const low = figure.low ?? Number.NEGATIVE_INFINITY
  const high = figure.high ?? Number.POSITIVE_INFINITY
  const meets = meetsWithin(expectation, low, high)
  if (meets === 'no') return { outcome: 'fails' }
  if (meets === 'maybe') return { outcome: 'unknown' }
  const failed = isMissing(figure) ? 0 : (figure.failedShare ?? 0)
  const isUpperLimit = expectation.operator === '<' || expectation.operator === '<='
  if (isUpperLimit && metric.mostFailures !== undefined && failed > 0 && failed >= metric.mostFailures) {
    return { outcome: 'unknown', because: `${shareInWords(failed)} of the operations failed, and a failure is in no latency` }
  }
  return { outcome: 'holds' }
}

function evidenceOf(figure: Figure, metric: Metric, { operator, value }: Expectation, because: string | undefined, leftOut: string): string {
  const expected = `expected ${operator} ${valueInWords(value, metric.unit)}`
  const why = because === undefined ? '' : `; ${because}`
  if (!isMissing(figure)) {
    const note = figure.note === undefined ? '' : ` (${figure.note})`
    return `Measured ${figureInWords(figure, metric.unit)}${note}${leftOut}; ${expected}${why}.`
  }
  const { low, high = Number.POSITIVE_INFINITY } = figure
  if (low !== undefined) return `At least ${valueInWords(low, metric.unit)}: ${figure.missing}${leftOut}; ${expected}.`
  if (Number.isFinite(high)) return `At most ${valueInWords(high, metric.unit)}, the maximum: ${figure.missing}${leftOut}; ${expected}.`
  return `Could not be judged: ${figure.missing}.`
}

/** ", without 3.25 s of faults and recovery" */
function leftOutOf(cell: Cell, metric: Metric, overall: boolean): string {
  if (!metric.leavesFaultsOut || overall || !cell.withoutFaults) return ''
  return `, without the ${nanosInWords(cell.measuredNanos - cell.withoutFaults.measuredNanos)} from fault to recovery`
}

function numbersOf(figure: Figure, { value: expected }: Expectation): Record<string, number> {
  const { low, high } = figure
  if (!isMissing(figure) && figure.low === figure.high) return { measured: figure.low, expected }
  return {
    ...(low !== undefined && { minimum: low }),
    ...(high !== undefined && Number.isFinite(high) && { maximum: high }),
    expected,
  }
}

function classNames(cell: Cell): readonly string[] {
  return cell.classes.filter((one) => one.layer === 'app').map((one) => one.name)
}
