import { isMissing } from '../../../measure/metrics/figure.ts'
import type { Metric } from '../../../measure/metrics/metric.ts'
import { plural } from '../../../measure/words.ts'
import { fieldText, figureOf, type HeadlineRow, headlineRow, usedColumns } from '../../summary/headline.ts'
import { dataTable, type TableRow } from '../data-table.ts'
import { type Html, html } from '../html.ts'
import type { RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** Patterns x targets: the figures one looks for first. */
export function headlineSection(view: RunView): Section {
  const workloads = view.workloads.map(({ workload, pattern, groups }) => ({ workload, pattern, rows: groups.map(headlineRow) }))
  const rows = workloads.flatMap((one) => one.rows)
  if (rows.length === 0) return { id: 'headline', title: 'All figures', body: html`<p>Nothing was measured.</p>` }
  const columns = usedColumns(rows)
  const blocks = Math.max(...view.groups.map((group) => group.cells.length))
  return {
    id: 'headline',
    title: 'All figures',
    folded: `${plural(columns.length, 'figure')} of ${plural(rows.length, 'combination')} of workload and target`,
    body: html`${dataTable({
      caption: `Patterns and targets, in the measured phases${blocks > 1 ? `; ${blocks} blocks together` : ''}`,
      columns: [{ title: 'Workload, target' }, ...columns.map((column) => ({ title: column.head, figure: true, explanation: column.summary }))],
      groups: workloads.map(({ workload, pattern, rows }) => ({
        title: html`${workload}${pattern !== workload && html` <span class="dim">(${pattern})</span>`}`,
        rows: rows.map((row) => tableRow(row, columns)),
      })),
    })}
<ul class="notes">
<li>A dash stands for what was not measured. A percentile is given only where at least 100 operations were slower. Operations of unknown outcome make it a bound: “≥ 1 s (5 % unknown)”.</li>
${rows.some((row) => row.generatorLimited) && html`<li><span class="limited">limited</span> The load generator was the bottleneck in this row: its latency and rate are partly the generator's, and it is left out of comparisons.</li>`}
<li>Latency counts from the moment an operation was due. Names of the columns explain themselves on hover and under <a href="#how-to-read">how to read this</a>.</li>
</ul>`,
  }
}

function tableRow(row: HeadlineRow, columns: readonly Metric[]): TableRow {
  const { group, figures } = row
  const name = figures ? html`<a href="#${group.anchor}">${group.label}</a>` : html`${group.label}`
  const marks: (Html | false)[] = [
    row.generatorLimited && html` <span class="limited">limited</span>`,
    row.endedEarly !== undefined && html` <span class="limited">ended early</span>`,
  ]
  return {
    label: html`${name}${marks}`,
    ...(group.role === 'baseline' && { className: 'baseline' }),
    values: figures
      ? columns.map((column) =>
          isMissing(figureOf(row, column.name)) ? html`<span class="dim">${fieldText(column, row)}</span>` : fieldText(column, row),
        )
      : { all: html`not applicable: ${row.notApplicable}` },
  }
}
