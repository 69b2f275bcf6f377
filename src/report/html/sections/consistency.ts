import type { CheckerTable } from '../../../check/checker-table.ts'
import { CHECKERS } from '../../../check/registry.ts'
import { dataTable, type TableRow } from '../data-table.ts'
import { type Html, html } from '../html.ts'
import { cellLink, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** What users saw that was not so, a table a checker: each says itself what it measured. */
export function consistencySection(view: RunView): Section | undefined {
  const parts = CHECKERS.flatMap((checker) => (checker.table ? (tableOf(view, checker.table) ?? []) : []))
  if (parts.length === 0) return undefined
  return { id: 'consistency', title: 'Consistency', folded: 'what each checker read in the recorded history', body: html`${parts}` }
}

function tableOf(view: RunView, table: CheckerTable): Html | undefined {
  const found = view.groups
    .flatMap(({ cells }) => cells)
    .flatMap((cell) => {
      const line = table.line(cell)
      return line === undefined ? [] : [{ cell, line }]
    })
  if (found.length === 0) return undefined
  const rows: TableRow[] = found.map(({ cell, line }) => ({
    label: cellLink(view, cell.id),
    values: line.figures.map(({ text, wrong }) => (wrong ? html`<strong>${text}</strong>` : text)),
  }))
  const examples = found.filter(({ line }) => line.examples.length > 0)
  return html`<h3>${table.title}</h3>
<p>${table.lead}</p>
${dataTable({ caption: table.title, quiet: true, columns: [{ title: 'Workload, target' }, ...table.columns.map((title) => ({ title, figure: true }))], groups: [{ rows }] })}
${
  examples.length > 0 &&
  html`<details><summary>Examples, the worst first</summary>${examples.map(
    ({ cell, line }) =>
      html`<p class="label">${cellLink(view, cell.id)}</p><ul class="examples">${line.examples.map((example) => html`<li><code>${example}</code></li>`)}</ul>`,
  )}</details>`
}`
}
