import { valueInWords } from '../../measure/metrics/figure-in-words.ts'
import { type Html, html } from '../html/html.ts'
import type { PointValue, TradeOff } from '../summary/chart/trade-off.ts'
import { labelPlaces } from './label-places.ts'
import { linearScale, type Scale } from './scale.ts'

const WIDTH = 760
const HEIGHT = 400
const FRAME = { left: 76, right: WIDTH - 24, top: 26, bottom: HEIGHT - 52 }

/** Points with their intervals both ways, lines through the values of a varied setting. Nearer to the corner is better. */
export function tradeOffPlot({ x, y, points, lines }: TradeOff, label: string): Html {
  const atX = scaleOf(
    points.map((point) => point.x),
    FRAME.left,
    FRAME.right,
    5,
  )
  const atY = scaleOf(
    points.map((point) => point.y),
    FRAME.bottom,
    FRAME.top,
    4,
  )
  const places = labelPlaces(
    points.map((point) => ({ x: atX.position(point.x.value), y: atY.position(point.y.value), text: point.label })),
    { ...FRAME, right: WIDTH },
  )
  const px = (value: number) => Math.round(atX.position(value))
  const py = (value: number) => Math.round(atY.position(value))
  return html`<svg class="drawing" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}"><path class="grid" d="${atY.ticks
    .map((tick) => `M${FRAME.left} ${py(tick)}H${FRAME.right}`)
    .join('')}"/><path class="axis" d="M${FRAME.left} ${FRAME.bottom}H${FRAME.right}"/><g class="y">${atY.ticks.map(
    (tick) => html`<text x="${FRAME.left - 10}" y="${py(tick) + 4}">${valueInWords(tick, y.metric.unit)}</text>`,
  )}</g><g class="x">${atX.ticks.map(
    (tick) => html`<text x="${px(tick)}" y="${FRAME.bottom + 20}">${valueInWords(tick, x.metric.unit)}</text>`,
  )}</g><text class="axis-name" x="${FRAME.right}" y="${HEIGHT - 6}" text-anchor="end">${x.title.toLowerCase()} →</text><text class="axis-name" x="${FRAME.left - 66}" y="14">↑ ${y.title.toLowerCase()}</text>${lines.map(
    (line) =>
      html`<path class="line" d="${line.points.map((index, at) => `${at === 0 ? 'M' : 'L'}${px(points[index]!.x.value)} ${py(points[index]!.y.value)}`).join('')}"/>`,
  )}${points.map((point, index) => {
    const { x: left, y: top, anchor } = places[index]!
    const [cx, cy] = [px(point.x.value), py(point.y.value)]
    const bars = `${point.x.interval ? `M${px(point.x.interval.low)} ${cy}H${px(point.x.interval.high)}` : ''}${point.y.interval ? `M${cx} ${py(point.y.interval.low)}V${py(point.y.interval.high)}` : ''}`
    return html`<g class="${point.isBaseline ? 'place baseline' : 'place'}">${bars !== '' && html`<path class="interval" d="${bars}"/>`}<circle cx="${cx}" cy="${cy}" r="5"/><text x="${Math.round(left)}" y="${Math.round(top)}" text-anchor="${anchor}">${point.label}</text></g>`
  })}</svg>`
}

/** From nothing up to where the farthest interval ends. */
function scaleOf(values: readonly PointValue[], from: number, to: number, ticks: number): Scale {
  return linearScale(0, Math.max(...values.map(({ value, interval }) => Math.max(value, interval?.high ?? 0))) || 1, from, to, ticks)
}
