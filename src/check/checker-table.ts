import type { Cell } from '../measure/run-result.ts'

/** A table of the report: a line a cell, in the words of the checker that measured it. */
export interface CheckerTable {
  readonly title: string
  /** What the figures mean, for somebody who sees them for the first time. */
  readonly lead: string
  readonly columns: readonly string[]
  /** Undefined where the cell was not measured by this checker. */
  line(cell: Cell): CheckerLine | undefined
}

export interface CheckerLine {
  readonly figures: readonly CheckerFigure[]
  /** The worst few, one sentence each. */
  readonly examples: readonly string[]
}

export interface CheckerFigure {
  readonly text: string
  /** Something was not as it should be: shown so that it is seen. */
  readonly wrong: boolean
}

export interface TableColumn<Measures> {
  readonly title: string
  text(measures: Measures): string
  /** A figure that should be 0. */
  wrong?(measures: Measures): boolean
}

export interface TableShape<Measures> {
  readonly title: string
  readonly lead: string
  measures(cell: Cell): Measures | undefined
  examples(measures: Measures): readonly string[]
  readonly columns: readonly TableColumn<Measures>[]
}

export function checkerTable<Measures>(shape: TableShape<Measures>): CheckerTable {
  return {
    title: shape.title,
    lead: shape.lead,
    columns: shape.columns.map(({ title }) => title),
    line(cell) {
      const measures = shape.measures(cell)
      if (measures === undefined) return undefined
      return {
        figures: shape.columns.map((column) => ({ text: column.text(measures), wrong: column.wrong?.(measures) ?? false })),
        examples: shape.examples(measures),
      }
    },
  }
}
