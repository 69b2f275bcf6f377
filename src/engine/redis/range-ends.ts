import type { Word } from '../../protocol/command.ts'
import { MIN_MAX_NOT_FLOAT, MIN_MAX_NOT_STRING } from './error-texts.ts'
import { parseRangeDouble } from './numbers/parse-double.ts'
import type { LexEnd, LexRange, ScoreRange } from './values/sorted-set.ts'
import { latin1Of } from './words.ts'

/** zslParseRange: what strtod leaves nothing of, `(` before it for exclusive. Throws. */
export function scoreRange(min: Word, max: Word): ScoreRange {
  const low = scoreEnd(min)
  const high = scoreEnd(max)
  return { min: low.value, max: high.value, minExclusive: low.exclusive, maxExclusive: high.exclusive }
}

function scoreEnd(word: Word): { readonly value: number; readonly exclusive: boolean } {
  const text = latin1Of(word)
  const exclusive = text.startsWith('(')
  const value = parseRangeDouble(exclusive ? text.slice(1) : text)
  if (value === undefined) throw MIN_MAX_NOT_FLOAT
  return { value, exclusive }
}

/** zslParseLexRange. Throws. */
export function lexRange(min: Word, max: Word): LexRange {
  return { min: lexEnd(min), max: lexEnd(max) }
}

function lexEnd(word: Word): LexEnd {
  const text = latin1Of(word)
  if (text === '-') return { infinite: -1, value: '', exclusive: false }
  if (text === '+') return { infinite: 1, value: '', exclusive: false }
  if (text.startsWith('(')) return { infinite: 0, value: text.slice(1), exclusive: true }
  if (text.startsWith('[')) return { infinite: 0, value: text.slice(1), exclusive: false }
  throw MIN_MAX_NOT_STRING
}
