import { type Html, type HtmlValue, html } from './html.ts'

/** Names and what they stand for. */
export function factsList(facts: readonly (readonly [HtmlValue, HtmlValue])[]): Html {
  return html`<dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}
