import { intervalOfBlocks } from '../../measure/inference/interval-of-blocks.ts'
import { isMissing } from '../../measure/metrics/figure.ts'
import { measureFigure } from '../../measure/metrics/measure-figure.ts'
import type { Metric } from '../../measure/metrics/metric.ts'
import { sampleOf } from '../../measure/metrics/sample.ts'
import type { Cell } from '../../measure/run-result.ts'
import { brokenCacheInWords } from '../cache-refusals.ts'
import type { Alternative, AlternativeFigure, VaryingFactor } from './comparison.ts'
import type { SubjectSet } from './group-subjects.ts'
import { NO_CACHE } from './subject.ts'
import { ABSENT, levelOf } from './varying-factors.ts'

/** A cell and the run it is of. */
export interface ComparedCell {
  readonly cell: Cell
  /** Index of the run. */
  readonly run: number
}

/** A set of cells with what can be said of it alone. */
export interface MeasuredAlternative {
  readonly set: SubjectSet<ComparedCell>
  /** Those that may speak. */
  readonly members: readonly ComparedCell[]
  readonly alternative: Alternative
}

export interface MeasureOptions {
  readonly id: string
  /** Whose levels tell it from the others of its group. */
  readonly factors: readonly VaryingFactor[]
  readonly metrics: readonly Metric[]
  /** Figures of older definitions are left out. */
  readonly definitions: number
  /** Why it was measured for too short a time to be drawn. */
  readonly tooShort: string | undefined
}

/** Confidence of an interval that stands beside a figure and decides nothing. */
const CHART_CONFIDENCE = 0.95

export function measureAlternative(
  set: SubjectSet<ComparedCell>,
  { id, factors, metrics, definitions, tooShort }: MeasureOptions,
): MeasuredAlternative {
  const leftOut = tooShort ?? leftOutOf(set.members, definitions)
  const shown = set.members
    .filter(({ cell }) => tooShort === undefined && isMeasured(cell, definitions))
    .sort((a, b) => a.run - b.run || a.cell.block - b.cell.block)
  const members = shown.filter(({ cell }) => muteReason(cell) === undefined)
  // What may not speak is shown, with its reason beside it, where there is nothing better.
  const figures = Object.fromEntries(metrics.flatMap((metric) => figureOf(metric, members.length > 0 ? members : shown)))
  const { isWithoutCache } = set.subject
  return {
    set,
    members,
    alternative: {
      id,
      name: isWithoutCache ? NO_CACHE : nameOf(set, factors),
      factors: set.factors,
      isWithoutCache,
      cells: set.members.map(({ cell }) => cell),
      figures,
      leftOut,
    },
  }
}

/** The levels that tell it from others: "write-through, local:memcached"; a setting with its name: "ttl 10 s". */
function nameOf({ factors }: SubjectSet<ComparedCell>, varying: readonly VaryingFactor[]): string {
  const told = varying.flatMap(({ name }) => {
    const level = levelOf(factors, name)
    if (level === ABSENT) return []
    return name.includes('.') ? `${name.split('.').at(-1)!.replaceAll('_', ' ')} ${level}` : name === 'instances' ? `${level} instances` : level
  })
  return told.length > 0 ? told.join(', ') : `${factors['workload']} on ${factors['target']}`
}

function figureOf(metric: Metric, members: readonly ComparedCell[]): [string, AlternativeFigure][] {
  const cells = members.map(({ cell }) => cell)
  const byBlock = cells
    .map((cell) => ({ block: cell.block, figure: measureFigure(metric, sampleOf([cell])) }))
    .filter(({ figure }) => !isMissing(figure))
  if (byBlock.length === 0) return []
  const pooled = measureFigure(metric, sampleOf(cells))
  const interval = intervalOfBlocks(
    byBlock.flatMap(({ figure }) => (isMissing(figure) ? [] : figure)),
    CHART_CONFIDENCE,
  )
  return [[metric.name, { pooled, byBlock, ...(interval && { interval }) }]]
}

function isMeasured(cell: Cell, definitions: number): boolean {
  return cell.notApplicable === undefined && cell.definitions >= definitions
}

/** Why nothing, or not everything, of it is compared. */
function leftOutOf(members: readonly ComparedCell[], definitions: number): string | undefined {
  const inapplicable = members.find(({ cell }) => cell.notApplicable !== undefined)
  if (inapplicable) return `not applicable: ${inapplicable.cell.notApplicable}`
  if (members.some(({ cell }) => cell.definitions < definitions))
    return 'its figures are of older definitions: report that run again, with its histories beside it'
  const mute = members.flatMap(({ cell }) => muteReason(cell) ?? [])
  if (mute.length === 0) return undefined
  const share = mute.length === members.length ? '' : ` in ${mute.length} of ${members.length} blocks`
  return `${mute[0]!.what}${share}: ${mute[0]!.why}`
}

/** Why a cell says nothing of its alternative, however it was measured. */
function muteReason(cell: Cell): { readonly what: string; readonly why: string } | undefined {
  if (cell.audit.generatorLimited) return { what: 'the load generator was the bottleneck', why: cell.audit.reasons.join('; ') }
  const broken = brokenCacheInWords(cell)
  if (broken !== undefined) return { what: 'the cache failed without a fault that was planned', why: broken }
  return cell.missing ? { what: 'it ended before its time', why: cell.endedEarly ?? 'part of its measured time is missing' } : undefined
}
