import type { Alternative, Comparison } from '../../../check/comparison/comparison.ts'
import { faultWords } from '../answer/fault-words.ts'
import { type ChartPoint, comparisonChart } from './comparison-chart.ts'

/** The comparison chart without its drawing, for outputs of text. */
export interface ComparisonTable {
  /** What its alternatives have in common: the load, and what goes wrong. */
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly ComparisonTableRow[]
}

export interface ComparisonTableRow {
  readonly name: string
  readonly isBaseline: boolean
  /** By column; or why there are none. */
  readonly values: readonly string[] | string
}

/** What a mark behind a value says. */
export const MARK_WORDS = { better: '▲', worse: '▼', different: '◆' } as const

/** One table a group, in the order of the groups; a comparison with plain names. */
export function comparisonTables(comparison: Comparison): readonly ComparisonTable[] {
  return comparison.groups.flatMap((group) => {
    const chart = comparisonChart(comparison, group)
    const rows =
      chart?.rows.map(({ alternative, isBaseline, points }) => rowOf(alternative, isBaseline, points)) ??
      group.alternatives.map((alternative) => rowOf(alternative, false, []))
    if (rows.length === 0) return []
    return [
      {
        title: group.fault === undefined ? group.load : `${group.load}, with ${faultWords(group.fault)}`,
        columns: chart?.columns.map(({ title }) => uncapitalised(title)) ?? [],
        rows,
      },
    ]
  })
}

function rowOf({ name, leftOut }: Alternative, isBaseline: boolean, points: readonly ChartPoint[]): ComparisonTableRow {
  const isSilent = points.every(({ missing }) => missing !== undefined)
  return { name, isBaseline, values: isSilent ? (leftOut ?? 'nothing was measured') : points.map(markedValue) }
}

function markedValue({ words, beside, verdict }: ChartPoint): string {
  return [words, ...(beside === undefined ? [] : [`(${beside})`]), ...(verdict === undefined ? [] : [MARK_WORDS[verdict.word]])].join(' ')
}

/** Names of their own keep their capitals: "cost in EUR". */
function uncapitalised(title: string): string {
  return title.charAt(0).toLowerCase() + title.slice(1)
}
