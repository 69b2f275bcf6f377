import type { Verdict } from '../../measure/verdict.ts'
import { outcomeWords } from '../text/outcome-words.ts'
import { type Html, html } from './html.ts'

/** The outcome as a mark and its word. */
export function outcomeMark(verdict: Pick<Verdict, 'outcome' | 'claimOutcome' | 'notTested'>): Html {
  const { glyph, word, tone } = outcomeWords(verdict)
  return html`<span class="mark ${tone}"><span aria-hidden="true">${glyph}</span> ${word}</span>`
}
