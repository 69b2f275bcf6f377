import { countInWords } from '../../measure/words.ts'
import type { Validation } from '../../validate/validation.ts'
import { badge } from '../html/badge.ts'
import { codeWithCopy } from '../html/code-with-copy.ts'
import { factsList } from '../html/facts-list.ts'
import { html } from '../html/html.ts'
import { renderPage } from '../html/render-page.ts'
import type { Section } from '../html/section.ts'
import { targetFacts } from '../html/target-facts.ts'
import { verdictList } from '../html/verdict-list.ts'
import { badgeOf } from '../summary/badge.ts'

/** The page of a validation: what holds, what does not in its shortest form, and what was not tried. */
export function renderValidation(report: Validation & { readonly title: string }): string {
  const { title, target, profile, seed, runs, command, verdicts, skipped, status, notes } = report
  const sections: Section[] = [
    {
      id: 'properties',
      title: 'Properties',
      body:
        verdicts.length === 0
          ? html`<p>No property was run.</p>`
          : html`<p class="lead">Random sequences of commands, generated from the seed, were sent to the endpoint and to the reference engine, and every reply compared. A difference is shrunk to the shortest sequence that still shows it.</p>
${verdictList(verdicts, { linkOf: (cell) => html`<code>${cell}</code>`, open: true })}
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}`,
    },
    ...(skipped.length === 0
      ? []
      : [
          {
            id: 'skipped',
            title: 'Not tried',
            body: html`<p class="lead">What was left out, and why.</p>${factsList(skipped.map(({ id, reason }) => [html`<code>${id}</code>`, reason] as const))}`,
          },
        ]),
    {
      id: 'provenance',
      title: 'Provenance',
      body: html`<p class="label">Run it again</p>${codeWithCopy(command)}
${factsList([['Held against', profile], ['Seed', String(seed)], ['Sequences', `${countInWords(runs)} for each property and protocol`], ...targetFacts(target)])}`,
    },
  ]
  return renderPage({
    title: `${title} – cacheproof`,
    header: html`<p class="kind">Validation</p>
<h1>${title}</h1>
<p class="facts-line"><span>${target.label}</span> <span>${target.engine} ${target.version}</span> <span>held against ${profile}</span> <span>seed ${seed}</span></p>
<div class="badges">${badge(badgeOf(verdicts, status))}</div>`,
    sections,
  })
}
