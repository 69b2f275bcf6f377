import type { Word } from '../../../protocol/command.ts'
import { latin1Of } from '../words.ts'

export const INT64_MAX = 9223372036854775807n
export const INT64_MIN = -9223372036854775808n

/** A number where it is exact, a bigint outside the safe range. */
export type Int = number | bigint

/** Text as Redis' string2ll takes it: canonical decimal int64 and nothing else (no blank, plus, leading zero, "-0"). */
export function parseInt64(word: Word): Int | undefined {
  const text = typeof word === 'string' ? word : word.length > 20 ? '' : latin1Of(word)
  const length = text.length
  if (length === 0 || length > 20) return undefined
  let at = 0
  if (text.charCodeAt(0) === 45) {
    at = 1
    if (length === 1) return undefined
  }
  const first = text.charCodeAt(at)
  if (first === 48) return length === 1 ? 0 : undefined
  if (first < 49 || first > 57) return undefined
  let value = 0
  for (let i = at; i < length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  if (length - at <= 15) return at === 1 ? -value : value
  const big = BigInt(text)
  if (big > INT64_MAX || big < INT64_MIN) return undefined
  return shrink(big)
}

/** The number form when it is exact. */
export function shrink(value: bigint): Int {
  return value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value
}

export function inInt64(value: bigint): boolean {
  return value >= INT64_MIN && value <= INT64_MAX
}

/** a + b, or undefined beyond int64. */
export function addInt64(a: Int, b: Int): Int | undefined {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b
    if (Number.isSafeInteger(sum)) return sum
  }
  const sum = BigInt(a) + BigInt(b)
  return inInt64(sum) ? shrink(sum) : undefined
}
