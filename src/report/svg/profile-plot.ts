import { nanosInWords } from '../../measure/words.ts'
import type { Profile } from '../../validate/profile/profile.ts'
import { type Html, html } from '../html/html.ts'
import { seriesStyle } from '../summary/series-style.ts'
import { logScale } from './scale.ts'

const WIDTH = 1520
const LEFT = 300
const RIGHT = 60
const TOP = 16
const FLOOR = 48
const LANE = 22
const GAP = 22

/** Marks that are told apart without colour, one a target; drawn around 0, 0. */
export const MARKS = [
  'M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0Z',
  'M-8-8H8V8H-8Z',
  'M0-10L10 8H-10Z',
  'M0-11L11 0L0 11L-11 0Z',
  'M-9-9L9 9M9-9L-9 9',
  'M-10 0H10M0-10V10',
] as const

/** A command a lane: the median as a mark, from there to p99 as a line. A logarithmic axis of time. */
export function profilePlot({ rows, targets }: Profile): Html | undefined {
  const values = rows.flatMap(({ results }) =>
    results.filter(({ error }) => error === undefined).flatMap((one) => [one.p50Nanos, one.p99Nanos ?? one.p75Nanos]),
  )
  const positive = values.filter((value) => value > 0)
  if (positive.length === 0) return undefined
  const laneHeight = targets.length * LANE + GAP
  const height = TOP + rows.length * laneHeight + FLOOR
  const x = logScale(Math.min(...positive), Math.max(...positive), LEFT, WIDTH - RIGHT, 2.5)
  const at = (nanos: number) => Math.round(x.position(nanos))
  return html`<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Median and 99th percentile of each command on each target; the table below has the same figures"><path class="grid" d="${x.ticks.map((tick) => `M${at(tick)} ${TOP}V${height - FLOOR}`).join('')}"/>${x.ticks.map(
    (tick) => html`<text x="${at(tick)}" y="${height - FLOOR + 30}" text-anchor="middle">${nanosInWords(tick)}</text>`,
  )}${rows.map((row, index) => {
    const top = TOP + index * laneHeight
    return html`<text x="${LEFT - 20}" y="${top + laneHeight / 2 + 6}" text-anchor="end">${row.command}</text>${row.results.map((result) => {
      const target = targets.findIndex(({ label }) => label === result.target)
      if (result.error !== undefined || target < 0 || result.p50Nanos <= 0) return undefined
      const { tone } = seriesStyle(target)
      const y = top + GAP / 2 + target * LANE + LANE / 2
      const end = at(Math.max(result.p50Nanos, result.p99Nanos ?? result.p75Nanos))
      return html`<path class="s s${tone}" d="M${at(result.p50Nanos)} ${y}H${end}"/><path class="s s${tone} dot" transform="translate(${at(result.p50Nanos)} ${y})" d="${MARKS[target % MARKS.length]!}"/>`
    })}`
  })}</svg>`
}
