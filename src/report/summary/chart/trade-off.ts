import type { Alternative, ComparisonGroup, VaryingFactor } from '../../../check/comparison/comparison.ts'
import { isMissing } from '../../../measure/metrics/figure.ts'
import { figureInWords } from '../../../measure/metrics/figure-in-words.ts'
import type { Interval } from '../../../measure/statistics.ts'
import { settingWords, tellingFactors } from '../answer/level-words.ts'
import { pooled } from '../answer/pair-sentence.ts'
import { type FigureMetric, figureMetric } from '../figure-metric.ts'
import { levelSize } from './level-size.ts'

/** Two figures of which one can be bought with the other: each alternative is a point, a varied setting a line. */
export interface TradeOff {
  readonly x: TradeOffAxis
  readonly y: TradeOffAxis
  readonly points: readonly TradeOffPoint[]
  /** Indices of points, in the order of the setting's values. */
  readonly lines: readonly { readonly name: string; readonly points: readonly number[] }[]
  /** Not drawn, since the others would crowd in a corner; in words. */
  readonly beyond: readonly string[]
}

export interface TradeOffAxis {
  readonly metric: FigureMetric
  readonly title: string
}

export interface TradeOffPoint {
  readonly label: string
  readonly isBaseline: boolean
  readonly x: PointValue
  readonly y: PointValue
}

export interface PointValue {
  readonly value: number
  readonly words: string
  readonly interval?: Interval
}

const STALENESS: TradeOffAxis = { metric: figureMetric('stale_ratio'), title: 'Stale reads' }
const COSTS: readonly { readonly title: string; readonly names: readonly string[] }[] = [
  { title: 'Database reads', names: ['database_reads', 'database_load'] },
  { title: 'Memory', names: ['memory', 'bytes_per_item', 'stored_bytes'] },
]
/** So many times farther out than all others, a point is told instead of drawn. */
const BEYOND = 1.6

/** Staleness against database load, and against memory: those for which two alternatives have both. */
export function tradeOffs(group: ComparisonGroup, factors: readonly VaryingFactor[], baselines: ReadonlySet<string>): readonly TradeOff[] {
  return COSTS.flatMap(({ title, names }) => {
    const name = names.find((one) => group.alternatives.some((alternative) => !isMissing(pooled(alternative, one))))
    if (name === undefined) return []
    const found = tradeOff(group, { metric: figureMetric(name), title }, settingOf(group, factors), baselines)
    return found.points.length < 2 ? [] : [found]
  })
}

function tradeOff(group: ComparisonGroup, x: TradeOffAxis, varied: string | undefined, baselines: ReadonlySet<string>): TradeOff {
  const y = STALENESS
  const known = group.alternatives.flatMap((alternative) => {
    const [atX, atY] = [pointValue(alternative, x.metric), pointValue(alternative, y.metric)]
    return atX && atY ? [{ alternative, x: atX, y: atY }] : []
  })
  const cached = known.filter(({ alternative }) => !alternative.isWithoutCache)
  const farthest = Math.max(0, ...cached.map((one) => one.x.value))
  const far = known.filter((one) => one.alternative.isWithoutCache && one.x.value > BEYOND * farthest)
  const drawn = known.filter((one) => !far.includes(one))
  const lines =
    varied === undefined
      ? []
      : linesOf(
          drawn.map(({ alternative }) => alternative),
          varied,
        )
  const onLine = new Set(lines.flatMap(({ points }) => points))
  return {
    x,
    y,
    points: drawn.map(({ alternative, x, y }, index) => ({
      label: varied !== undefined && onLine.has(index) ? alternative.factors[varied]! : alternative.name,
      isBaseline: baselines.has(alternative.id),
      x,
      y,
    })),
    lines,
    beyond: far.map((one) => `Without a cache, off to the right: ${x.title.toLowerCase()} ${one.x.words}, ${one.y.words} stale.`),
  }
}

function pointValue(alternative: Alternative, metric: FigureMetric): PointValue | undefined {
  const figure = alternative.figures[metric.name]
  if (figure === undefined || isMissing(figure.pooled) || !Number.isFinite(figure.pooled.low)) return undefined
  return { value: figure.pooled.low, words: figureInWords(figure.pooled, metric.unit), ...(figure.interval && { interval: figure.interval }) }
}

/** A setting that varies, with values of a size: what a line can lead through. */
function settingOf(group: ComparisonGroup, factors: readonly VaryingFactor[]): string | undefined {
  return tellingFactors(factors, group).find(
    (factor) =>
      factor.includes('.') && group.alternatives.every((one) => one.factors[factor] === undefined || levelSize(one.factors[factor]) !== undefined),
  )
}

/** One line for alternatives that differ in the setting alone. */
function linesOf(alternatives: readonly Alternative[], setting: string): TradeOff['lines'] {
  const byRest = new Map<string, number[]>()
  for (const [index, { factors, isWithoutCache }] of alternatives.entries()) {
    if (isWithoutCache || levelSize(factors[setting] ?? '') === undefined) continue
    const key = JSON.stringify([factors['workload'], factors['target'], factors['client'], factors['instances']])
    byRest.set(key, [...(byRest.get(key) ?? []), index])
  }
  const size = (index: number) => levelSize(alternatives[index]!.factors[setting]!)!
  return [...byRest.values()].flatMap((points) =>
    points.length < 2 ? [] : [{ name: lineName(alternatives[points[0]!]!, setting), points: points.sort((a, b) => size(a) - size(b)) }],
  )
}

/** "cache-aside by TTL" */
function lineName({ factors, name }: Alternative, setting: string): string {
  return `${factors['workload'] ?? name} by ${settingWords(setting)}`
}
