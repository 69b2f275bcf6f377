import { CLAIMS } from '../../../check/claims/registry.ts'
import type { Verdict } from '../../../measure/verdict.ts'
import { plural } from '../../../measure/words.ts'
import { verdictsOf } from '../../summary/verdicts-of.ts'
import { evidenceWords } from '../../text/outcome-words.ts'
import { codeWithCopy } from '../code-with-copy.ts'
import { type Html, html } from '../html.ts'
import { outcomeMark } from '../outcome-mark.ts'
import { cellLink, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'
import { counterexample } from '../verdict-list.ts'

const SOURCES = new Map(CLAIMS.map((claim) => [`claim/${claim.id}`, claim.source]))
const CELLS_SHOWN = 6

/** What caching guides say, and whether it held here. */
export function claimsSection(view: RunView): Section | undefined {
  const claims = verdictsOf(view.result).filter(({ kind }) => kind === 'claim')
  if (claims.length === 0) return undefined
  const told = claims.filter(({ claimOutcome }) => claimOutcome !== 'not applicable')
  const aside = claims.filter(({ claimOutcome }) => claimOutcome === 'not applicable')
  return {
    id: 'claims',
    title: 'Claims',
    body: html`<p class="lead">What caching guides say, held against what this run measured. A contradicted claim fails nothing: it is something learned. Beside each stands what it rests on: <em>${evidenceWords('observed')}</em>, or <em>${evidenceWords('modelled')}</em> whose settings it names.</p>
<ul class="verdicts claims">${told.map((claim) => claimItem(view, claim))}</ul>
${
  aside.length > 0 &&
  html`<details><summary>${plural(aside.length, 'claim does', 'claims do')} not apply to what was run</summary>
<ul class="aside">${aside.map((claim) => html`<li><strong>${claim.sentence}</strong> ${claim.evidence}</li>`)}</ul></details>`
}`,
  }
}

function claimItem(view: RunView, claim: Verdict): Html {
  const { findings: text, threshold, basis } = partsOf(claim.evidence)
  const findings = findingsOf(text, view)
  const cells = claim.cells ?? []
  const source = SOURCES.get(claim.id)
  return html`<li class="verdict claim"><details id="${claim.id.replace(/[^\w-]/g, '-')}">
<summary>${outcomeMark(claim)} <span class="sentence">${claim.sentence}</span>${claim.evidenceKind && html` <span class="tag">${evidenceWords(claim.evidenceKind)}</span>`}</summary>
${findings.length === 1 ? html`<p>${findings[0]}</p>` : html`<ul class="findings">${findings.map((finding) => html`<li>${finding}</li>`)}</ul>`}
${counterexample(claim, false)}${claim.notTested && html`<p class="label">What would test it</p>${codeWithCopy(claim.notTested.command)}`}
<dl class="facts">
${threshold && html`<dt>Threshold</dt><dd>${threshold}</dd>`}${basis && html`<dt>Rests on</dt><dd>${basis}</dd>`}${source && html`<dt>Who says so</dt><dd>${source}</dd>`}
${cells.length > 0 && html`<dt>Measured in</dt><dd class="cells">${cells.slice(0, CELLS_SHOWN).map((cell) => cellLink(view, cell))}${cells.length > CELLS_SHOWN && html` and ${cells.length - CELLS_SHOWN} more`}</dd>`}
</dl>
</details></li>
`
}

/** The evidence of a claim as `finding.ts` composes it, taken apart for reading; one that is written otherwise stays whole. */
function partsOf(evidence: string): { readonly findings: string; readonly threshold?: string; readonly basis?: string } {
  const match = /^(.*?) Threshold: (.*?)\. ((?:Observed|Measured|Modelled).*)$/s.exec(evidence)
  if (!match) return { findings: evidence }
  return { findings: match[1]!, threshold: `${match[2]!}.`, basis: match[3]! }
}

/** The findings one by one: each begins with the name of a cell of the run. */
function findingsOf(text: string, view: RunView): readonly string[] {
  const names = new Set(view.result.cells.map((cell) => `${cell.workload} on ${cell.target.label}`))
  const starts = [0]
  for (let at = text.indexOf('. '); at >= 0; at = text.indexOf('. ', at + 1)) {
    const rest = text.slice(at + 2)
    if ([...names].some((name) => rest.startsWith(name)) || /^(On |And \d+ more )/.test(rest)) starts.push(at + 2)
  }
  return starts.map((start, index) => text.slice(start, starts[index + 1]).trim())
}
