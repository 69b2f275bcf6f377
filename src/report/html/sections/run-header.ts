import type { RunResult } from '../../../measure/run-result.ts'
import { nanosInWords, plural } from '../../../measure/words.ts'
import { badgeOf } from '../../summary/badge.ts'
import { headlineRow } from '../../summary/headline.ts'
import { lampOf } from '../../summary/lamp.ts'
import { troublesOf } from '../../summary/troubles.ts'
import { verdictsOf } from '../../summary/verdicts-of.ts'
import { badge } from '../badge.ts'
import { type Html, html } from '../html.ts'
import type { RunView } from '../run-view.ts'

/** Name, when, how long; what came of it; and whether its figures can be believed. */
export function runHeader(view: RunView): Html {
  const { result } = view
  const lamp = lampOf(result)
  const troubles = troublesOf(view.groups.map(headlineRow))
  const tone = { green: 'good', amber: 'open', red: 'bad' }[lamp.colour]
  return html`<p class="kind">Run report</p>
<h1>${result.name}</h1>
<p class="facts-line">${factsOf(view).map((fact) => html`<span>${fact}</span> `)}</p>
<div class="badges">
${badge(badgeOf(verdictsOf(result), result.status))}
<div class="badge ${tone}"><p class="badge-word"><span class="lamp" aria-hidden="true"></span>${lamp.words}${lamp.reason !== '' && html`: <span class="lamp-reason">${lamp.reason}.</span>`}</p>
${lamp.colour === 'green' && html`<p>The generator kept up, the cache failed nowhere but under planned faults, nothing was cut short, every history could be read.</p>`}${lamp.details.map((one) => html`<p>${one}</p>`)}</div>
</div>
${troubles.length > 0 && html`<ul class="troubles">${troubles.map((trouble) => html`<li>${trouble}</li>`)}</ul>`}
${result.notes.length > 0 && html`<ul class="notes">${result.notes.map((note) => html`<li>${note}</li>`)}</ul>`}`
}

function factsOf({ result, workloads, groups }: RunView): readonly string[] {
  const targets = new Set(result.cells.filter(({ role }) => role === 'measured').map(({ target }) => target.label))
  const total = result.cells.reduce((sum, cell) => sum + cell.durationNanos, 0)
  return [
    whenOf(result),
    `${nanosInWords(total)} of load`,
    plural(workloads.length, 'workload'),
    plural(targets.size, 'target'),
    plural(groups.length === result.cells.length ? result.cells.length : groups.length, 'cell'),
    ...(groups.length < result.cells.length ? [`${result.cells.length} with all blocks`] : []),
    `seed ${result.seed}`,
  ]
}

function whenOf({ startedAt, virtual }: RunResult): string {
  if (startedAt === undefined) return virtual ? 'on virtual time' : 'time unknown'
  return startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')
}
