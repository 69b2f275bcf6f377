import { type Html, html } from '../html/html.ts'
import type { Scale } from './scale.ts'

/** Units of a plot's coordinates: half a pixel at its natural size, so that whole numbers are fine enough. */
export interface PlotBox {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

/** Grid lines and labels of both axes. */
export function plotFrame(box: PlotBox, x: Scale, y: Scale, xWords: (value: number) => string, yWords: (value: number) => string): Html {
  const right = box.width - box.right
  const floor = box.height - box.bottom
  return html`<path class="grid" d="${y.ticks.map((tick) => `M${box.left} ${Math.round(y.position(tick))}H${right}`).join('')}"/><g class="y">${y.ticks.map(
    (tick) => html`<text x="${box.left - 12}" y="${Math.round(y.position(tick)) + 7}">${yWords(tick)}</text>`,
  )}</g><path class="axis" d="M${box.left} ${floor}H${right}${x.ticks.map((tick) => `M${Math.round(x.position(tick))} ${floor}v8`).join('')}"/><g class="x">${x.ticks.map(
    (tick) => html`<text x="${Math.round(x.position(tick))}" y="${floor + 32}">${xWords(tick)}</text>`,
  )}</g>`
}
