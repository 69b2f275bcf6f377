import type { Command, Word } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import { ReplyError } from '../../protocol/reply.ts'
import { clampedInteger } from './arguments.ts'
import type { CommandContext } from './command-context.ts'
import { INVALID_CURSOR, SYNTAX_ERROR } from './error-texts.ts'
import { parseInt64 } from './numbers/integer.ts'
import { bytesOfLatin1, latin1Of, shownOf, upperOf } from './words.ts'

/** The options of SCAN, HSCAN and ZSCAN. */
export interface ScanOptions {
  readonly count: number
  /** Undefined matches everything. */
  readonly pattern: string | undefined
  readonly type: string | undefined
  readonly withoutValues: boolean
}

/** parseScanCursorOrReply: an unsigned 64-bit number. Throws. */
export function scanCursor(context: CommandContext, word: Word): number {
  let text = latin1Of(word)
  if (context.profile.cursors === 'string2ull') {
    const plain = parseInt64(text)
    if (plain !== undefined && plain < 0) throw INVALID_CURSOR
    text = text.replace(/^[ \t\n\v\f\r]+/, '')
  } else if (text === '') return 0
  if (!/^[+-]?\d{1,64}$/.test(text)) throw INVALID_CURSOR
  const value = BigInt(text)
  if (value > UINT64_MAX || value < -UINT64_MAX) throw INVALID_CURSOR
  // A sign wraps around. What we give out is small; anything larger starts from the end of what there is.
  const cursor = BigInt.asUintN(64, value)
  return cursor > Number.MAX_SAFE_INTEGER ? Number.MAX_SAFE_INTEGER : Number(cursor)
}

const UINT64_MAX = 18446744073709551615n
const TYPES = new Set(['string', 'list', 'set', 'zset', 'hash', 'stream', 'module'])

/** scanGenericCommand's options. Throws. */
export function scanOptions(context: CommandContext, argv: Command, from: number, command: 'scan' | 'hscan' | 'zscan'): ScanOptions {
  let count = 10
  let pattern: string | undefined
  let type: string | undefined
  let withoutValues = false
  for (let i = from; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    const next = argv[i + 1]
    if (option === 'COUNT' && next !== undefined) {
      count = clampedInteger(next)
      if (count < 1) throw SYNTAX_ERROR
      i++
    } else if (option === 'MATCH' && next !== undefined) {
      pattern = latin1Of(next)
      if (pattern === '*') pattern = undefined
      i++
    } else if (option === 'TYPE' && command === 'scan' && next !== undefined) {
      type = latin1Of(next).toLowerCase()
      if (context.profile.scanChecksType && !TYPES.has(type)) throw new ReplyError(`ERR unknown type name '${shownOf(next, 256)}'`)
      i++
    } else if (option === 'NOVALUES' && context.profile.hscanNoValues) {
      if (command !== 'hscan') throw new ReplyError('ERR NOVALUES option can only be used in HSCAN')
      withoutValues = true
    } else throw SYNTAX_ERROR
  }
  return { count, pattern, type, withoutValues }
}

export function scanReply(cursor: number, items: readonly Reply[]): Reply {
  return [bytesOfLatin1(String(cursor)), items]
}

export const EMPTY_SCAN: Reply = [bytesOfLatin1('0'), []]
