import type { Command, Word } from '../../protocol/command.ts'
import { integer } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { invalidExpire, SYNTAX_ERROR } from './error-texts.ts'
import { INT64_MAX } from './numbers/integer.ts'
import { upperOf } from './words.ts'

export type ExpiryUnit = 'EX' | 'PX' | 'EXAT' | 'PXAT'

export interface ExpiryOption {
  readonly unit?: ExpiryUnit | undefined
  readonly amount?: Word | undefined
}

/** The options of SET and GETEX. */
export interface SetOptions extends ExpiryOption {
  readonly ifMissing: boolean
  readonly ifExists: boolean
  readonly get: boolean
  /** Where GET stands, for the effect, which goes without it. */
  readonly getAt: number
  readonly keepTtl: boolean
  readonly persist: boolean
}

const NONE: SetOptions = { ifMissing: false, ifExists: false, get: false, getAt: 0, keepTtl: false, persist: false }

/** parseExtendedStringArgumentsOrReply in t_string.c: an option may come twice, opposites may not meet. Throws. */
export function parseSetOptions(argv: Command, from: number, command: 'set' | 'getex'): SetOptions {
  if (argv.length <= from) return NONE
  const isSet = command === 'set'
  let ifMissing = false
  let ifExists = false
  let get = false
  let getAt = 0
  let keepTtl = false
  let persist = false
  let unit: ExpiryUnit | undefined
  let amount: Word | undefined
  for (let i = from; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    const next = argv[i + 1]
    if (option === 'NX' && isSet && !ifExists) ifMissing = true
    else if (option === 'XX' && isSet && !ifMissing) ifExists = true
    else if (option === 'GET' && isSet) {
      get = true
      getAt = i
    } else if (option === 'KEEPTTL' && isSet && !unit) keepTtl = true
    else if (option === 'PERSIST' && !isSet && !unit) persist = true
    else if (isUnit(option) && !keepTtl && !persist && (!unit || unit === option) && next !== undefined) {
      unit = option
      amount = next
      i++
    } else throw SYNTAX_ERROR
  }
  return { ifMissing, ifExists, get, getAt, keepTtl, persist, unit, amount }
}

function isUnit(option: string): option is ExpiryUnit {
  return option === 'EX' || option === 'PX' || option === 'EXAT' || option === 'PXAT'
}

/**
 * getExpireMillisecondsOrReply: wall milliseconds, or undefined when no expiry was asked for. Throws for zero,
 * negative and overflowing ones. Exact up to 2^53, far beyond any date.
 */
export function expiryOf(option: ExpiryOption, context: CommandContext): number | undefined {
  if (option.unit === undefined) return undefined
  const word = integer(option.amount!)
  const seconds = option.unit === 'EX' || option.unit === 'EXAT'
  const relative = option.unit === 'EX' || option.unit === 'PX'
  // Everything but the edges of int64: no bigint on the way of every SET with a time to live.
  if (typeof word === 'number' && word > 0 && word < 1e12) return (seconds ? word * 1000 : word) + (relative ? context.nowMillis : 0)
  const amount = BigInt(word)
  if (amount <= 0n || (seconds && amount > INT64_MAX / 1000n)) throw invalidExpire(context.commandName)
  const millis = (seconds ? amount * 1000n : amount) + (relative ? BigInt(context.nowMillis) : 0n)
  if (millis > INT64_MAX) throw invalidExpire(context.commandName)
  return Number(millis)
}
