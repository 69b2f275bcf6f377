import { verdictsOf } from '../../summary/verdicts-of.ts'
import { html } from '../html.ts'
import { cellLink, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'
import { verdictList } from '../verdict-list.ts'

/** What was expected and what the checkers found; failures first. */
export function verdictsSection(view: RunView): Section {
  const judged = verdictsOf(view.result).filter(({ kind }) => kind !== 'claim')
  const body =
    judged.length === 0
      ? html`<p>Nothing was judged, since nothing was measured.</p>`
      : html`<p class="lead">What the workload files expect, and what the checkers found in the recorded history. Expectations decide the exit code, as do checks that would show a server broken; the rest is what was found on the way.</p>
${verdictList(judged, { linkOf: (cell) => cellLink(view, cell) })}`
  return { id: 'verdicts', title: 'Verdicts', body }
}
