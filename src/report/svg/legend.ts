import { type Html, html } from '../html/html.ts'
import type { SeriesStyle } from '../summary/series-style.ts'

/** The lines of a plot by name, each with a piece of itself. The page's program writes the value at the cursor beside it. */
export function legend(lines: readonly { readonly name: string; readonly style: SeriesStyle }[]): Html {
  return html`<ul class="legend">${lines.map(
    ({ name, style }) =>
      html`<li><svg viewBox="0 0 56 12" aria-hidden="true"><path class="s s${style.tone}" d="M2 6H54"${strokeDash(style)}/></svg>${name}</li>`,
  )}</ul>`
}

export function strokeDash(style: SeriesStyle): Html | undefined {
  return style.dash.length === 0 ? undefined : html` stroke-dasharray="${style.dash.join(' ')}"`
}
