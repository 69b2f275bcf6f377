import type { SpectrumPoint } from '../../measure/percentile-spectrum.ts'
import { nanosInWords } from '../../measure/words.ts'
import { type Html, html } from '../html/html.ts'
import type { SeriesStyle } from '../summary/series-style.ts'
import { strokeDash } from './legend.ts'
import { linePath } from './line-path.ts'
import { type PlotBox, plotFrame } from './plot-frame.ts'
import { logScale, type Scale } from './scale.ts'

export interface SpectrumLine {
  readonly name: string
  readonly style: SeriesStyle
  readonly count: number
  readonly points: readonly SpectrumPoint[]
}

const BOX: PlotBox = { width: 1520, height: 560, left: 130, right: 60, top: 16, bottom: 60 }

/** Beyond n (1 - p) = 100 a curve is drawn faint: it rests on few values there. */
const MIN_VALUES_BEYOND = 100

/** Latency by percentile on an axis of 1 / (1 - p), as HdrHistogram plots it: the tail gets the room. */
export function spectrumPlot(lines: readonly SpectrumLine[], label: string): Html {
  const farthest = Math.max(10, ...lines.map(({ count }) => count))
  const x = percentileScale(farthest)
  const nanos = lines.flatMap(({ points }) => points.map((point) => point.nanos).filter((value) => value > 0))
  const y = logScale(Math.min(...nanos, 1e9), Math.max(...nanos, 1), BOX.height - BOX.bottom, BOX.top, 3)
  return html`<svg class="plot" viewBox="0 0 ${BOX.width} ${BOX.height}" role="img" aria-label="${label}">${plotFrame(BOX, x, y, percentileWords, nanosInWords)}<text class="axis-name" x="${BOX.width - BOX.right}" y="${BOX.height - 4}" text-anchor="end">percentile</text>${lines.map(
    (line) => {
      const bound = line.count / MIN_VALUES_BEYOND
      const place = (point: SpectrumPoint) => [x.position(point.x), y.position(point.nanos)] as const
      const sure = line.points.filter((point) => point.x <= bound || point.percentile <= 50)
      const faint = line.points.slice(Math.max(0, sure.length - 1))
      return html`<path class="s s${line.style.tone} faint" d="${linePath(faint.map(place))}"/><path class="s s${line.style.tone}" d="${linePath(sure.map(place))}"${strokeDash(line.style)}/>`
    },
  )}</svg>`
}

/** From 0 % to where 1 / (1 - p) reaches `farthest`, logarithmic. */
function percentileScale(farthest: number): Scale {
  const ticks = [1, 2]
  for (let tick = 10; tick <= farthest; tick *= 10) ticks.push(tick)
  return { position: (x) => BOX.left + (Math.log10(x) / Math.log10(farthest)) * (BOX.width - BOX.left - BOX.right), ticks }
}

/** 1 -> "0 %", 10 -> "90 %", 10000 -> "99.99 %". */
function percentileWords(x: number): string {
  return `${Number((100 * (1 - 1 / x)).toFixed(8))} %`
}
