import { comparedContrasts } from '../../../check/comparison/compared-contrasts.ts'
import type { Alternative, AlternativeFigure, Comparison, ComparisonGroup, NamedContrast } from '../../../check/comparison/comparison.ts'
import { isMissing } from '../../../measure/metrics/figure.ts'
import { figureInWords } from '../../../measure/metrics/figure-in-words.ts'
import type { Interval } from '../../../measure/statistics.ts'
import { differenceInWords } from '../answer/change-in-words.ts'
import type { FigureMetric } from '../figure-metric.ts'
import { type ChartAxis, chartAxis } from './chart-axis.ts'
import { type ChartColumn, chartColumns } from './chart-columns.ts'

/** Alternatives of one group, figure by figure on axes that all of them share. */
export interface ComparisonChart {
  readonly group: ComparisonGroup
  readonly columns: readonly (ChartColumn & { readonly axis: ChartAxis })[]
  readonly rows: readonly ChartRow[]
}

export interface ChartRow {
  readonly alternative: Alternative
  /** Others are compared with it. */
  readonly isBaseline: boolean
  /** By column. */
  readonly points: readonly ChartPoint[]
}

export interface ChartPoint {
  /** "14.2 ms"; a dash for what was not measured, and why. */
  readonly words: string
  /** "1.2 % failed": what must stand beside it. */
  readonly beside?: string
  readonly missing?: string
  /** Of another alternative as well, by construction: the figure is drawn once, at that one. */
  readonly modelled?: true
  /** What is drawn; absent where nothing was measured. The upper bound may be infinite. */
  readonly value?: Interval
  /** Of the blocks' mean. */
  readonly interval?: Interval
  /** An earned word and the difference it is of. Without one a point stands grey. */
  readonly verdict?: { readonly word: 'better' | 'worse' | 'different'; readonly change: string }
  /** The baseline's value, for a mark to hold it against. */
  readonly reference?: number
}

/** The chart of a group; undefined where nothing in it was measured. */
export function comparisonChart(comparison: Comparison, group: ComparisonGroup): ComparisonChart | undefined {
  const contrasts = comparedContrasts(comparison).filter((one) => one.group === group.id)
  const tested = contrasts.filter((one) => one.tested).map(({ figure }) => figure)
  const columns = chartColumns(group.alternatives, tested, group.fault !== undefined, comparison.currency)
  if (columns.length === 0) return undefined
  const baselines = new Set(contrasts.map(({ baseline }) => baseline))
  const only = baselines.size === 1 ? group.alternatives.find(({ id }) => baselines.has(id)) : undefined
  const rows = inOrder(group.alternatives, baselines).map((alternative): ChartRow => {
    const points = columns.map(({ metric }) => modelledPoint(alternative, metric, group, comparison) ?? pointOf(alternative, metric, contrasts, only))
    return { alternative, isBaseline: baselines.has(alternative.id), points }
  })
  const axes = columns.map(({ metric }, column) =>
    chartAxis(
      metric,
      rows.map((row) => row.points[column]!),
    ),
  )
  return { group, rows, columns: columns.map((column, index) => ({ ...column, axis: axes[index]! })) }
}

/** The baselines first, the case without a cache last: as one reads "this, against that; and without any". */
function inOrder(alternatives: readonly Alternative[], baselines: ReadonlySet<string>): readonly Alternative[] {
  const rank = (one: Alternative) => (one.isWithoutCache ? 2 : baselines.has(one.id) ? 0 : 1)
  return baselines.size === 1
    ? [...alternatives].sort((a, b) => rank(a) - rank(b))
    : [...alternatives].sort((a, b) => Number(a.isWithoutCache) - Number(b.isWithoutCache))
}

/** No point where one model stands behind two alternatives: side by side it would read as a finding. */
function modelledPoint(
  { id, figures }: Alternative,
  { name, unit }: FigureMetric,
  group: ComparisonGroup,
  { modelled }: Comparison,
): ChartPoint | undefined {
  const found = modelled.find((one) => one.group === group.id && one.candidate === id && one.figure === name)
  const [own, other] = [figures[name], group.alternatives.find((one) => one.id === found?.baseline)?.figures[name]]
  if (own === undefined || other === undefined || isMissing(own.pooled) || isMissing(other.pooled)) return undefined
  const isSame = figureInWords(own.pooled, unit) === figureInWords(other.pooled, unit)
  return { words: isSame ? 'the same' : 'not compared', modelled: true }
}

function pointOf(alternative: Alternative, metric: FigureMetric, contrasts: readonly NamedContrast[], baseline: Alternative | undefined): ChartPoint {
  const figure: AlternativeFigure | undefined = alternative.figures[metric.name]
  if (figure === undefined || isMissing(figure.pooled)) {
    return { words: '–', missing: figure && isMissing(figure.pooled) ? figure.pooled.missing : (alternative.leftOut ?? 'not measured') }
  }
  const { low, high } = figure.pooled
  const verdict = verdictOf(
    contrasts.find((one) => one.candidate === alternative.id && one.figure === metric.name && one.tested),
    metric,
  )
  const reference = baseline?.figures[metric.name]?.pooled
  const [words, beside] = figureInWords(figure.pooled, metric.unit).split(/ \((.*)\)$/)
  return {
    words: words!,
    ...(beside !== undefined && { beside }),
    value: { low, high },
    ...(figure.interval && { interval: figure.interval }),
    ...(verdict && { verdict }),
    ...(reference && !isMissing(reference) && { reference: reference.low }),
  }
}

function verdictOf(one: NamedContrast | undefined, { unit }: FigureMetric): ChartPoint['verdict'] {
  if (one === undefined) return undefined
  const { word, estimate, scale } = one.contrast
  if (word !== 'better' && word !== 'worse' && word !== 'different') return undefined
  // Of counts a mean difference a block says little beside the counts of all blocks.
  return { word, change: estimate === null || unit === 'count' ? '' : differenceInWords(estimate, scale, unit) }
}
