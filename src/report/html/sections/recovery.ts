import type { Cell, Recovery } from '../../../measure/run-result.ts'
import { countInWords, nanosInWords, rateInWords, shareInWords } from '../../../measure/words.ts'
import { operationErrors } from '../../summary/operation-errors.ts'
import { countsInWords } from '../../text/counts-in-words.ts'
import { secondsInWords } from '../../text/seconds-in-words.ts'
import { dataTable } from '../data-table.ts'
import { type Html, type HtmlValue, html } from '../html.ts'
import { cellLink, type RunView } from '../run-view.ts'

/** More columns than this nobody compares; the rest is in run.json. */
const MOST_COLUMNS = 24

/** What each fault did to the service, and how long it took to come back; undefined where there was none. */
export function recoveryTable(view: RunView): Html | undefined {
  const all = view.result.cells.flatMap((cell) => cell.recovery.map((recovery) => ({ cell, recovery })))
  if (all.length === 0) return undefined
  const shown = all.slice(0, MOST_COLUMNS)
  const rows = FIGURES.filter(({ field }) => shown.some(({ cell, recovery }) => field(recovery, cell) !== DASH))
  return html`<p class="lead">To the application service is away from its last success before a fault to the first one after it; a gap no longer than usual counts as none. What a client waits for before it connects again, and its deadlines, are part of that, and stand with the clients below. The server itself was asked beside it every few milliseconds, over a connection that is made again at once.</p>
${shown.length < all.length && html`<p class="notes">Showing ${shown.length} of ${all.length} faults; all of them are in <code>run.json</code>.</p>`}
${dataTable({
  caption: 'Each fault and what followed',
  quiet: true,
  wordy: true,
  columns: [
    { title: 'Fault' },
    ...shown.map(({ cell, recovery }) => ({ title: html`${recovery.fault} ${recovery.on}<br>${cellLink(view, cell.id)}` })),
  ],
  groups: [
    {
      rows: rows.map(({ name, explanation, field }) => ({
        label: html`${name}${explanation && html`<br><span class="dim">${explanation}</span>`}`,
        values: shown.map(({ cell, recovery }) => field(recovery, cell)),
      })),
    },
  ],
})}`
}

const DASH = '–'
const SERVICE = 'as a probe of our own saw it'
const CLIENT = 'with what its client waits for'

interface RecoveryFigure {
  readonly name: string
  readonly explanation?: string
  readonly field: (recovery: Recovery, cell: Cell) => HtmlValue
}

const FIGURES: readonly RecoveryFigure[] = [
  { name: 'began', explanation: 'since the load began', field: ({ startNanos }) => secondsInWords(startNanos) },
  { name: 'lasted', field: ({ startNanos, endNanos }) => (endNanos === undefined ? DASH : nanosInWords(endNanos - startNanos)) },
  { name: 'server: no reads', explanation: SERVICE, field: (recovery, cell) => serviceInWords(recovery.serviceReadUnavailableNanos, cell, recovery) },
  {
    name: 'server: no writes',
    explanation: SERVICE,
    field: (recovery, cell) => serviceInWords(recovery.serviceWriteUnavailableNanos, cell, recovery),
  },
  { name: 'application: no reads', explanation: CLIENT, field: (recovery, cell) => awayInWords(recovery.readUnavailableNanos, cell, recovery) },
  { name: 'application: no writes', explanation: CLIENT, field: (recovery, cell) => awayInWords(recovery.writeUnavailableNanos, cell, recovery) },
  { name: 'rate back', explanation: '95 % of the rate before', field: (recovery, cell) => backInWords(recovery.rateRecoveredNanos, cell, recovery) },
  { name: 'lost writes', explanation: 'acknowledged', field: ({ lostWrites }) => lostInWords(lostWrites) },
  { name: 'lost sessions', explanation: 'acknowledged', field: ({ lostSessions }) => lostInWords(lostSessions) },
  { name: 'hit ratio before', field: ({ hitRatioBefore }) => ratioInWords(hitRatioBefore) },
  { name: 'hit ratio at its lowest', field: ({ hitRatioLowest }) => ratioInWords(hitRatioLowest) },
  {
    name: 'hit ratio back',
    explanation: '95 % of what it was before',
    field: (recovery, cell) => (recovery.hitRatioBefore === null ? DASH : backInWords(recovery.hitRatioRecoveredNanos, cell, recovery)),
  },
  { name: 'lost hits', explanation: 'misses beyond the usual', field: ({ lostHits }) => countInWords(lostHits) },
  { name: 'extra database reads', field: ({ extraDatabaseReads }) => countInWords(extraDatabaseReads) },
  { name: 'database reads at their peak', field: ({ peakDatabaseReadsPerSecond }) => rateInWords(peakDatabaseReadsPerSecond) },
  { name: 'errors', field: ({ errors }) => countsInWords(operationErrors(errors)) },
]

function serviceInWords(nanos: number | null | undefined, cell: Cell, recovery: Recovery): HtmlValue {
  return nanos === undefined ? DASH : awayInWords(nanos, cell, recovery)
}

function awayInWords(nanos: number | null, cell: Cell, recovery: Recovery): HtmlValue {
  if (nanos === null) return notBack(cell, recovery)
  return nanos === 0 ? 'no gap' : html`<strong>${nanosInWords(nanos)}</strong>`
}

/** By the end of the load: longer than what was left of it. */
function notBack({ durationNanos }: Cell, { startNanos }: Recovery): HtmlValue {
  return html`<strong>not in ${nanosInWords(Math.max(0, durationNanos - startNanos))}</strong>`
}

function backInWords(nanos: number | null, cell: Cell, recovery: Recovery): HtmlValue {
  if (nanos === null) return notBack(cell, recovery)
  return nanos === 0 ? 'at once' : nanosInWords(nanos)
}

function ratioInWords(value: number | null): string {
  return value === null ? DASH : shareInWords(value)
}

function lostInWords(count: number | null): HtmlValue {
  if (count === null) return DASH
  return count > 0 ? html`<strong>${countInWords(count)}</strong>` : '0'
}
