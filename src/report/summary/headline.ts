import { HEADLINE } from '../../measure/metrics/catalogue.ts'
import { type Figure, isMissing, missing } from '../../measure/metrics/figure.ts'
import { figureInWords } from '../../measure/metrics/figure-in-words.ts'
import { measureFigure } from '../../measure/metrics/measure-figure.ts'
import type { Metric } from '../../measure/metrics/metric.ts'
import { sampleOf } from '../../measure/metrics/sample.ts'
import { appClasses, totalOf } from '../../measure/metrics/tally-sums.ts'
import type { CellGroup } from './cell-group.ts'

/** One row of the first table: its figures, over all its blocks and the whole measured time, and what must be said beside them. */
export interface HeadlineRow {
  readonly group: CellGroup
  /** By name of the metric, for those of `HEADLINE`. Undefined when the pattern does not apply to the target. */
  readonly figures: ReadonlyMap<string, Figure> | undefined
  /** Operations of the application, however they ended. */
  readonly operations: number
  readonly notApplicable: string | undefined
  /** The generator was the bottleneck in some block. */
  readonly generatorLimited: boolean
  readonly endedEarly: string | undefined
}

export function headlineRow(group: CellGroup): HeadlineRow {
  const { cells } = group
  const notApplicable = cells.find((cell) => cell.notApplicable !== undefined)?.notApplicable
  const sample = sampleOf(cells)
  return {
    group,
    figures: notApplicable === undefined ? new Map(HEADLINE.map((metric) => [metric.name, measureFigure(metric, sample)])) : undefined,
    operations: totalOf(appClasses(sample)),
    notApplicable,
    generatorLimited: notApplicable === undefined && cells.some((cell) => cell.audit.generatorLimited),
    endedEarly: cells.find((cell) => cell.endedEarly !== undefined)?.endedEarly,
  }
}

/**
 * Columns in which at least one row has something to say. A p90 stands there where some row has too few operations for a
 * p99; reads that the database served are a column only where there are any.
 */
export function usedColumns(rows: readonly HeadlineRow[]): readonly Metric[] {
  const measured = rows.filter(({ figures }) => figures !== undefined)
  const has = (row: HeadlineRow, name: string) => !isMissing(figureOf(row, name))
  return HEADLINE.filter(({ name }) => {
    if (!measured.some((row) => has(row, name))) return false
    if (name === 'degraded_reads') return measured.some((row) => (figureOf(row, name).high ?? 0) > 0)
    if (!name.endsWith('.p90')) return true
    return measured.some((row) => has(row, name) && !has(row, name.replace('.p90', '.p99')))
  })
}

/** The text of a field of the table: the figure, or a dash. */
export function fieldText(metric: Metric, row: HeadlineRow): string {
  return figureInWords(figureOf(row, metric.name), metric.unit)
}

export function figureOf(row: HeadlineRow, name: string): Figure {
  return row.figures?.get(name) ?? missing('the pattern does not apply')
}
