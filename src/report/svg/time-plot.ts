import { nanosInWords } from '../../measure/words.ts'
import { type Html, html } from '../html/html.ts'
import type { TimeBand } from '../summary/time-bands.ts'
import { type TimePanel, unitInWords } from '../summary/time-panels.ts'
import { strokeDash } from './legend.ts'
import { linePath } from './line-path.ts'
import { type PlotBox, plotFrame } from './plot-frame.ts'
import { exactScale, linearScale, logScale, type Scale } from './scale.ts'

const BOX = { width: 1520, left: 130, right: 20, bottom: 44 } as const
const PLOT_HEIGHT = 220
const LANE_HEIGHT = 26
const MIN_TOP = 12

export interface TimePlot {
  readonly panel: TimePanel
  readonly pointNanos: number
  /** The axis ends here. */
  readonly lengthNanos: number
  readonly bands: readonly TimeBand[]
  /** For those who don't see it. */
  readonly label: string
}

/** One panel over a cell's time: warm-up and faults shaded, a lane with its name for each fault and note above the plot. */
export function timePlot({ panel, pointNanos, lengthNanos, bands, label }: TimePlot): Html {
  const lanes = bands.filter(({ kind }) => kind === 'fault' || kind === 'note')
  const top = MIN_TOP + LANE_HEIGHT * lanes.length
  const box: PlotBox = { ...BOX, top, height: top + PLOT_HEIGHT + BOX.bottom }
  const x = exactScale(lengthNanos / 1e9, box.left, box.width - box.right, 10)
  const y = valueScale(panel, box)
  const at = (nanos: number) => Math.round(x.position(Math.min(nanos, lengthNanos) / 1e9))
  const lines = panel.lines.map(({ style, values }) => {
    const points = values.map((value, index) => {
      const middle = Math.min((index + 0.5) * pointNanos, lengthNanos)
      return value === null ? null : ([x.position(middle / 1e9), y.position(value)] as const)
    })
    return html`<path class="s s${style.tone}" d="${linePath(points)}"${strokeDash(style)}/>`
  })
  return html`<svg class="plot" viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${label}">${bands
    .filter(({ kind }) => kind === 'warm-up' || kind === 'after-load')
    .map(
      (band) =>
        html`<rect class="aside" x="${at(band.startNanos)}" y="${top}" width="${at(band.endNanos) - at(band.startNanos)}" height="${PLOT_HEIGHT}"/>`,
    )}${lanes.map((band, lane) =>
    laneShape(band, at(band.startNanos), at(band.endNanos), MIN_TOP / 2 + lane * LANE_HEIGHT, box),
  )}${plotFrame(box, x, y, (seconds) => `${seconds} s`, axisWords(panel))}${lines}</svg>`
}

function laneShape(band: TimeBand, start: number, end: number, laneTop: number, box: PlotBox): Html {
  const floor = box.height - box.bottom
  const width = Math.max(3, end - start)
  // The name stands where there is room for it: behind the bar, or before one that ends near the right edge.
  const left = start > box.width * 0.6
  const text = left
    ? html`<text class="lane-name" x="${start - 8}" y="${laneTop + 18}" text-anchor="end">${band.name}</text>`
    : html`<text class="lane-name" x="${start + width + 8}" y="${laneTop + 18}">${band.name}</text>`
  return html`<rect class="${band.kind}" x="${start}" y="${laneTop}" width="${width}" height="${floor - laneTop}"/><rect class="${band.kind} bar" x="${start}" y="${laneTop}" width="${width}" height="${LANE_HEIGHT - 4}"/>${text}`
}

function valueScale(panel: TimePanel, box: PlotBox): Scale {
  const values = panel.lines.flatMap((line) => line.values.filter((value) => value !== null))
  const floor = box.height - box.bottom
  if (panel.unit === 'share') return linearScale(0, 1, floor, box.top, 4)
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  if (panel.unit === 'rate') return linearScale(0, largest || 1, floor, box.top, 4)
  const smallest = values.reduce((least, value) => (value > 0 ? Math.min(least, value) : least), Number.POSITIVE_INFINITY)
  return logScale(Number.isFinite(smallest) ? smallest : 1000, largest, floor, box.top)
}

function axisWords(panel: TimePanel): (value: number) => string {
  return panel.unit === 'nanos' ? nanosInWords : unitInWords(panel.unit)
}
