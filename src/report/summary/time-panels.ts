import type { Series } from '../../measure/run-result.ts'
import { nanosInWords, rateInWords, shareInWords } from '../../measure/words.ts'
import { operationErrors } from './operation-errors.ts'
import type { SeriesStyle } from './series-style.ts'

/** What a panel's values are: each has its axis and its words. */
export type PanelUnit = 'rate' | 'nanos' | 'share'

export interface PanelLine {
  readonly name: string
  readonly style: SeriesStyle
  readonly values: readonly (number | null)[]
}

/** One plot over a cell's time. */
export interface TimePanel {
  readonly id: 'rate' | 'latency' | 'hits' | 'database' | 'errors'
  readonly title: string
  readonly explanation: string
  readonly unit: PanelUnit
  readonly lines: readonly PanelLine[]
}

export interface TimePanels {
  /** What one point covers. */
  readonly pointNanos: number
  readonly points: number
  readonly panels: readonly TimePanel[]
}

const ERROR_CODES_SHOWN = 5

const PLAIN: SeriesStyle = { tone: 0, dash: [] }
const SECOND: SeriesStyle = { tone: 1, dash: [14, 7] }
const THIRD: SeriesStyle = { tone: 2, dash: [4, 6] }
const BAD: SeriesStyle = { tone: 7, dash: [4, 6] }

export function unitInWords(unit: PanelUnit): (value: number) => string {
  return { rate: rateInWords, nanos: nanosInWords, share: shareInWords }[unit]
}

/**
 * The plots of a cell, in at most `maxPoints` points: several intervals in one point where there are more. Counts
 * become rates; of the latencies in a point, p50 is the middle one, p99 and the maximum are the largest.
 */
export function timePanels(series: Series, maxPoints: number): TimePanels {
  const length = series.okReads.length
  const width = Math.max(1, Math.ceil(length / Math.max(1, maxPoints)))
  const points = Math.ceil(length / width)
  const seconds = (series.intervalNanos * width) / 1e9
  const buckets = <T>(values: readonly T[]) => Array.from({ length: points }, (_, point) => values.slice(point * width, (point + 1) * width))
  const totals = (values: readonly number[]) => buckets(values).map((bucket) => bucket.reduce((sum, value) => sum + value, 0))
  const rates = (values: readonly number[]) =>
    // The last point may cover less; its rate would be of another length.
    totals(values).map((total, point) => total / (seconds * (buckets(values)[point]!.length / width)))
  const known = (values: readonly (number | null)[], choose: (ascending: readonly number[]) => number) =>
    buckets(values).map((bucket) => {
      const some = bucket.filter((value) => value !== null).sort((a, b) => a - b)
      return some.length === 0 ? null : choose(some)
    })
  const largest = (ascending: readonly number[]) => ascending[ascending.length - 1]!
  const middle = (ascending: readonly number[]) => ascending[ascending.length >> 1]!
  const hits = totals(series.hits)
  const misses = totals(series.misses)
  const troubles = series.failed.map((failed, index) => failed + (series.unknown[index] ?? 0))
  const panels: TimePanel[] = [
    {
      id: 'rate',
      title: 'Rate',
      explanation: 'Operations of the application that completed, a second.',
      unit: 'rate',
      lines: [
        { name: 'reads', style: PLAIN, values: rates(series.okReads) },
        { name: 'writes', style: SECOND, values: rates(series.okWrites) },
        ...(anyOf(troubles) ? [{ name: 'failed or unknown', style: BAD, values: rates(troubles) }] : []),
      ],
    },
    {
      id: 'latency',
      title: 'Response time',
      explanation: 'From due to answered, reads and writes together, on a logarithmic axis.',
      unit: 'nanos',
      lines: [
        { name: 'p50', style: PLAIN, values: known(series.p50Nanos, middle) },
        { name: 'p99', style: SECOND, values: known(series.p99Nanos, largest) },
        { name: 'max', style: THIRD, values: known(series.maxNanos, largest) },
      ],
    },
    {
      id: 'hits',
      title: 'Hit ratio',
      explanation: 'Hits of all look-ups in the cache.',
      unit: 'share',
      lines: [
        {
          name: 'hit ratio',
          style: PLAIN,
          values: hits.map((hit, point) => (hit + misses[point]! === 0 ? null : hit / (hit + misses[point]!))),
        },
      ],
    },
    {
      id: 'database',
      title: 'Database load',
      explanation: 'Reads and writes that reached the database, a second.',
      unit: 'rate',
      lines: [
        { name: 'database reads', style: PLAIN, values: rates(series.databaseReads) },
        { name: 'database writes', style: SECOND, values: rates(series.databaseWrites) },
      ],
    },
    {
      id: 'errors',
      title: 'Errors',
      explanation: 'Operations that failed or became unknown, by code, a second.',
      unit: 'rate',
      lines: errorLines(series.errors, rates),
    },
  ]
  return { pointNanos: series.intervalNanos * width, points, panels: panels.filter(hasContent) }
}

function errorLines(errors: Series['errors'], rates: (values: readonly number[]) => readonly number[]): readonly PanelLine[] {
  const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
  const codes = Object.entries(operationErrors(errors))
    .filter(([, values]) => anyOf(values))
    .sort(([a, m], [b, n]) => total(n) - total(m) || (a < b ? -1 : 1))
  const shown = codes.slice(0, ERROR_CODES_SHOWN).map(([name, values]) => ({ name, values }))
  const rest = codes.slice(ERROR_CODES_SHOWN).map(([, values]) => values)
  if (rest.length > 0) {
    const summed = rest[0]!.map((_, index) => rest.reduce((sum, values) => sum + (values[index] ?? 0), 0))
    shown.push({ name: `${rest.length} other codes`, values: summed })
  }
  return shown.map(({ name, values }, index) => ({ name, style: ERROR_STYLES[index]!, values: rates(values) }))
}

const ERROR_STYLES: readonly SeriesStyle[] = [
  { tone: 7, dash: [] },
  { tone: 1, dash: [14, 7] },
  { tone: 3, dash: [4, 6] },
  { tone: 4, dash: [20, 6, 4, 6] },
  { tone: 5, dash: [9, 5] },
  { tone: 6, dash: [2, 8] },
]

/** A plot of nothing but zeros says nothing, except of the rate. */
function hasContent(panel: TimePanel): boolean {
  if (panel.id === 'rate') return true
  return panel.lines.some(({ values }) => (panel.unit === 'share' ? values.some((value) => value !== null) : anyOf(values)))
}

function anyOf(values: readonly (number | null)[]): boolean {
  return values.some((value) => value !== null && value > 0)
}
