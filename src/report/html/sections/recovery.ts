import type { Cell, Recovery } from '../../../measure/run-result.ts'
import { countInWords, nanosInWords, rateInWords, shareInWords } from '../../../measure/words.ts'
import { countsInWords } from '../../text/counts-in-words.ts'
import { dataTable } from '../data-table.ts'
import { type HtmlValue, html } from '../html.ts'
import { cellLink, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** What each fault did to the service, and how long it took to come back. */
export function recoverySection(view: RunView): Section | undefined {
  const all = view.result.cells.flatMap((cell) => cell.recovery.map((recovery) => ({ cell, recovery })))
  if (all.length === 0) return undefined
  return {
    id: 'recovery',
    title: 'Faults and recovery',
    body: html`<p class="lead">Service is away from the last success before a fault to the first success after it; a gap no longer than usual counts as none.</p>
${dataTable({
  caption: 'Each fault and what followed',
  quiet: true,
  columns: [
    { title: 'Cell, fault' },
    { title: 'at', figure: true },
    { title: 'lasted', figure: true },
    { title: 'reads away', figure: true },
    { title: 'writes away', figure: true },
    { title: 'rate back', figure: true, explanation: '95 % of the rate before the fault' },
    { title: 'lost writes', figure: true },
    { title: 'lost sessions', figure: true },
    { title: 'hit ratio before, lowest', figure: true },
    { title: 'hits back', figure: true },
    { title: 'lost hits', figure: true },
    { title: 'extra db reads', figure: true },
    { title: 'db peak', figure: true },
    { title: 'Errors' },
  ],
  groups: [
    {
      rows: all.map(({ cell, recovery }) => ({
        label: html`${cellLink(view, cell.id)}<br>${recovery.fault} ${recovery.on}`,
        values: valuesOf(cell, recovery),
      })),
    },
  ],
})}`,
  }
}

function valuesOf(cell: Cell, recovery: Recovery): readonly HtmlValue[] {
  const cached = recovery.hitRatioBefore !== null || recovery.hitRatioLowest !== null
  const count = (value: number | null) => (value === null ? '–' : value > 0 ? html`<strong>${countInWords(value)}</strong>` : '0')
  return [
    nanosInWords(recovery.startNanos),
    recovery.endNanos === undefined ? '–' : nanosInWords(recovery.endNanos - recovery.startNanos),
    awayInWords(recovery.readUnavailableNanos),
    awayInWords(recovery.writeUnavailableNanos),
    backInWords(recovery.rateRecoveredNanos, cell, recovery),
    count(recovery.lostWrites),
    count(recovery.lostSessions),
    cached ? `${ratio(recovery.hitRatioBefore)}, ${ratio(recovery.hitRatioLowest)}` : '–',
    cached ? backInWords(recovery.hitRatioRecoveredNanos, cell, recovery) : '–',
    countInWords(recovery.lostHits),
    countInWords(recovery.extraDatabaseReads),
    rateInWords(recovery.peakDatabaseReadsPerSecond),
    html`<span class="codes">${countsInWords(recovery.errors)}</span>`,
  ]
}

function awayInWords(nanos: number | null): HtmlValue {
  if (nanos === null) return html`<strong>never back</strong>`
  return nanos === 0 ? 'no gap' : html`<strong>${nanosInWords(nanos)}</strong>`
}

/** Not back by the end of the load: longer than what was left of it. */
function backInWords(nanos: number | null, cell: Cell, { startNanos }: Recovery): HtmlValue {
  if (nanos === null) return html`<strong>not in ${nanosInWords(Math.max(0, cell.durationNanos - startNanos))}</strong>`
  return nanos === 0 ? 'at once' : nanosInWords(nanos)
}

function ratio(value: number | null): string {
  return value === null ? '–' : shareInWords(value)
}
