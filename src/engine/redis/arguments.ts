import type { Word } from '../../protocol/command.ts'
import { ReplyError } from '../../protocol/reply.ts'
import { MUST_BE_POSITIVE, NOT_A_FLOAT, NOT_AN_INTEGER } from './error-texts.ts'
import type { Int } from './numbers/integer.ts'
import { parseInt64 } from './numbers/integer.ts'
import { parseDouble } from './numbers/parse-double.ts'

/**
 * Arguments as the getXFromObjectOrReply family of object.c reads them. What is wrong is thrown as the reply
 * itself (a `ReplyError` is no `Error` and costs no stack trace); the command loop answers with it.
 */

export function integer(word: Word, otherwise: ReplyError = NOT_AN_INTEGER): Int {
  const value = parseInt64(word)
  if (value === undefined) throw otherwise
  return value
}

/** An int64 clamped to what a number holds exactly: for counts and offsets, which no collection exceeds. */
export function clampedInteger(word: Word, otherwise: ReplyError = NOT_AN_INTEGER): number {
  const value = integer(word, otherwise)
  return typeof value === 'number' ? value : value < 0n ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
}

/** getPositiveLongFromObjectOrReply: one text for everything that is wrong. */
export function notNegative(word: Word, otherwise: ReplyError = MUST_BE_POSITIVE): number {
  const value = parseInt64(word)
  if (value === undefined || value < 0) throw otherwise
  return typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER
}

/** getRangeLongFromObjectOrReply; `text` replaces both messages. */
export function ranged(word: Word, low: bigint, high: bigint, text?: string): number {
  const value = parseInt64(word)
  const otherwise = text === undefined ? undefined : new ReplyError(text)
  if (value === undefined) throw otherwise ?? NOT_AN_INTEGER
  if (BigInt(value) < low || BigInt(value) > high)
    throw otherwise ?? new ReplyError(`ERR value is out of range, value must between ${low} and ${high}`)
  return Number(value)
}

export function float(word: Word, otherwise: ReplyError = NOT_A_FLOAT): number {
  const value = parseDouble(word)
  if (value === undefined) throw otherwise
  return value
}
