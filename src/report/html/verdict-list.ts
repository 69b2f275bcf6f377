import type { Verdict } from '../../measure/verdict.ts'
import { plural } from '../../measure/words.ts'
import { groupVerdicts, type VerdictGroup } from '../summary/verdict-group.ts'
import { codeWithCopy } from './code-with-copy.ts'
import { type Html, html } from './html.ts'
import { outcomeMark } from './outcome-mark.ts'

/** Verdicts named one by one under what they judge; the others stand behind a "more". */
const SHOWN = 3

export interface VerdictListOptions {
  readonly linkOf: (cell: string) => Html
  /** Failures stand unfolded: where they are what the page is about. */
  readonly open?: boolean
}

/** A line each that unfolds: failures first, with evidence, counterexample and how to see it again; what holds is one line. */
export function verdictList(verdicts: readonly Verdict[], options: VerdictListOptions): Html {
  const groups = groupVerdicts(verdicts)
  const open = groups.filter((group) => group.outcome !== 'holds')
  const holding = groups.filter((group) => group.outcome === 'holds')
  const count = holding.reduce((total, group) => total + group.verdicts.length, 0)
  return html`${open.length > 0 && html`<ul class="verdicts">${open.map((group, index) => verdictItem(group, index, options))}</ul>`}
${
  holding.length > 0 &&
  html`<details class="holding"><summary>${outcomeMark({ outcome: 'holds' })} ${plural(count, 'check')} ${count === 1 ? 'holds' : 'hold'}</summary>
<ul class="verdicts quiet">${holding.map((group, index) => verdictItem(group, open.length + index, options))}</ul></details>`
}`
}

function verdictItem(group: VerdictGroup, index: number, { linkOf, open }: VerdictListOptions): Html {
  const { verdicts, outcome, gates, sentence, kind, notTested } = group
  const shown = verdicts.slice(0, SHOWN)
  const rest = verdicts.slice(SHOWN)
  const replay = verdicts.find((verdict) => verdict.replay !== undefined)?.replay
  const isOpen = open === true && outcome === 'fails'
  return html`<li class="verdict ${outcome}${gates ? ' gates' : ''}"><details id="verdict-${index + 1}"${isOpen && html` open`}>
<summary>${outcomeMark({ outcome, ...(notTested && { notTested }) })} <span class="sentence">${kind === 'expectation' ? html`<code>${sentence}</code>` : sentence}</span>${
    outcome === 'fails' && !gates && html` <span class="tag">${kind === 'audit' ? 'about the load generator' : 'no expectation covers it'}</span>`
  }${verdicts.length > 1 && html` <span class="dim">${verdicts.length} times</span>`}</summary>
${shown.map((verdict, at) => evidence(verdict, linkOf, at === 0))}${
  rest.length > 0 && html`<details><summary>${rest.length} more</summary>${rest.map((verdict) => evidence(verdict, linkOf, false))}</details>`
}${replay !== undefined && outcome === 'fails' && kind !== 'audit' && html`<p class="label">See it again</p>${codeWithCopy(replay)}`}${
  notTested && html`<p class="label">What would test it</p>${codeWithCopy(notTested.command)}`
}</details></li>
`
}

function evidence(verdict: Verdict, linkOf: (cell: string) => Html, open: boolean): Html {
  const cells = verdict.cells ?? []
  return html`<div class="evidence"><p>${verdict.evidence}${cells.length > 0 && html` <span class="cells">${cells.map(linkOf)}</span>`}</p>${counterexample(verdict, open)}</div>`
}

/** The shortest history that shows a failure, step by step. */
export function counterexample(verdict: Pick<Verdict, 'counterexample'>, open: boolean): Html | undefined {
  const steps = verdict.counterexample ?? []
  if (steps.length === 0) return undefined
  return html`<details class="steps"${open && html` open`}><summary>Counterexample, ${plural(steps.length, 'step')}</summary><ol>${steps.map((step) => html`<li><code>${step}</code></li>`)}</ol></details>`
}
