import type { Badge } from '../summary/badge.ts'
import { type Html, html } from './html.ts'

const TONES = { holds: 'good', fails: 'bad', unknown: 'open', none: 'plain' } as const
const GLYPHS = { holds: '✓', fails: '✗', unknown: '?', none: '–' } as const

/** The verdict on the whole. */
export function badge({ outcome, words, detail }: Badge): Html {
  return html`<div class="badge ${TONES[outcome]}"><p class="badge-word"><span aria-hidden="true">${GLYPHS[outcome]}</span> ${words}</p><p>${detail}</p></div>`
}
