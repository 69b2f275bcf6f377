/** How one line is told from the others: by colour, and without it by its dashes. */
export interface SeriesStyle {
  /** 0 to 7: the colours of the page's palette (`--s0` ...), safe for the colour-blind. */
  readonly tone: number
  /** In units of a plot; empty for an unbroken line. */
  readonly dash: readonly number[]
}

const DASHES: readonly (readonly number[])[] = [[], [14, 7], [4, 6], [20, 6, 4, 6], [9, 5], [2, 8], [26, 8], [12, 4, 2, 4, 2, 4]]

/** The line no `index` of a plot; beyond eight, colours come again with other dashes. */
export function seriesStyle(index: number): SeriesStyle {
  return { tone: index % 8, dash: DASHES[(index + Math.floor(index / 8)) % 8]! }
}
