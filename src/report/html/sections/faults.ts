import type { Alternative, ComparisonGroup } from '../../../check/comparison/comparison.ts'
import type { Cell } from '../../../measure/run-result.ts'
import { plural } from '../../../measure/words.ts'
import { costSentence } from '../../summary/answer/fault-sentence.ts'
import { faultWords } from '../../summary/answer/fault-words.ts'
import { capitalised } from '../../summary/answer/level-words.ts'
import { type ComparisonChart, comparisonChart } from '../../summary/chart/comparison-chart.ts'
import { timePanels } from '../../summary/time-panels.ts'
import { lanePlot } from '../../svg/lane-plot.ts'
import { type Html, html } from '../html.ts'
import type { RunView } from '../run-view.ts'
import { scrollFrame } from '../scroll-frame.ts'
import type { Section } from '../section.ts'
import { chartFigure } from './comparison.ts'
import { recoveryTable } from './recovery.ts'

/** Drawn side by side; the others are a click away. */
const MOST_DRAWN = 4
const LANE_POINTS = 120

/** What each fault did to the service, alternative by alternative. */
export function faultsSection(view: RunView): Section | undefined {
  const groups = view.comparison.groups.filter(
    (group) => group.fault !== undefined && group.alternatives.some((one) => struckCell(one) !== undefined),
  )
  const table = recoveryTable(view)
  if (groups.length === 0 && table === undefined) return undefined
  return {
    id: 'faults',
    title: 'Faults',
    body: html`<p class="lead">What each fault did to the service while it lasted and after. Grey in a plot is the warm-up before, and what came in after the load had ended; no figure counts it.</p>
${groups.map((group) => faultPart(group, view))}
${table && html`<details id="recovery"><summary>Each fault and what followed, figure by figure</summary>${table}</details>`}`,
  }
}

function faultPart(group: ComparisonGroup, view: RunView): Html {
  const struck = group.alternatives.flatMap((alternative) => {
    const cell = struckCell(alternative)
    return cell ? [{ alternative, cell }] : []
  })
  const drawn = struck.slice(0, view.detail.lanes).map(({ alternative, cell }) => laneFigure(alternative, cell, group.fault!, view.detail.linePoints))
  const chart = group.alternatives.filter((one) => !one.isWithoutCache).length > 1 ? comparisonChart(view.comparison, group) : undefined
  const rest = drawn.slice(MOST_DRAWN)
  return html`<h3>${capitalised(faultWords(group.fault!))} <span class="dim">${group.load}</span></h3>
<div class="lanes">${drawn.slice(0, MOST_DRAWN)}</div>
${rest.length > 0 && html`<details><summary>${plural(rest.length, 'more alternative')}</summary><div class="lanes">${rest}</div></details>`}${
  drawn.length < struck.length &&
  html`<p class="notes">${plural(struck.length - drawn.length, 'more alternative')} under <a href="#cells">Over time</a>.</p>`
}
${chart && (hasVerdict(chart) ? chartFigure(chart, view, false) : html`<details><summary>Side by side</summary>${chartFigure(chart, view, false)}</details>`)}`
}

function laneFigure(alternative: Alternative, cell: Cell, fault: string, points: number): Html {
  const cost = costSentence(alternative, fault)
  const blocks = alternative.cells.length
  const panels = timePanels(cell.series, Math.min(points, LANE_POINTS))
  return html`<figure class="lane"><h4>${alternative.name}</h4><p>${cost}${blocks > 1 && html` <span class="dim">In ${blocks} repetitions together; the first is drawn.</span>`}</p>
${scrollFrame(lanePlot(cell, panels, `Rate, errors and hit ratio of ${alternative.name} over time, with ${faultWords(fault)}. ${cost}`), `${alternative.name} over time`)}</figure>
`
}

function hasVerdict({ rows }: ComparisonChart): boolean {
  return rows.some(({ points }) => points.some(({ verdict }) => verdict !== undefined))
}

/** The first block in which the fault struck. */
function struckCell({ cells }: Alternative): Cell | undefined {
  return cells.find((cell) => cell.notApplicable === undefined && cell.events.some(({ kind }) => kind === 'fault'))
}
