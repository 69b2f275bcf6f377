/** How much a page shows of many cells. A page that would be too large is made again with the next. */
export interface PageDetail {
  /** Points of one line, at most; and of a line in all cells together. */
  readonly linePoints: number
  readonly pagePoints: number
  /** Cells that are drawn; the page says how many are not. */
  readonly drawnCells: number
  /** Rows of the tables of plots. */
  readonly tableRows: number
  /** Classes of operation to choose from in a workload's latency spectrum. */
  readonly choices: number
  /** Differences that were seen and not tested; those that were are all there. */
  readonly differences: number
  /** Alternatives of a fault that are drawn over time. */
  readonly lanes: number
}

export const PAGE_DETAILS: readonly [PageDetail, ...PageDetail[]] = [
  { linePoints: 300, pagePoints: 3000, drawnCells: 60, tableRows: 10, choices: 8, differences: 120, lanes: 12 },
  { linePoints: 120, pagePoints: 2000, drawnCells: 60, tableRows: 5, choices: 4, differences: 80, lanes: 8 },
  { linePoints: 60, pagePoints: 1500, drawnCells: 60, tableRows: 5, choices: 3, differences: 60, lanes: 8 },
  { linePoints: 60, pagePoints: 1500, drawnCells: 60, tableRows: 3, choices: 2, differences: 20, lanes: 4 },
  { linePoints: 60, pagePoints: 1500, drawnCells: 30, tableRows: 5, choices: 3, differences: 40, lanes: 4 },
  { linePoints: 60, pagePoints: 600, drawnCells: 10, tableRows: 5, choices: 1, differences: 20, lanes: 4 },
  { linePoints: 60, pagePoints: 600, drawnCells: 0, tableRows: 5, choices: 0, differences: 0, lanes: 4 },
]
