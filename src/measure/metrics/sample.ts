import type { Cell, ClassMeasurement } from '../run-result.ts'

/** What a metric is computed from: the tallies of a stretch of time of one cell, or of several blocks of it together. */
export interface Sample {
  /** Whose checkers' results count; empty for a stretch of a cell that is still running. */
  readonly cells: readonly Cell[]
  readonly measuredNanos: number
  /** Of all cells; several of one name are one class. */
  readonly classes: readonly ClassMeasurement[]
}

/** The whole measured time, or what of it no fault touched. */
export type Window = 'overall' | 'without faults'

/** `cells`: blocks of one workload on one target through one client. */
export function sampleOf(cells: readonly Cell[], window: Window = 'overall'): Sample {
  const measured = cells.filter((cell) => cell.notApplicable === undefined)
  const parts = measured.map((cell) => (window === 'without faults' ? (cell.withoutFaults ?? cell) : cell))
  return {
    cells: measured,
    measuredNanos: parts.reduce((sum, part) => sum + part.measuredNanos, 0),
    classes: parts.flatMap((part) => part.classes),
  }
}
