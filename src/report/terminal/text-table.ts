/** A table of plain text: the first column to the left, figures to the right, two blanks between. */
export interface TextTable {
  readonly lines: readonly string[]
  /** Titles of columns that did not fit. */
  readonly leftOut: readonly string[]
}

export interface TextTableRow {
  readonly label: string
  /** A value a column, or one text over all of them. */
  readonly values: readonly string[] | string
}

/** Drops columns from the right until the rest fits into `width`; the label is shortened only when there is no other way. */
export function textTable(titles: readonly string[], rows: readonly TextTableRow[], width: number): TextTable {
  const labelWidth = Math.min(Math.max(...rows.map((row) => row.label.length), 0), Math.max(12, width - 12))
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (typeof row.values === 'string' ? 0 : (row.values[column]?.length ?? 0)))),
  )
  let shown = 0
  let used = labelWidth
  while (shown < titles.length && used + 2 + widths[shown]! <= width) used += 2 + widths[shown++]!
  const line = (label: string, values: readonly string[]) =>
    [shortened(label, labelWidth).padEnd(labelWidth), ...values.slice(0, shown).map((value, column) => value.padStart(widths[column]!))]
      .join('  ')
      .trimEnd()
  return {
    lines: [
      line('', titles),
      ...rows.map((row) =>
        typeof row.values === 'string'
          ? `${shortened(row.label, labelWidth).padEnd(labelWidth)}  ${row.values}`.trimEnd()
          : line(row.label, row.values),
      ),
    ],
    leftOut: titles.slice(shown),
  }
}

function shortened(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`
}
