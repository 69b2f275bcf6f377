import type { Alternative } from '../../../check/comparison/comparison.ts'
import { plural } from '../../../measure/words.ts'
import { type ChartPoint, type ChartRow, type ComparisonChart, comparisonChart } from '../../summary/chart/comparison-chart.ts'
import { axisWords, intervalStrip, legendMark, type PointMark } from '../../svg/interval-strip.ts'
import { type Html, html } from '../html.ts'
import type { RunView } from '../run-view.ts'
import { scrollFrame } from '../scroll-frame.ts'
import type { Section } from '../section.ts'
import { differencesTable } from './differences.ts'

/** Rows that are shown at once; so many more are a click away, and all of them in the table of figures. */
const MOST_ROWS = 12
const MOST_MORE = 36

/** The alternatives side by side, in one chart for each load under which they can be compared. */
export function comparisonSection(view: RunView): Section | undefined {
  const { comparison } = view
  const charts = comparison.groups.filter(({ fault }) => fault === undefined).flatMap((group) => comparisonChart(comparison, group) ?? [])
  if (charts.length === 0) return undefined
  const several = charts.length > 1
  const { size } = comparison.family
  return {
    id: 'comparison',
    title: 'Side by side',
    body: html`${legend(charts)}
${charts.map((chart) => chartFigure(chart, view, several))}
${comparison.notes.length > 0 && html`<ul class="notes">${comparison.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
${
  comparison.contrasts.length > 0 &&
  html`<details id="differences"><summary>Every difference with its interval${size > 0 && html` <span class="dim">(${plural(size, 'tested difference')}, the rest seen)</span>`}</summary>
${differencesTable(comparison, view.detail.differences)}</details>`
}`,
  }
}

/** A chart as a table: what is drawn stands in words beside it, so it is its own text alternative. */
export function chartFigure(chart: ComparisonChart, view: RunView, isNamed: boolean): Html {
  const { columns, group } = chart
  const shown = chart.rows.slice(0, MOST_ROWS)
  const rest = chart.rows.slice(MOST_ROWS, MOST_ROWS + MOST_MORE)
  const left = chart.rows.length - shown.length - rest.length
  const table = (rows: readonly ChartRow[]) => html`<table class="forest" style="--columns:${columns.length}">
<caption class="quiet">Alternatives under ${group.load}${group.fault !== undefined && html`, with ${group.fault}`}; 95 % intervals of the blocks’ mean</caption>
<thead><tr><th scope="col">Alternative</th>${columns.map(
    ({ title, explanation, metric, axis }) =>
      html`<th scope="col" title="${explanation}"><span class="column">${title}</span> <span class="way">${wayWords(metric.better)}${axis.isLog && ', log'}</span>${axisWords(axis)}</th>`,
  )}</tr></thead>
<tbody>${rows.map((row) => chartRow(row, chart, view))}</tbody></table>`
  return html`<div class="chart">${isNamed && html`<h3>${group.load}</h3>`}
${scrollFrame(table(shown), `Alternatives under ${group.load}`)}
${rest.length > 0 && html`<details><summary>${plural(rest.length, 'more alternative')}</summary>${scrollFrame(table(rest), 'More alternatives')}</details>`}${
  left > 0 && html`<p class="notes">${plural(left, 'more alternative')} under <a href="#headline">all figures</a>.</p>`
}</div>`
}

function chartRow({ alternative, isBaseline, points }: ChartRow, { columns }: ComparisonChart, view: RunView): Html {
  return html`<tr${alternative.isWithoutCache && html` class="uncached"`}><th scope="row">${nameOf(alternative, view)}${
    isBaseline && html` <span class="tag">baseline</span>`
  }${alternative.leftOut !== undefined && html`<span class="aside" title="${alternative.leftOut}">${inShort(alternative.leftOut)}</span>`}</th>${points.map(
    (point, column) =>
      html`<td>${!point.modelled && intervalStrip(columns[column]!.axis, point)}<span class="value">${pointWords(point)}</span></td>`,
  )}</tr>
`
}

/** Longer reasons stand below the charts. */
const LONGEST_ASIDE = 60

function inShort(reason: string): string {
  return reason.length <= LONGEST_ASIDE ? reason : reason.split(': ')[0]!
}

function nameOf(alternative: Alternative, view: RunView): Html {
  const anchor = alternative.cells.flatMap((cell) => view.cells.get(cell.id)?.group.anchor ?? [])[0]
  return anchor === undefined ? html`${alternative.name}` : html`<a href="#${anchor}">${alternative.name}</a>`
}

const GLYPHS = { better: '▲', worse: '▼', different: '◆' } as const

function pointWords({ words, beside, missing, modelled, verdict }: ChartPoint): Html {
  if (modelled) return html`<span class="dim" title="By construction: one model of the network stands behind both.">${words}</span>`
  if (missing !== undefined) return html`<span class="dim" title="${missing}">${words}</span>`
  const value = html`${words}${beside !== undefined && html` <span class="beside dim">${beside}</span>`}`
  if (verdict === undefined) return value
  return html`${value} <strong class="word ${verdict.word}"><span aria-hidden="true">${GLYPHS[verdict.word]}</span><span class="quiet">${verdict.word}</span> ${verdict.change}</strong>`
}

function wayWords(better: 'more' | 'less' | 'none'): string {
  return { more: 'more is better', less: 'less is better', none: '' }[better]
}

/** What the marks mean; only those that are there. */
function legend(charts: readonly ComparisonChart[]): Html {
  const points = charts.flatMap(({ rows }) => rows.flatMap((row) => row.points))
  const has = (word: string) => points.some(({ verdict }) => verdict?.word === word)
  const mark = (kind: PointMark, words: string) => html`<li>${legendMark(kind)}${words}</li>`
  return html`<ul class="legend marks">${has('better') && mark('better', 'better than the baseline, tested')}${has('worse') && mark('worse', 'worse, tested')}${
    has('different') && mark('different', 'different, tested')
  }${mark('none', 'no tested difference')}${
    points.some(({ interval }) => interval !== undefined) && html`<li><span class="swatch interval" aria-hidden="true"></span>95 % interval</li>`
  }${points.some(({ reference }) => reference !== undefined) && html`<li><span class="swatch reference" aria-hidden="true"></span>the baseline’s value</li>`}</ul>`
}
