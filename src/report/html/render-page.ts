import { gzipSync } from 'node:zlib'
import { jsonForScript } from '../text/json-for-script.ts'
import { type Html, html, trusted } from './html.ts'
import { pageProgram, pageStyle, plotLibrary, scriptHash } from './page-assets.ts'
import type { Section } from './section.ts'

export interface Page {
  readonly title: string
  /** What stands above the sections: name, when, badge. Holds the page's only h1. */
  readonly header: Html
  readonly sections: readonly Section[]
  /** For the zoomable plots (`report.client.js` says the shape); without it the plot library stays out of the page. */
  readonly plots?: unknown
  /** Files to save from the page: their texts, by name. */
  readonly files?: Readonly<Record<string, string>>
}

/**
 * One self-contained document. Its policy forbids every request, and every script but the two that are named by their
 * hashes; data is JSON in elements that no browser runs. The same page gives the same bytes.
 */
export function renderPage({ title, header, sections, plots, files }: Page): string {
  const library = plots === undefined ? undefined : plotLibrary()
  const program = pageProgram()
  const scripts = library ? [library.program, program] : [program]
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${scripts.map(scriptHash).join(' ')}; img-src data:; base-uri 'none'; form-action 'none'`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${trusted(library ? `${library.style}\n${pageStyle()}` : pageStyle())}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<div class="page">
<nav class="contents" aria-label="Contents">
<p class="brand">cacheproof</p>
<div class="search" role="search" hidden><input type="search" id="search" placeholder="Search this page" aria-label="Search this page" autocomplete="off" spellcheck="false"><ol class="found" aria-label="Found" hidden></ol></div>
<ol class="sections">${sections.map((section) => html`<li><a href="#${section.id}">${section.title}</a></li>`)}</ol>
<button type="button" class="theme" hidden>Dark</button>
</nav>
<main id="main" tabindex="-1">
<header class="top">${header}</header>
${sections.map(sectionOf)}
</main>
</div>
<div class="announce" role="status" aria-live="polite"></div>
${data('plots', plots)}
${data('files', files)}
${scripts.map((script) => html`<script>${trusted(script)}</script>\n`)}
</body>
</html>
`
  return page.text
}

/** What is folded opens by a click, by a link to anything in it, and on paper. */
function sectionOf({ id, title, body, folded }: Section): Html {
  if (folded === undefined)
    return html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title"><a class="anchor" href="#${id}">${title}</a></h2>
${body}
</section>
`
  return html`<section id="${id}" class="folded" aria-labelledby="${id}-title"><details>
<summary><h2 id="${id}-title">${title}</h2> <span class="dim">${folded}</span></summary>
${body}
</details></section>
`
}

/** Larger than this, data is packed: JSON of figures shrinks to a quarter. */
const PLAIN_BYTES = 2048

/** Data for the page's program, as JSON in an element that no browser runs; if large, as gzip in base64. */
function data(id: string, value: unknown): Html | undefined {
  if (value === undefined) return undefined
  const text = JSON.stringify(value)
  if (text.length < PLAIN_BYTES) return html`<script type="application/json" id="${id}">${trusted(jsonForScript(value))}</script>`
  return html`<script type="application/json;gzip;base64" id="${id}">${trusted(gzipSync(text, { level: 9 }).toString('base64'))}</script>`
}
