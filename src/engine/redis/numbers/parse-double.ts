import type { Word } from '../../../protocol/command.ts'
import { latin1Of } from '../words.ts'

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const INFINITE = /^[+-]?inf(inity)?$/i
export const HEXADECIMAL = /^([+-]?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i

/**
 * As getDoubleFromObject: the whole word as strtod reads it in the C locale, no leading blank, not NaN, neither
 * overflow nor underflow to zero.
 */
export function parseDouble(word: Word): number | undefined {
  const text = latin1Of(word)
  if (DECIMAL.test(text)) {
    const value = Number(text)
    if (!Number.isFinite(value)) return undefined
    if (value === 0 && /[1-9]/.test(text.replace(/e.*$/i, ''))) return undefined
    return value
  }
  if (INFINITE.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const hex = HEXADECIMAL.exec(text)
  if (!hex || hex[2]! + hex[3]! === '') return undefined
  // Hexadecimal floats: exact in a double for what anyone writes; longer ones are rounded by Number(BigInt).
  const digits = Number(BigInt(`0x${hex[2]}${hex[3]}`))
  const value = digits * 2 ** (Number(hex[4] ?? 0) - 4 * hex[3]!.length)
  if (!Number.isFinite(value) || (value === 0 && digits !== 0)) return undefined
  return hex[1] === '-' ? -value : value
}

/**
 * As the ends of a score range are read (zslParseRange calls strtod itself): leading blanks, an empty text for
 * zero and overflow to infinity are allowed, and the text ends at its first NUL.
 */
export function parseRangeDouble(word: string): number | undefined {
  const nul = word.indexOf('\0')
  const text = (nul < 0 ? word : word.slice(0, nul)).replace(/^[ \t\n\v\f\r]+/, '')
  // strtod reads nothing: the end pointer stays at the start, which is the end only if there was nothing at all.
  if (text === '') return (nul < 0 ? word : word.slice(0, nul)) === '' ? 0 : undefined
  if (DECIMAL.test(text)) return Number(text)
  return parseDouble(text)
}
