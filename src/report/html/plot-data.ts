import type { Cell } from '../../measure/run-result.ts'
import { axisNanos, timeBands } from '../summary/time-bands.ts'
import type { PanelUnit, TimePanels } from '../summary/time-panels.ts'

/**
 * A cell's plots for the page's program, as short as they can be: the point no i stands at (i + 0.5) * step seconds.
 * Rates a second, durations in microseconds, shares of one.
 */
export function plotData(anchor: string, cell: Cell, { pointNanos, panels }: TimePanels): unknown {
  return {
    cell: anchor,
    step: pointNanos / 1e9,
    end: axisNanos(cell) / 1e9,
    bands: timeBands(cell).map(({ kind, name, startNanos, endNanos }) => ({ kind, name, from: startNanos / 1e9, to: endNanos / 1e9 })),
    panels: panels.map((panel) => ({
      id: panel.id,
      unit: panel.unit,
      lines: panel.lines.map(({ name, style, values }) => ({
        name,
        tone: style.tone,
        dash: style.dash,
        values: values.map((value) => shortened(value, panel.unit)),
      })),
    })),
  }
}

function shortened(value: number | null, unit: PanelUnit): number | null {
  if (value === null) return null
  if (unit === 'nanos') return Math.round(value / 1000)
  return Number(value.toPrecision(4))
}
