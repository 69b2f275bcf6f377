import { metricNames, nearestMetric, resolveMetric } from '../../measure/metrics/catalogue.ts'
import type { Metric } from '../../measure/metrics/metric.ts'
import { scaleOf } from './contrast-of-cells.ts'

/** `read.p99 > +10%`: what must not be so of any alternative, against its baseline. */
export interface Gate {
  readonly text: string
  readonly metric: Metric
  readonly operator: '>' | '<'
  /** Of a ratio scale the ratio (1.1 for +10%), of shares the difference (0.02 for +2pp), of counts the difference. */
  readonly bound: number
}

export interface GateProblem {
  readonly problem: string
  /** "expected ..." or "did you mean ...?" */
  readonly expected: string
}

const GATE = /^\s*([A-Za-z][\w.-]*)\s*([<>])\s*([+\-−]?)\s*(\d+(?:\.\d+)?)\s*(%|pp|)\s*$/u

/** A difference that fails a pipeline: a figure, which way, and by how much. */
export function parseGate(text: string): Gate | GateProblem {
  const match = GATE.exec(text)
  if (!match)
    return { problem: `"${text}" is no gate`, expected: "expected a figure, > or <, and a difference from the baseline, such as 'read.p99 > +10%'" }
  const [, name, operator, sign, digits, unit] = match as unknown as [string, string, '>' | '<', string, string, string]
  const reference = resolveMetric(name, [])
  if (!reference || reference.overall) {
    const meant = nearestMetric(name, [])
    return {
      problem: `no figure is called "${name}"`,
      expected: meant ? `did you mean ${meant}?` : `expected some of ${metricNames([]).slice(0, 6).join(', ')} ...`,
    }
  }
  const { metric } = reference
  const given = Number(digits) * (sign === '-' || sign === '−' ? -1 : 1)
  const wanted = metric.unit === 'ratio' ? 'pp' : metric.unit === 'count' ? '' : '%'
  if (unit !== wanted)
    return { problem: `${name} is compared by "${unit || 'a bare number'}"`, expected: EXPECTED_UNITS[wanted].replace('FIGURE', name) }
  if (sign === '' && given !== 0)
    return {
      problem: `"${text}" does not say which way`,
      expected: `expected a sign before the difference, such as '${name} ${operator} +${digits}${unit}'`,
    }
  const bound = scaleOf(metric) === 'ratio' ? 1 + given / 100 : unit === 'pp' ? given / 100 : given
  return { text: text.trim(), metric, operator, bound }
}

const EXPECTED_UNITS: Readonly<Record<'%' | 'pp' | '', string>> = {
  '%': "expected a percentage of the baseline, such as 'FIGURE > +10%'",
  pp: "expected percentage points, because it is a share, such as 'FIGURE < -2pp'",
  '': "expected a number of events, such as 'FIGURE > +0'",
}

/** What is to fail on a difference is tested before anything else. */
export function figuresWith(gates: readonly Gate[], figures: readonly string[]): string[] {
  return [...new Set([...gates.map(({ metric }) => metric.name), ...figures])]
}
