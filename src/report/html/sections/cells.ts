import type { Cell, ClassMeasurement } from '../../../measure/run-result.ts'
import { nanosInWords, plural } from '../../../measure/words.ts'
import type { CellGroup } from '../../summary/cell-group.ts'
import { headlineRow } from '../../summary/headline.ts'
import { panelInWords } from '../../summary/panel-words.ts'
import { axisNanos, timeBands } from '../../summary/time-bands.ts'
import { type TimePanels, timePanels, unitInWords } from '../../summary/time-panels.ts'
import { warmUpInWords } from '../../summary/warm-up-words.ts'
import { legend } from '../../svg/legend.ts'
import { timePlot } from '../../svg/time-plot.ts'
import { secondsInWords } from '../../text/seconds-in-words.ts'
import { classTable } from '../class-table.ts'
import { dataTable } from '../data-table.ts'
import { type Html, html } from '../html.ts'
import { plotData } from '../plot-data.ts'
import { groupName, measuredCells, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** A line of fewer points shows nothing. */
const MIN_POINTS = 40

export interface CellsSection extends Section {
  /** What the page's program needs to draw the same plots so that they can be zoomed. */
  readonly plots: readonly unknown[]
}

/** Cell by cell: time series with what was done to the target, and latency by class of operation. */
export function cellsSection(view: RunView): CellsSection | undefined {
  const groups = view.groups.filter((group) => measuredCells(group).length > 0)
  if (groups.length === 0) return undefined
  const { linePoints, pagePoints, tableRows } = view.detail
  const drawn = groups.slice(0, view.detail.drawnCells)
  const points = Math.max(MIN_POINTS, Math.min(linePoints, Math.floor(pagePoints / Math.max(1, drawn.length))))
  const parts = drawn.map((group) => {
    const cell = measuredCells(group)[0]!
    const panels = timePanels(cell.series, points)
    return {
      body: cellPart(group, cell, panels, tableRows),
      plot: plotData(group.anchor, cell, panels),
    }
  })
  return {
    id: 'cells',
    title: 'Over time',
    folded: `${plural(groups.length, 'combination')} of workload and target, each with its time series and every kind of operation`,
    plots: parts.map(({ plot }) => plot),
    body: html`<p class="lead">What happened while each workload ran on each target, with faults drawn over every plot, and how long each kind of operation took. One such run of one workload on one target is called a <em>cell</em>; blocks repeat all cells in random order. <span class="live-only">Drag over a plot to zoom into a stretch of time, double-click to see all of it again.</span></p>
${drawn.length < groups.length && html`<p class="notes">Showing ${drawn.length} of ${groups.length} cells; all of them are in <code>run.json</code>.</p>`}
${parts.map(({ body }) => body)}`,
  }
}

function cellPart(group: CellGroup, cell: Cell, panels: TimePanels, tableRows: number): Html {
  const row = headlineRow(group)
  const warmUp = warmUpInWords(cell)
  const blocks =
    group.cells.length > 1
      ? html`<p class="notes">Block ${cell.block} of ${group.cells.length} is drawn; tables are of all blocks together.</p>`
      : undefined
  return html`<details class="cell" id="${group.anchor}">
<summary><h3 class="cell-name">${groupName(group)}</h3>${row.generatorLimited && html` <span class="limited">limited</span>`}${
    cell.endedEarly !== undefined && html` <span class="limited">ended early</span>`
  } <span class="dim">${plural(row.operations, 'operation')}</span></summary>
${cell.endedEarly !== undefined && html`<p class="notes">It ended early: ${cell.endedEarly}</p>`}${blocks}${warmUp !== undefined && html`<p class="notes">${warmUp}</p>`}
${panels.points === 0 ? html`<p class="notes">Nothing was recorded over time.</p>` : panelFigures(cell, panels, tableRows)}
${classTable(groupName(group), mergedClasses(group))}
</details>
`
}

function panelFigures(cell: Cell, panels: TimePanels, tableRows: number): Html {
  const lengthNanos = axisNanos(cell)
  const bands = timeBands(cell)
  return html`<div class="panels">${panels.panels.map((panel) => {
    const words = panelInWords(panel, panels.pointNanos, cell.durationNanos)
    return html`<figure class="panel" data-panel="${panel.id}"><h4>${panel.title} <span class="dim">${panel.explanation}</span></h4>
${legend(panel.lines)}<div class="scroll static" tabindex="0" role="group" aria-label="${panel.title} over time">${timePlot({ panel, pointNanos: panels.pointNanos, lengthNanos, bands, label: `${panel.title} over time; described below` })}</div><div class="live" hidden></div>
<figcaption>${words}</figcaption></figure>
`
  })}</div>
<p class="notes">Each point covers ${nanosInWords(panels.pointNanos)}.${bands.length > 0 && html` Marked: ${bands.map(({ name, startNanos, endNanos }, index) => `${index > 0 ? '; ' : ''}${name} at ${secondsInWords(startNanos)}${endNanos > startNanos ? ` for ${nanosInWords(endNanos - startNanos)}` : ''}`)}.`}</p>
<details><summary>These plots as a table</summary>${panelTable(cell, tableRows)}</details>`
}

/** The plots' values in a few rows: the same lines, in longer stretches. */
function panelTable(cell: Cell, rows: number): Html {
  const coarse = timePanels(cell.series, rows)
  const lines = coarse.panels.flatMap((panel) => panel.lines.map((line) => ({ line, panel, words: unitInWords(panel.unit) })))
  return dataTable({
    caption: `In stretches of ${nanosInWords(coarse.pointNanos)}; of the latencies in a stretch, p50 is the middle one, p99 and max are the largest`,
    columns: [
      { title: 'From' },
      ...lines.map(({ line, panel }) => ({ title: panel.id === 'errors' ? `error ${line.name}` : line.name, figure: true })),
    ],
    groups: [
      {
        rows: Array.from({ length: coarse.points }, (_, point) => ({
          label: secondsInWords(point * coarse.pointNanos),
          values: lines.map(({ line, words }) => {
            const value = line.values[point] ?? null
            return value === null ? '–' : words(value)
          }),
        })),
      },
    ],
  })
}

/** A group's classes with all blocks counted together; a single block's are as measured. */
function mergedClasses(group: CellGroup): readonly (readonly ClassMeasurement[])[] {
  const classes = new Map<string, ClassMeasurement[]>()
  for (const cell of measuredCells(group)) {
    for (const one of cell.classes) {
      if (one.ok + one.fail + one.info === 0) continue
      const key = JSON.stringify([one.layer, one.name])
      classes.set(key, [...(classes.get(key) ?? []), one])
    }
  }
  return [...classes.values()]
}
