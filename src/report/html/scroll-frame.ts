import { type Html, html } from './html.ts'

/**
 * A frame in which something wide scrolls by itself, by keyboard, too. Where it does, the page's program shows the hint
 * (`report.client.js`); without it a shadow at the edge tells.
 */
export function scrollFrame(content: Html, label: string): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">${content}</div>`
}
