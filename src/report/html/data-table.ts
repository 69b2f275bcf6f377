import { type Html, type HtmlValue, html } from './html.ts'

export interface TableColumn {
  readonly title: HtmlValue
  /** Figures stand to the right, one below the other. */
  readonly figure?: boolean
  readonly explanation?: string
}

export interface TableRow {
  readonly label: HtmlValue
  readonly id?: string
  readonly className?: string
  /** One a column after the first; or one for all of them. */
  readonly values: readonly HtmlValue[] | { readonly all: HtmlValue }
}

/** Rows under a heading of their own. */
export interface TableGroup {
  readonly title?: HtmlValue
  readonly rows: readonly TableRow[]
}

export interface DataTable {
  readonly caption: HtmlValue
  /** Hides the caption from the eye where the heading above says it already. */
  readonly quiet?: boolean
  readonly columns: readonly [TableColumn, ...TableColumn[]]
  readonly groups: readonly TableGroup[]
  /** Keeps the text of its cells on several lines. */
  readonly wordy?: boolean
}

/** A table that scrolls in a frame of its own, its first column in place; the frame can be scrolled by keyboard. */
export function dataTable({ caption, quiet, columns, groups, wordy }: DataTable): Html {
  const [first, ...rest] = columns
  return html`<div class="scroll" tabindex="0" role="group"><table${wordy && html` class="wordy"`}>
<caption${quiet && html` class="quiet"`}>${caption}</caption>
<thead><tr><th scope="col">${first.title}</th>${rest.map(
    (column) =>
      html`<th scope="col"${!column.figure && html` class="t"`}${column.explanation && html` title="${column.explanation}"`}>${column.title}</th>`,
  )}</tr></thead>
${groups.map(
  (
    group,
  ) => html`<tbody>${group.title !== undefined && html`<tr class="group"><th scope="rowgroup" colspan="${columns.length}">${group.title}</th></tr>\n`}${group.rows.map(
    (row) => tableRow(row, rest),
  )}</tbody>
`,
)}</table></div>`
}

function tableRow({ label, id, className, values }: TableRow, columns: readonly TableColumn[]): Html {
  const attributes = html`${id !== undefined && html` id="${id}"`}${className !== undefined && html` class="${className}"`}`
  const cells =
    'all' in values
      ? html`<td class="all" colspan="${columns.length}">${values.all}</td>`
      : columns.map((column, index) => html`<td${!column.figure && html` class="t"`}>${values[index]}</td>`)
  return html`<tr${attributes}><th scope="row">${label}</th>${cells}</tr>\n`
}
