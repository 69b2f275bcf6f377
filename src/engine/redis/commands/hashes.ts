import type { Command, Word } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { MapReply, ReplyError, SimpleString } from '../../../protocol/reply.ts'
import { integer, ranged } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { wrongArity } from '../command-errors.ts'
import { ONE_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { NOT_A_FLOAT, OVERFLOW, SYNTAX_ERROR } from '../error-texts.ts'
import { globMatches } from '../glob.ts'
import { addInt64, INT64_MAX, parseInt64 } from '../numbers/integer.ts'
import { addLongDouble, formatLongDouble, parseLongDouble } from '../numbers/long-double.ts'

import { checkPairCount, drawDistinct, drawRepeating } from '../sampling.ts'
import { EMPTY_SCAN, scanCursor, scanOptions, scanReply } from '../scan.ts'
import { HashValue } from '../values/hash-value.ts'
import { bytesOfLatin1, latin1Of, ownBytes, requireTexts, upperOf, wordLength } from '../words.ts'

/** Hashes (t_hash.c). */

/** The hash under a key, made if it is missing; a running snapshot sees it as it was. */
function hashToWrite(context: CommandContext, key: Word): HashValue {
  const found = context.db.hash(key)
  if (found) {
    context.db.beforeChange(key)
    return found
  }
  const made = new HashValue()
  context.db.set(key, made)
  return made
}

function set(name: 'hset' | 'hmset') {
  return (context: CommandContext, argv: Command): Reply => {
    if (argv.length % 2 === 1) return wrongArity(name)
    const { limits } = context.profile
    requireTexts(argv, 2, 2)
    const hash = hashToWrite(context, argv[1]!)
    // hashTypeTryConversion looks at all words before any is stored.
    for (let i = 2; i < argv.length; i++) if (wordLength(argv[i]!) > limits.hashValue) hash.convert()
    if (context.profile.presizes && argv.length / 2 - 1 > limits.hashEntries) hash.convert()
    let added = 0
    for (let i = 2; i < argv.length; i += 2) if (hash.set(latin1Of(argv[i]!), ownBytes(argv[i + 1]!), limits)) added++
    context.db.afterChange(argv[1]!)
    context.dirty()
    return name === 'hset' ? added : SimpleString.ok
  }
}

function setIfMissing(context: CommandContext, argv: Command): Reply {
  const field = latin1Of(argv[2]!)
  if (context.db.hash(argv[1]!)?.get(field) !== undefined) return 0
  hashToWrite(context, argv[1]!).set(field, ownBytes(argv[3]!), context.profile.limits)
  context.db.afterChange(argv[1]!)
  context.dirty()
  return 1
}

function get(context: CommandContext, argv: Command): Reply {
  return context.db.hash(argv[1]!)?.get(latin1Of(argv[2]!)) ?? null
}

function multiGet(context: CommandContext, argv: Command): Reply {
  const hash = context.db.hash(argv[1]!)
  return argv.slice(2).map((field) => hash?.get(latin1Of(field)) ?? null)
}

function getAll(context: CommandContext, argv: Command): Reply {
  const flat: Reply[] = []
  context.db.hash(argv[1]!)?.each((field, value) => flat.push(bytesOfLatin1(field), value))
  return new MapReply(flat)
}

function fields(context: CommandContext, argv: Command): Reply {
  return (context.db.hash(argv[1]!)?.fields() ?? []).map(bytesOfLatin1)
}

function values(context: CommandContext, argv: Command): Reply {
  const found: Reply[] = []
  context.db.hash(argv[1]!)?.each((_field, value) => found.push(value))
  return found
}

function remove(context: CommandContext, argv: Command): Reply {
  const hash = context.db.hash(argv[1]!)
  if (!hash) return 0
  requireTexts(argv, 2, 1)
  context.db.beforeChange(argv[1]!)
  let removed = 0
  for (let i = 2; i < argv.length; i++) if (hash.delete(latin1Of(argv[i]!))) removed++
  if (removed > 0) {
    context.db.afterChange(argv[1]!)
    context.dirty()
  }
  return removed
}

function increment(context: CommandContext, argv: Command): Reply {
  const delta = integer(argv[3]!)
  const field = latin1Of(argv[2]!)
  const value = context.db.hash(argv[1]!)?.get(field)
  const before = value === undefined ? 0 : parseInt64(value)
  if (before === undefined) return new ReplyError('ERR hash value is not an integer')
  const after = addInt64(before, delta)
  if (after === undefined) return OVERFLOW
  hashToWrite(context, argv[1]!).set(field, bytesOfLatin1(String(after)), context.profile.limits)
  context.db.afterChange(argv[1]!)
  context.dirty()
  return after
}

function incrementFloat(context: CommandContext, argv: Command): Reply {
  const delta = parseLongDouble(argv[3]!)
  if (!delta) return NOT_A_FLOAT
  if (delta.infinite) return new ReplyError('ERR value is NaN or Infinity')
  const field = latin1Of(argv[2]!)
  const value = context.db.hash(argv[1]!)?.get(field)
  const before = parseLongDouble(value ?? '0')
  if (!before) return new ReplyError('ERR hash value is not a float')
  const after = addLongDouble(before, delta)
  if (!after || after.infinite) return new ReplyError('ERR increment would produce NaN or Infinity')
  const bytes = bytesOfLatin1(formatLongDouble(after))
  hashToWrite(context, argv[1]!).set(field, bytes, context.profile.limits)
  context.db.afterChange(argv[1]!)
  context.rewrite(['HSET', argv[1]!, argv[2]!, bytes])
  context.dirty()
  return bytes
}

function randomField(context: CommandContext, argv: Command): Reply {
  if (argv.length === 2) {
    const known = context.db.hash(argv[1]!)?.fields()
    return known ? bytesOfLatin1(known[Math.floor(context.random() * known.length)]!) : null
  }
  const count = ranged(argv[2]!, -INT64_MAX, INT64_MAX)
  if (argv.length > 4 || (argv.length === 4 && upperOf(argv[3]!) !== 'WITHVALUES')) return SYNTAX_ERROR
  const withValues = argv.length === 4
  if (withValues) checkPairCount(argv[2]!)
  const hash = context.db.hash(argv[1]!)
  if (!hash || count === 0) return []
  const known = hash.fields()
  const random = () => context.random()
  const drawn = count < 0 ? drawRepeating(known.length, -count, random) : drawDistinct(known.length, count, random)
  const nested = context.session.protocol === 3
  const reply: Reply[] = []
  for (const at of drawn) {
    const name = bytesOfLatin1(known[at]!)
    if (!withValues) reply.push(name)
    else if (nested) reply.push([name, hash.get(known[at]!)!])
    else reply.push(name, hash.get(known[at]!)!)
  }
  return reply
}

/** The key is looked at before the options: a missing one makes no error of them. */
function scan(context: CommandContext, argv: Command): Reply {
  const cursor = scanCursor(context, argv[2]!)
  const hash = context.db.hash(argv[1]!)
  if (!hash) return EMPTY_SCAN
  const options = scanOptions(context, argv, 3, 'hscan')
  const found: Reply[] = []
  const next = hash.scan(cursor, options.count, (field, value) => {
    if (options.pattern !== undefined && !globMatches(options.pattern, field)) return
    found.push(bytesOfLatin1(field))
    if (!options.withoutValues) found.push(value)
  })
  return scanReply(next, found)
}

const WRITE = { flags: 'write denyoom fast', keys: ONE_KEY, categories: 'hash' } as const
const FAST = { flags: 'readonly fast', keys: ONE_KEY, categories: 'hash' } as const
const SLOW = { flags: 'readonly', keys: ONE_KEY, categories: 'hash' } as const
const UNORDERED = 'nondeterministic_output_order'
const RANDOM = 'nondeterministic_output'

export const hashCommands: readonly CommandDefinition[] = [
  { name: 'hset', arity: -4, ...WRITE, since: '2.0.0', run: set('hset') },
  { name: 'hmset', arity: -4, ...WRITE, since: '2.0.0', run: set('hmset') },
  { name: 'hsetnx', arity: 4, ...WRITE, since: '2.0.0', run: setIfMissing },
  { name: 'hget', arity: 3, ...FAST, since: '2.0.0', run: get },
  { name: 'hmget', arity: -3, ...FAST, since: '2.0.0', run: multiGet },
  { name: 'hgetall', arity: 2, ...SLOW, since: '2.0.0', tips: UNORDERED, run: getAll },
  { name: 'hkeys', arity: 2, ...SLOW, since: '2.0.0', tips: UNORDERED, run: fields },
  { name: 'hvals', arity: 2, ...SLOW, since: '2.0.0', tips: UNORDERED, run: values },
  { name: 'hdel', arity: -3, flags: 'write fast', keys: ONE_KEY, categories: 'hash', since: '2.0.0', run: remove },
  { name: 'hlen', arity: 2, ...FAST, since: '2.0.0', run: (c, a) => c.db.hash(a[1]!)?.size ?? 0 },
  { name: 'hexists', arity: 3, ...FAST, since: '2.0.0', run: (c, a) => (c.db.hash(a[1]!)?.get(latin1Of(a[2]!)) === undefined ? 0 : 1) },
  { name: 'hstrlen', arity: 3, ...FAST, since: '3.2.0', run: (c, a) => c.db.hash(a[1]!)?.get(latin1Of(a[2]!))?.length ?? 0 },
  { name: 'hincrby', arity: 4, ...WRITE, since: '2.0.0', run: increment },
  { name: 'hincrbyfloat', arity: 4, ...WRITE, since: '2.6.0', run: incrementFloat },
  { name: 'hrandfield', arity: -2, ...SLOW, since: '6.2.0', tips: RANDOM, run: randomField },
  { name: 'hscan', arity: -3, ...SLOW, since: '2.8.0', tips: RANDOM, run: scan },
]
