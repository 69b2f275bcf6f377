import { type PairedRatio, pairedRatio } from '../../measure/paired-ratio.ts'
import { type CellGroup, groupCells } from '../summary/cell-group.ts'
import { figuresOf } from '../summary/figures.ts'
import { fieldText, HEADLINE_COLUMNS, type HeadlineColumn, type HeadlineRow, headlineRow } from '../summary/headline.ts'
import type { ComparedFigure, ComparedRow, Comparison, Difference, DifferenceWord, LabelledRun } from './comparison.ts'
import { provenanceWarnings } from './provenance-warnings.ts'

/** Differences within this share of the baseline are no difference that matters. */
export const EQUIVALENCE_MARGIN = 0.05

/** Puts runs side by side, row by row. The first is the baseline. */
export function compareRuns(runs: readonly LabelledRun[]): Comparison {
  const rowsOf = runs.map(({ result }) => groupCells(result).flatMap(({ groups }) => groups.filter(isMeasured)))
  const [baseline = []] = rowsOf
  const matched = baseline.map((group) => rowsOf.map((groups) => counterpart(group, baseline, groups)))
  const used = new Set(matched.flat())
  const alone = rowsOf.flatMap((groups, run) => groups.filter((group) => !used.has(group)).map((group) => ({ group, run })))
  return {
    runs,
    rows: matched.filter((groups) => groups.slice(1).some((group) => group !== undefined)).map((groups) => comparedRow(groups, runs)),
    warnings: provenanceWarnings(runs),
    leftOut: [
      ...matched
        .filter((groups) => groups.slice(1).every((group) => group === undefined))
        .map(([group]) => `${nameOf(group!)} is in ${runs[0]!.label} only.`),
      ...alone.map(({ group, run }) => `${nameOf(group)} is in ${runs[run]!.label}, and not in ${runs[0]!.label}.`),
    ],
  }
}

function isMeasured(group: CellGroup): boolean {
  return group.cells.some((cell) => cell.notApplicable === undefined)
}

/** The same workload on the same target through the same client; or, where both runs have a single target for it, that one. */
function counterpart(group: CellGroup, baseline: readonly CellGroup[], others: readonly CellGroup[]): CellGroup | undefined {
  const alike = (other: CellGroup) => other.workload === group.workload && other.role === group.role
  const [cell] = group.cells
  const same = others.find((other) => alike(other) && other.cells[0].target.label === cell.target.label && other.cells[0].client === cell.client)
  if (same) return same
  const candidates = others.filter(alike)
  return candidates.length === 1 && baseline.filter(alike).length === 1 ? candidates[0] : undefined
}

function comparedRow(groups: readonly (CellGroup | undefined)[], runs: readonly LabelledRun[]): ComparedRow {
  const rows = groups.map((group) => group && headlineRow(group))
  const first = groups[0]!
  return {
    workload: first.workload,
    label: [...new Set(groups.flatMap((group) => group?.label ?? []))].join(' / '),
    figures: HEADLINE_COLUMNS.map((column) => comparedFigure(column, rows)).filter(({ values }) => values.some((value) => value !== null)),
    reads: rows.map((row) => row?.figures?.read),
    writes: rows.map((row) => row?.figures?.write),
    limitedIn: rows.flatMap((row, run) => (row?.generatorLimited ? [runs[run]!.label] : [])),
  }
}

function comparedFigure(column: HeadlineColumn, rows: readonly (HeadlineRow | undefined)[]): ComparedFigure {
  const values = rows.map((row) => (row?.figures ? column.value(row.figures) : null))
  const [baseline] = rows
  return {
    name: column.name,
    title: column.title,
    values,
    words: rows.map((row) => (row?.figures ? fieldText(column, row.figures) : '–')),
    differences: rows.slice(1).map((row, index) => differenceOf(column, values[0] ?? null, values[index + 1] ?? null, baseline, row)),
  }
}

function differenceOf(
  column: HeadlineColumn,
  from: number | null,
  to: number | null,
  baseline: HeadlineRow | undefined,
  candidate: HeadlineRow | undefined,
): Difference | null {
  if (from === null || to === null || !baseline || !candidate) return null
  const plain: Difference = { absolute: to - from, relative: from === 0 ? null : to / from - 1 }
  // What a generator that was the bottleneck measured is shown, and decides nothing.
  if (baseline.generatorLimited || candidate.generatorLimited) return plain
  const paired = pairedOverBlocks(column, baseline.group, candidate.group)
  if (!paired) return plain
  return { ...plain, paired, ...(paired.interval && { word: differenceWord(paired, column.better) }) }
}

/** The figure of each block that both have. */
function pairedOverBlocks(column: HeadlineColumn, baseline: CellGroup, candidate: CellGroup): PairedRatio | undefined {
  const figures = baseline.cells.flatMap((cell) => {
    const other = candidate.cells.find(({ block }) => block === cell.block)
    return other
      ? [[column.value(figuresOf({ ...baseline, cells: [cell] })), column.value(figuresOf({ ...candidate, cells: [other] }))] as const]
      : []
  })
  return pairedRatio(
    figures.map(([from]) => from ?? Number.NaN),
    figures.map(([, to]) => to ?? Number.NaN),
  )
}

/** For a ratio with an interval. */
export function differenceWord({ interval }: PairedRatio, better: HeadlineColumn['better'], margin = EQUIVALENCE_MARGIN): DifferenceWord {
  if (!interval) return 'inconclusive'
  if (interval.low >= 1 - margin && interval.high <= 1 + margin) return 'equivalent'
  if (interval.low <= 1 && interval.high >= 1) return 'inconclusive'
  if (better === 'none') return 'changed'
  return interval.low > 1 === (better === 'more') ? 'better' : 'worse'
}

function nameOf(group: CellGroup): string {
  return `${group.workload} on ${group.label}`
}
