import type { Alternative } from '../../../check/comparison/comparison.ts'
import { type Figure, isMissing } from '../../../measure/metrics/figure.ts'
import { COST } from '../../../measure/prices.ts'
import { pooled } from '../answer/pair-sentence.ts'
import { type FigureMetric, figureMetric } from '../figure-metric.ts'

/** A figure of the comparison chart. */
export interface ChartColumn {
  readonly metric: FigureMetric
  /** Head: "Read p99". */
  readonly title: string
  /** One sentence that a reader needs who has never met it. */
  readonly explanation: string
}

interface Wanted {
  readonly title: string
  /** The first of these that was measured. */
  readonly names: readonly string[]
  readonly explanation: string
  /** Only where something went wrong on purpose. */
  readonly ofFaults?: boolean
  /** Only where it is not nothing everywhere. */
  readonly onlyIfAny?: boolean
}

/** What matters to somebody who has to choose, in the order in which he asks. */
const WANTED: readonly Wanted[] = [
  { title: 'Read p50', names: ['read.p50'], explanation: 'Half of the reads were answered within this time.' },
  { title: 'Read p99', names: ['read.p99'], explanation: '99 of 100 reads were answered within this time.' },
  { title: 'Hit ratio', names: ['hit_ratio'], explanation: 'Reads that the cache answered.' },
  {
    title: 'Database reads',
    names: ['database_reads', 'database_load', 'database_offload'],
    explanation: 'Reads that the database had to answer.',
  },
  {
    title: 'Stale reads',
    names: ['stale_ratio', 'stale_reads'],
    explanation: 'Reads that returned an older version although a newer one had been acknowledged.',
  },
  { title: 'Lost', names: ['lost', 'lost_sessions', 'lost_increments'], explanation: 'Acknowledged by the cache, and gone.', ofFaults: true },
  {
    title: 'No service',
    names: ['service_read_unavailable', 'read_unavailable'],
    explanation: 'The longest time in which the server answered no read.',
    ofFaults: true,
  },
  {
    title: 'Failed',
    names: ['error_ratio', 'errors'],
    explanation: 'Operations that failed, or whose outcome nobody knows.',
    onlyIfAny: true,
  },
  { title: 'Memory', names: ['memory', 'bytes_per_item', 'stored_bytes'], explanation: 'What the cache took to hold it.' },
]

/** Around a fault: what it cost, then what was left. */
const WANTED_OF_FAULTS = ['Lost', 'No service', 'Failed', 'Hit ratio', 'Read p99', 'Database reads'].map(
  (wanted) => WANTED.find(({ title }) => title === wanted)!,
)

/** Figures that some alternative has; what was tested has a column in any case. */
export function chartColumns(
  alternatives: readonly Alternative[],
  tested: readonly string[],
  isFault: boolean,
  currency?: string,
): readonly ChartColumn[] {
  const has = (name: string) => alternatives.some((one) => !isMissing(pooled(one, name)))
  const columns = (isFault ? WANTED_OF_FAULTS : WANTED).flatMap(({ title, names, explanation, ofFaults, onlyIfAny }) => {
    const name = names.find((one) => tested.includes(one) && has(one)) ?? names.find(has)
    if (name === undefined || (ofFaults && !isFault && !tested.includes(name))) return []
    if (onlyIfAny && !alternatives.some((one) => isSome(pooled(one, name)))) return []
    const metric = figureMetric(name)
    return [{ metric, title: names[0] === name ? title : capitalised(metric.head), explanation: names[0] === name ? explanation : metric.summary }]
  })
  // A percentile stands under its own head: where too few operations were made for a p99, the p90 has a column beside it.
  const p90 = alternatives.some((one) => isMissing(pooled(one, 'read.p99')) && !isMissing(pooled(one, 'read.p90')))
  const shown = new Set(columns.map(({ metric }) => metric.name))
  const more = [...(p90 ? ['read.p90'] : []), ...tested].filter((name, index, all) => has(name) && !shown.has(name) && all.indexOf(name) === index)
  const extra = more.map((name): ChartColumn => {
    const metric = figureMetric(name)
    return {
      metric,
      title: capitalised(metric.head),
      explanation: name === 'read.p90' ? '9 of 10 reads were answered within this time.' : metric.summary,
    }
  })
  const afterMedian = columns.findIndex(({ metric }) => metric.name === 'read.p50') + 1
  const figures = p90 ? [...columns.slice(0, afterMedian), extra[0]!, ...columns.slice(afterMedian), ...extra.slice(1)] : [...columns, ...extra]
  return currency === undefined || isFault || !has(COST) ? figures : [costColumn(currency), ...figures]
}

function costColumn(currency: string): ChartColumn {
  const metric = { ...figureMetric(COST), better: 'less' } as const
  return { metric, title: `Cost in ${currency}`, explanation: `${currency} for 1,000,000 application reads.` }
}

function isSome(figure: Figure): boolean {
  return !isMissing(figure) && figure.high > 0
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
