import { type Html, html } from './html.ts'

/** A command to type again, with a button that copies it (shown where the browser can). */
export function codeWithCopy(code: string, label = 'Copy the command'): Html {
  return html`<div class="command"><pre tabindex="0"><code>${code}</code></pre><button type="button" class="copy" hidden aria-label="${label}">Copy</button></div>`
}
