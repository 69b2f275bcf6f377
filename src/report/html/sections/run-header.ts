import type { RunResult } from '../../../measure/run-result.ts'
import { countInWords, nanosInWords, plural } from '../../../measure/words.ts'
import { SECOND } from '../../../runtime/runtime.ts'
import type { Sentence } from '../../summary/answer/sentence.ts'
import { badgeOf } from '../../summary/badge.ts'
import { headlineRow } from '../../summary/headline.ts'
import { lampOf } from '../../summary/lamp.ts'
import { troublesOf } from '../../summary/troubles.ts'
import { verdictsOf } from '../../summary/verdicts-of.ts'
import { pointMarks } from '../../svg/interval-strip.ts'
import { type Html, html } from '../html.ts'
import type { RunView } from '../run-view.ts'

const MINUTE = 60 * SECOND

/** The question, whether its answer can be believed, the answer; all that somebody with five seconds reads. */
export function runHeader(view: RunView): Html {
  const { result, answer } = view
  const { title, load } = answer.question
  return html`<p class="kind">${result.name}${factsOf(view).map((fact) => html` <span>${fact}</span>`)}</p>
<h1>${title}</h1>
${load !== '' && html`<p class="load">${load}</p>`}
<div class="lights">${lampLight(view)}${badgeLight(result)}</div>
${answer.sentences.length > 0 && html`<ul class="answer">${answer.sentences.map(sentenceItem)}${answer.left > 0 && html`<li class="left">${plural(answer.left, 'more sentence')}: <a href="#differences">every difference with its interval</a></li>`}</ul>`}
${caveats(view)}${pointMarks}`
}

/** Colour and bold type only where a word is earned. */
function sentenceItem({ parts, tested }: Sentence): Html {
  return html`<li${!tested && html` class="seen"`}>${parts.map(({ text, tone }) => (tone ? html`<strong class="word ${tone}">${text}</strong>` : text))}</li>
`
}

function lampLight({ result }: RunView): Html {
  const lamp = lampOf(result)
  const tone = { green: 'good', amber: 'open', red: 'bad' }[lamp.colour]
  return html`<p class="light ${tone}"><span class="lamp" aria-hidden="true"></span><b>${lamp.words}</b>${
    lamp.reason === ''
      ? html` <span>The load came as planned, the cache failed nowhere but under planned faults, every record could be read.</span>`
      : html`<b>:</b> <span class="lamp-reason">${lamp.reason}.</span>`
  }</p>`
}

const GLYPHS = { holds: '✓', fails: '✗', unknown: '?', none: '–' } as const
const TONES = { holds: 'good', fails: 'bad', unknown: 'open', none: 'plain' } as const

function badgeLight(result: RunResult): Html {
  const { outcome, words, detail } = badgeOf(verdictsOf(result), result.status)
  return html`<p class="light ${TONES[outcome]}"><span class="glyph" aria-hidden="true">${GLYPHS[outcome]}</span><b>${words}</b> <a class="quiet-link" href="#verdicts">${detail}</a></p>`
}

/** What is too long for the first screen, and too important for the last. */
function caveats(view: RunView): Html | undefined {
  const { result } = view
  const troubles = troublesOf(view.groups.map(headlineRow))
  const all = [...lampOf(result).details, ...troubles, ...result.notes]
  if (all.length === 0) return undefined
  return html`<details class="caveats" id="caveats"><summary>${plural(all.length, 'thing')} to know of this run</summary><ul class="notes">${all.map((one) => html`<li>${one}</li>`)}</ul></details>`
}

function factsOf({ result, groups }: RunView): readonly string[] {
  const total = result.cells.reduce((sum, cell) => sum + cell.durationNanos, 0)
  const blocks = Math.max(0, ...groups.map(({ cells }) => cells.length))
  return [whenOf(result), `${loadInWords(total)} of load`, ...(blocks > 1 ? [`each measured ${blocks} times`] : []), `seed ${result.seed}`]
}

function loadInWords(nanos: number): string {
  return nanos < 10 * MINUTE ? nanosInWords(nanos) : `${countInWords(Math.round(nanos / MINUTE))} min`
}

function whenOf({ startedAt, virtual }: RunResult): string {
  if (startedAt === undefined) return virtual ? 'on virtual time' : 'time unknown'
  return startedAt.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')
}
