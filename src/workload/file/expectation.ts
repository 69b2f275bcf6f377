import { METRICS, nearestMetric, OVERALL, resolveMetric } from '../../measure/metrics/catalogue.ts'
import { AGGREGATE_CLASSES, metricClassName, STATISTICS } from '../../measure/metrics/latency-metric.ts'
import type { MetricUnit } from '../../measure/metrics/metric.ts'
import type { Expectation } from '../workload.ts'
import { parseCount, parseDuration, parseRate, parseRatio, type Quantity } from './units.ts'

export type ParsedExpectation =
  | { readonly ok: true; readonly expectation: Expectation }
  | { readonly ok: false; readonly problem: ExpectationProblem }

export interface ExpectationProblem {
  /** What is wrong: `no metric is called "hit_rato"`. */
  readonly message: string
  readonly expected: string
  readonly meant?: string
  /** Which characters of the text it is about, for the caret. */
  readonly offset: number
  readonly length: number
}

const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const
const WHOLE = /^(\s*)([A-Za-z][\w.-]*)(\s*)([<>=!]+)(\s*)([^\s<>=!].*?)\s*$/u
const SHAPE = 'a metric, an operator (< <= == != >= >) and a value, such as hit_ratio >= 0.9 or read.p99 <= 5ms'

/**
 * `hit_ratio >= 0.9`, `read.p99 <= 5ms`, `lost_sessions == 0`, `stale_ratio < 1%`. `classes`: the names of the
 * pattern's classes of operation, which may stand before the dot (with `_` for blanks). `overall.errors == 0` counts the
 * time of faults, too.
 */
export function parseExpectation(text: string, classes: readonly string[]): ParsedExpectation {
  const match = text.length <= 200 ? WHOLE.exec(text) : null
  if (!match) return failed({ message: 'this is no expectation', expected: SHAPE, offset: 0, length: Math.max(1, Math.min(text.length, 200)) })
  const [, indent, name, gap, sign, space, given] = match as unknown as [string, string, string, string, string, string, string]
  const nameAt = indent.length
  const signAt = nameAt + name.length + gap.length
  const valueAt = signAt + sign.length + space.length

  const reference = resolveMetric(name, classes)
  if (!reference) {
    const meant = nearestMetric(name, classes)
    return failed({
      message: `no metric is called "${name}"`,
      expected: listMetrics(classes),
      ...(meant && { meant }),
      offset: nameAt,
      length: name.length,
    })
  }
  const operator = OPERATORS.find((one) => one === sign)
  if (!operator) {
    const meant = { '=': '==', '=>': '>=', '=<': '<=', '!': '!=', '===': '==', '<>': '!=' }[sign]
    return failed({
      message: `"${sign}" is no operator`,
      expected: OPERATORS.join(' '),
      ...(meant && { meant }),
      offset: signAt,
      length: sign.length,
    })
  }
  const value = parseValue(given, reference.metric.unit)
  if (!value.ok) {
    const { expected, example, reason, meant } = value.problem
    return failed({
      message: `${name} is compared with "${given}"${reason === undefined ? '' : `: ${reason}`}`,
      expected: `${expected}, such as ${example}`,
      ...(meant !== undefined && { meant }),
      offset: valueAt,
      length: given.length,
    })
  }
  return { ok: true, expectation: { text: text.trim(), metric: name, operator, value: value.value } }
}

/** Whether a value that lies between `low` and `high` meets the expectation for certain, for certain not, or maybe. */
export function meetsWithin(expectation: Pick<Expectation, 'operator' | 'value'>, low: number, high: number): 'yes' | 'no' | 'maybe' {
  const { operator, value } = expectation
  if (operator === '==' || operator === '!=') {
    const within = value >= low && value <= high
    if (within && low !== high) return 'maybe'
    return within === (operator === '==') ? 'yes' : 'no'
  }
  const [first, second] = [meets(expectation, low), meets(expectation, high)]
  return first === second ? (first ? 'yes' : 'no') : 'maybe'
}

/** Whether a measured value meets the expectation. */
export function meets(expectation: Pick<Expectation, 'operator' | 'value'>, measured: number): boolean {
  switch (expectation.operator) {
    case '<':
      return measured < expectation.value
    case '<=':
      return measured <= expectation.value
    case '==':
      return measured === expectation.value
    case '!=':
      return measured !== expectation.value
    case '>=':
      return measured >= expectation.value
    case '>':
      return measured > expectation.value
  }
}

function parseValue(given: string, unit: MetricUnit): Quantity {
  switch (unit) {
    case 'ratio':
      return parseRatio(given)
    case 'count':
      return parseCount(given)
    case 'nanos':
      return parseDuration(given)
    case 'rate':
      return parseRate(given, true)
    case 'bytes':
    case 'number':
      return /^[0-9]+(\.[0-9]+)?$/.test(given) ? { ok: true, value: Number(given) } : { ok: false, problem: { expected: 'a number', example: '1.5' } }
  }
}

function listMetrics(classes: readonly string[]): string {
  const latencyClasses = [...new Set([...AGGREGATE_CLASSES, ...classes.map(metricClassName)])]
  return `one of ${METRICS.map((metric) => metric.name).join(', ')}, or <class>.<${STATISTICS.join('|')}> with a class out of ${latencyClasses.join(', ')}; ${OVERALL} in front of one counts the time of faults, too`
}

function failed(problem: ExpectationProblem): ParsedExpectation {
  return { ok: false, problem }
}
