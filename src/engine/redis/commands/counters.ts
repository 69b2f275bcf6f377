import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { ReplyError } from '../../../protocol/reply.ts'
import { integer } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { ONE_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { NOT_A_FLOAT, NOT_AN_INTEGER, OVERFLOW } from '../error-texts.ts'
import type { Int } from '../numbers/integer.ts'
import { addInt64, INT64_MIN, parseInt64, shrink } from '../numbers/integer.ts'
import { addLongDouble, formatLongDouble, parseLongDouble } from '../numbers/long-double.ts'
import { BoxedString, viewOf } from '../values/string-value.ts'
import { bytesOfLatin1 } from '../words.ts'

/** Counters in strings (incrDecrCommand and incrbyfloatCommand in t_string.c). */

function add(context: CommandContext, argv: Command, delta: Int): Reply {
  const key = argv[1]!
  const value = context.db.string(key)
  const before = value === undefined ? 0 : parseInt64(viewOf(value))
  if (before === undefined) return NOT_AN_INTEGER
  const after = addInt64(before, delta)
  if (after === undefined) return OVERFLOW
  context.db.set(key, bytesOfLatin1(String(after)), true)
  context.dirty()
  return after
}

function decrementBy(context: CommandContext, argv: Command): Reply {
  const delta = BigInt(integer(argv[2]!))
  if (delta === INT64_MIN) return new ReplyError('ERR decrement would overflow')
  return add(context, argv, shrink(-delta))
}

function addFloat(context: CommandContext, argv: Command): Reply {
  const key = argv[1]!
  const value = context.db.string(key)
  const before = parseLongDouble(value === undefined ? '0' : viewOf(value))
  const delta = parseLongDouble(argv[2]!)
  if (!before || !delta) return NOT_A_FLOAT
  const after = addLongDouble(before, delta)
  if (!after || after.infinite) return new ReplyError('ERR increment would produce NaN or Infinity')
  const bytes = bytesOfLatin1(formatLongDouble(after))
  // The new object is a string even when it holds an integer (createStringObjectFromLongDouble).
  context.db.set(key, new BoxedString(bytes, bytes.length <= 44 ? 'embstr' : 'raw'), true)
  // Replicas get the result: their arithmetic might differ.
  context.rewrite(['SET', key, bytes, 'KEEPTTL'])
  context.dirty()
  return bytes.slice()
}

export const counterCommands: readonly CommandDefinition[] = [
  { name: 'incr', arity: 2, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: (c, a) => add(c, a, 1) },
  { name: 'decr', arity: 2, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: (c, a) => add(c, a, -1) },
  {
    name: 'incrby',
    arity: 3,
    flags: 'write denyoom fast',
    keys: ONE_KEY,
    categories: 'string',
    since: '1.0.0',
    run: (c, a) => add(c, a, integer(a[2]!)),
  },
  { name: 'decrby', arity: 3, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: decrementBy },
  { name: 'incrbyfloat', arity: 3, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '2.6.0', run: addFloat },
]
