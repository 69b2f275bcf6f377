import type { RunResult } from '../../../measure/run-result.ts'
import { renderSummaryCsv } from '../../csv/render-summary-csv.ts'
import { html } from '../html.ts'
import type { Section } from '../section.ts'

export const SUMMARY_FILE = 'summary.json'

/** The run's figures to take along. The CSV is a link, which needs no script; the JSON is unpacked by the page's own. */
export function downloadsSection(result: RunResult): Section {
  const csv = Buffer.from(renderSummaryCsv(result)).toString('base64')
  return {
    id: 'downloads',
    title: 'Downloads',
    body: html`<p class="downloads"><a class="button" download="summary.csv" href="data:text/csv;charset=utf-8;base64,${csv}">Figures as CSV</a>
<button type="button" class="button save" data-file="${SUMMARY_FILE}" hidden>Summary as JSON</button></p>
<p>The summary holds everything but the histograms and the time series; those are in <code>run.json</code> and the histories beside this file.</p>`,
  }
}

/** The run without its histograms and series, for `files` of a page. */
export function summaryJson(result: RunResult): string {
  const { cells, ...run } = result
  const summary = { ...run, cells: cells.map(({ series: _, ...cell }) => cell) }
  return JSON.stringify(summary, (key, value) => (key === 'histogram' ? undefined : value), 1)
}
