import { countInWords, digits, nanosInWords, plural } from '../../measure/words.ts'
import type { Profile } from '../../validate/profile/profile.ts'
import { codeWithCopy } from '../html/code-with-copy.ts'
import { dataTable } from '../html/data-table.ts'
import { factsList } from '../html/facts-list.ts'
import { type Html, html } from '../html/html.ts'
import { renderPage } from '../html/render-page.ts'
import { targetFacts } from '../html/target-facts.ts'
import { seriesStyle } from '../summary/series-style.ts'
import { MARKS, profilePlot } from '../svg/profile-plot.ts'

/** The page of a profile: every command's unloaded latency, target beside target. */
export function renderProfile(report: Profile): string {
  const { title, command, seed, targets, rows, status, notes } = report
  return renderPage({
    title: `${title} – cacheproof`,
    header: html`<p class="kind">Profile</p>
<h1>${title}</h1>
<p class="facts-line"><span>${plural(targets.length, 'target')}</span> <span>${plural(rows.length, 'command')}</span> <span>seed ${seed}</span>${status === 'interrupted' && html` <span>interrupted</span>`}</p>
${notes.length > 0 && html`<ul class="notes">${notes.map((note) => html`<li>${note}</li>`)}</ul>`}`,
    sections: [
      {
        id: 'latency',
        title: 'Latency by command',
        body: html`<p class="lead">One call at a time, nothing else under way, targets in turns: what a command costs before there is load. The mark is the median; the line reaches to the 99th percentile, or to the 75th where there are too few samples for that.</p>
${plotPart(report)}${table(report)}`,
      },
      {
        id: 'provenance',
        title: 'Provenance',
        body: html`<p class="label">Run it again</p>${codeWithCopy(command)}
${factsList([['Seed', String(seed)]])}
${targets.map(({ label, description }) => html`<h3>${label}</h3>${factsList(targetFacts(description))}`)}`,
      },
    ],
  })
}

function plotPart(report: Profile): Html | undefined {
  const plot = profilePlot(report)
  return (
    plot &&
    html`<figure><ul class="legend">${report.targets.map(
      ({ label }, index) =>
        html`<li><svg class="mark-only" viewBox="-14 -12 28 24" aria-hidden="true"><path class="s s${seriesStyle(index).tone} dot" d="${MARKS[index % MARKS.length]!}"/></svg>${label}</li>`,
    )}</ul><div class="scroll" tabindex="0" role="group" aria-label="Latency of each command">${plot}</div></figure>`
  )
}

function table({ rows }: Profile): Html {
  return dataTable({
    caption: 'Unloaded latency of each command on each target',
    quiet: true,
    columns: [
      { title: 'Command, target' },
      { title: 'p50', figure: true },
      { title: 'p75', figure: true },
      { title: 'p99', figure: true },
      { title: 'mean', figure: true },
      { title: '± of the mean', figure: true, explanation: 'Relative margin of error, 95 %' },
      { title: 'samples', figure: true },
    ],
    groups: rows.map((row) => ({
      title: html`<code>${row.command}</code>`,
      rows: row.results.map((result) => ({
        label: result.target,
        values:
          result.error === undefined
            ? [
                nanosInWords(result.p50Nanos),
                nanosInWords(result.p75Nanos),
                result.p99Nanos === null ? '–' : nanosInWords(result.p99Nanos),
                nanosInWords(result.meanNanos),
                `${digits(result.rmePercent)} %`,
                countInWords(result.samples),
              ]
            : { all: result.error },
      })),
    })),
  })
}
