import { type Html, html } from '../html/html.ts'
import type { ChartAxis } from '../summary/chart/chart-axis.ts'
import type { ChartPoint } from '../summary/chart/comparison-chart.ts'

/** Marks that are told apart without colour; drawn around 0, 0. */
const MARKS = {
  better: 'M0-6L6 5H-6Z',
  worse: 'M0 6L6-5H-6Z',
  different: 'M0-6.5L6.5 0L0 6.5L-6.5 0Z',
  none: 'M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0Z',
} as const

export type PointMark = keyof typeof MARKS

/** Keeps marks from being cut at the ends of an axis, in percent of its width. */
const MARGIN = 7

/** The marks, once a page: charts of many alternatives refer to them. */
export const pointMarks: Html = html`<svg class="defs" width="0" height="0" aria-hidden="true"><defs>${Object.entries(MARKS).map(
  ([name, path]) => html`<path id="mark-${name}" d="${path}"/>`,
)}</defs></svg>`

/** One mark by itself, for a legend. */
export function legendMark(mark: PointMark): Html {
  return html`<svg class="strip ${mark}" viewBox="-8 -8 16 16" width="14" height="14" aria-hidden="true"><use href="#mark-${mark}"/></svg>`
}

/**
 * One alternative on a column's axis: the baseline's value as a tick, the interval as a bar, the value as a mark. As wide as
 * its place: positions are shares of the width, marks keep their size; heights and the track are the style's. Its words
 * stand beside it.
 */
export function intervalStrip(axis: ChartAxis, { value, interval, verdict, reference }: ChartPoint): Html {
  const mark = verdict?.word ?? 'none'
  const at = (one: number) => place(axis.position(one))
  const bar = (name: string, low: number, high: number) => html`<rect class="${name}" x="${at(low)}%" width="${round(at(high) - at(low))}%"/>`
  return html`<svg class="strip ${mark}" aria-hidden="true">${reference !== undefined && html`<rect class="reference" x="${at(reference)}%"/>`}${
    interval && bar('interval', interval.low, interval.high)
  }${value && value.high !== value.low && bar('stretch', value.low, value.high)}${value && html`<use href="#mark-${mark}" x="${at(value.low)}%" y="12"/>`}</svg>`
}

/** The ends of an axis in words, and what lies between where there is room. */
export function axisWords({ ticks }: ChartAxis): Html {
  return html`<svg class="ticks" width="100%" height="14" aria-hidden="true">${ticks.map(({ at, words }, index) => {
    const anchor = index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'
    return html`<text x="${place(at)}%" y="11" text-anchor="${anchor}">${words}</text>`
  })}</svg>`
}

function place(position: number): number {
  return round(MARGIN + position * (100 - 2 * MARGIN))
}

function round(percent: number): number {
  return Number(percent.toFixed(1))
}
