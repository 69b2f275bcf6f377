import { plural } from '../../measure/words.ts'
import type { Answer } from '../summary/answer/answer.ts'
import type { Sentence } from '../summary/answer/sentence.ts'
import { printable } from '../text/printable.ts'
import type { Paint } from './paint.ts'
import { wrapText } from './wrap-text.ts'

/** The question, and the load under which it was asked. */
export function questionLines({ question: { title, load } }: Answer, paint: Paint, width: number): string {
  return [paint.bold(wrapText(printable(title), width, '')), ...(load === '' ? [] : [paint.dim(wrapText(printable(load), width, ''))])].join('\n')
}

/** The answer, a sentence a paragraph. */
export function answerLines({ sentences, left }: Answer, paint: Paint, width: number): string | undefined {
  if (sentences.length === 0) return undefined
  return [
    ...sentences.map((sentence) => sentenceLines(sentence, paint, width)),
    ...(left > 0 ? [paint.dim(`  and ${plural(left, 'more sentence')} in the report`)] : []),
  ].join('\n')
}

function sentenceLines({ parts, tested }: Sentence, paint: Paint, width: number): string {
  const wrapped = wrapText(printable(parts.map(({ text }) => text).join('')), width, '  ')
  const bulleted = `${tested ? '▸' : ' '}${wrapped.slice(1)}`
  return tested ? bulleted : paint.dim(bulleted)
}
