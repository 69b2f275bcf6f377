import type { Cell } from '../../../measure/run-result.ts'
import { countInWords, nanosInWords, shareInWords } from '../../../measure/words.ts'
import { dataTable, type TableRow } from '../data-table.ts'
import { type Html, type HtmlValue, html } from '../html.ts'
import { cellLink, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** What users saw that was not so: stale reads, lost sessions, wrong scores. */
export function consistencySection(view: RunView): Section | undefined {
  const parts = [staleness(view), sessions(view), leaderboards(view)].filter((part) => part !== undefined)
  if (parts.length === 0) return undefined
  return { id: 'consistency', title: 'Consistency', body: html`${parts}` }
}

function staleness(view: RunView): Html | undefined {
  return table(view, (cell) => cell.staleness, {
    title: 'Stale reads',
    lead: 'A read is stale for certain when it began after a newer version was known to be committed, and returned an older one. Its age counts from that commit’s acknowledgement.',
    columns: ['judged', 'stale', 'ratio', 'age p50', 'oldest', 'stale at the end', 'own write missed', 'went back in time'],
    values: (one) => [
      countInWords(one.judgedReads),
      flagged(one.staleReads),
      one.staleRatio === null ? '–' : shareInWords(one.staleRatio),
      one.ageNanos?.percentilesNanos['50'] === undefined ? '–' : nanosInWords(one.ageNanos.percentilesNanos['50']),
      one.ageNanos === undefined ? '–' : nanosInWords(one.ageNanos.maxNanos),
      html`${flagged(one.staleAtEnd)} of ${countInWords(one.readBack)}`,
      flagged(one.readYourWritesViolations),
      flagged(one.monotonicReadsViolations),
    ],
  })
}

function sessions(view: RunView): Html | undefined {
  return table(view, (cell) => cell.sessions, {
    title: 'Sessions',
    lead: 'A session lives from its acknowledged login to its logout or expiry, whichever instance is asked.',
    columns: ['logins', 'acknowledged', 'logouts', 'lost', 'lost updates', 'resurrected', 'served late', 'read elsewhere', 'missed there'],
    values: (one) => [
      countInWords(one.logins),
      countInWords(one.loginsAcknowledged),
      countInWords(one.logouts),
      flagged(one.lostSessions),
      flagged(one.lostUpdates),
      flagged(one.resurrectedSessions),
      html`${flagged(one.servedAfterExpiry)}${one.servedAfterExpiry > 0 && ` (by ${nanosInWords(one.worstLatenessNanos)})`}`,
      countInWords(one.sharedReads),
      flagged(one.sharedReadsLost),
    ],
  })
}

function leaderboards(view: RunView): Html | undefined {
  return table(view, (cell) => cell.leaderboard, {
    title: 'Leaderboards',
    lead: 'Every acknowledged increment counts once; one of unknown outcome may count or not; every answer is sorted.',
    columns: ['increments', 'acknowledged', 'unknown', 'members', 'lost', 'applied twice', 'rank changes', 'unsorted answers'],
    values: (one) => [
      countInWords(one.increments),
      countInWords(one.acknowledged),
      countInWords(one.unknown),
      countInWords(one.members),
      flagged(one.lostIncrements),
      flagged(one.duplicatedIncrements),
      countInWords(one.rankChanges),
      flagged(one.unsortedReads),
    ],
  })
}

interface Shape<T> {
  readonly title: string
  readonly lead: string
  readonly columns: readonly string[]
  readonly values: (one: T) => readonly HtmlValue[]
}

function table<T extends { readonly examples: readonly string[] }>(
  view: RunView,
  pick: (cell: Cell) => T | undefined,
  shape: Shape<T>,
): Html | undefined {
  const found = view.groups
    .flatMap(({ cells }) => cells)
    .flatMap((cell) => {
      const one = pick(cell)
      return one === undefined ? [] : [{ cell, one }]
    })
  if (found.length === 0) return undefined
  const rows: TableRow[] = found.map(({ cell, one }) => ({ label: cellLink(view, cell.id), values: shape.values(one) }))
  const examples = found.filter(({ one }) => one.examples.length > 0)
  return html`<h3>${shape.title}</h3>
<p>${shape.lead}</p>
${dataTable({ caption: shape.title, quiet: true, columns: [{ title: 'Cell' }, ...shape.columns.map((title) => ({ title, figure: true }))], groups: [{ rows }] })}
${
  examples.length > 0 &&
  html`<details><summary>Examples, the worst first</summary>${examples.map(
    ({ cell, one }) =>
      html`<p class="label">${cellLink(view, cell.id)}</p><ul class="examples">${one.examples.map((example) => html`<li><code>${example}</code></li>`)}</ul>`,
  )}</details>`
}`
}

function flagged(count: number): HtmlValue {
  return count > 0 ? html`<strong>${countInWords(count)}</strong>` : '0'
}
