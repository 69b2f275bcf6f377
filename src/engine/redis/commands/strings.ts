import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { ReplyError, SimpleString } from '../../../protocol/reply.ts'
import { clampedInteger } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { wrongArity } from '../command-errors.ts'
import { ALL_KEYS, ONE_KEY, PAIR_KEYS } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { STRING_TOO_LONG } from '../error-texts.ts'
import { expiryOf, parseSetOptions } from '../set-options.ts'
import { BoxedString, isString, replyBytes, replyRange, viewOf } from '../values/string-value.ts'
import { bytesOf, ownBytes, requireTexts, wordLength } from '../words.ts'

/** Strings (t_string.c). */

const EMPTY = new Uint8Array(0)
/** proto-max-bulk-len. */
const MAX_STRING_BYTES = 512 * 1024 * 1024

function get(context: CommandContext, argv: Command): Reply {
  const value = context.db.string(argv[1]!)
  return value === undefined ? null : replyBytes(value)
}

/** setGenericCommand. The expiry is judged before the key is looked at; `GET` on a wrong type writes nothing. */
function set(context: CommandContext, argv: Command): Reply {
  const options = parseSetOptions(argv, 3, 'set')
  const expiry = expiryOf(options, context)
  const { db } = context
  const key = argv[1]!
  const before = options.get ? db.string(key) : undefined
  const old = before === undefined ? null : replyBytes(before)
  if (options.ifMissing || options.ifExists) {
    const exists = db.find(key) >= 0
    if (options.ifMissing === exists) return options.get ? old : null
  }
  const entry = db.set(key, ownBytes(argv[2]!), options.keepTtl)
  if (expiry !== undefined) {
    db.setExpiry(entry, expiry)
    context.rewrite(['SET', key, argv[2]!, 'PXAT', String(expiry)])
  } else if (options.get) context.rewrite(argv.filter((_, i) => i !== options.getAt))
  context.dirty()
  return options.get ? old : SimpleString.ok
}

function setIfMissing(context: CommandContext, argv: Command): Reply {
  if (context.db.find(argv[1]!) >= 0) return 0
  context.db.set(argv[1]!, ownBytes(argv[2]!))
  context.dirty()
  return 1
}

function setWithExpiry(unit: 'EX' | 'PX') {
  return (context: CommandContext, argv: Command): Reply => {
    const expiry = expiryOf({ unit, amount: argv[2]! }, context)!
    context.db.setExpiry(context.db.set(argv[1]!, ownBytes(argv[3]!)), expiry)
    context.rewrite(['SET', argv[1]!, argv[3]!, 'PXAT', String(expiry)])
    context.dirty()
    return SimpleString.ok
  }
}

function getSet(context: CommandContext, argv: Command): Reply {
  const old = get(context, argv)
  context.db.set(argv[1]!, ownBytes(argv[2]!))
  context.rewrite(['SET', argv[1]!, argv[2]!])
  context.dirty()
  return old
}

function getDel(context: CommandContext, argv: Command): Reply {
  const old = get(context, argv)
  if (old === null) return null
  context.db.remove(argv[1]!)
  context.rewrite(['DEL', argv[1]!])
  context.dirty()
  return old
}

/** The expiry is judged only when there is a string to give it to. */
function getEx(context: CommandContext, argv: Command): Reply {
  const options = parseSetOptions(argv, 2, 'getex')
  const { db } = context
  const key = argv[1]!
  const value = db.string(key)
  if (value === undefined) return null
  const expiry = expiryOf(options, context)
  const bytes = replyBytes(value)
  if (expiry !== undefined) {
    if ((options.unit === 'EXAT' || options.unit === 'PXAT') && expiry <= context.nowMillis) {
      db.remove(key)
      context.rewrite([context.profile.expiredAs, key])
    } else {
      db.setExpiry(db.find(key), expiry)
      context.rewrite(['PEXPIREAT', key, String(expiry)])
    }
    context.dirty()
  } else if (options.persist) {
    const entry = db.find(key)
    if (db.keyspace.expiryAt(entry) !== Number.POSITIVE_INFINITY) {
      db.setExpiry(entry, Number.POSITIVE_INFINITY)
      context.rewrite(['PERSIST', key])
      context.dirty()
    }
  }
  return bytes
}

/** Wrong types are misses. */
function multiGet(context: CommandContext, argv: Command): Reply {
  const replies: Reply[] = new Array(argv.length - 1)
  for (let i = 1; i < argv.length; i++) {
    const value = context.db.get(argv[i]!)
    replies[i - 1] = isString(value) ? replyBytes(value) : null
  }
  return replies
}

function multiSet(context: CommandContext, argv: Command): Reply {
  if (argv.length % 2 === 0) return wrongArity('mset')
  requireTexts(argv, 1, 2)
  for (let i = 1; i < argv.length; i += 2) context.db.set(argv[i]!, ownBytes(argv[i + 1]!))
  context.dirty()
  return SimpleString.ok
}

function multiSetIfMissing(context: CommandContext, argv: Command): Reply {
  if (argv.length % 2 === 0) return wrongArity('msetnx')
  requireTexts(argv, 1, 2)
  for (let i = 1; i < argv.length; i += 2) if (context.db.find(argv[i]!) >= 0) return 0
  for (let i = 1; i < argv.length; i += 2) context.db.set(argv[i]!, ownBytes(argv[i + 1]!))
  context.rewrite(['MSET', ...argv.slice(1)])
  context.dirty()
  return 1
}

function append(context: CommandContext, argv: Command): Reply {
  const key = argv[1]!
  const value = context.db.string(key)
  if (value === undefined) {
    const bytes = ownBytes(argv[2]!)
    context.db.set(key, bytes)
    context.dirty()
    return bytes.length
  }
  if (value.length + wordLength(argv[2]!) > MAX_STRING_BYTES) return STRING_TOO_LONG
  const box = boxed(context, argv, value)
  box.write(box.length, bytesOf(argv[2]!))
  context.db.afterChange(key)
  context.dirty()
  return box.length
}

/** The value as one that can be written in place (dbUnshareStringValue): raw from now on. */
function boxed(context: CommandContext, argv: Command, value: Uint8Array | BoxedString): BoxedString {
  const { db } = context
  if (value instanceof BoxedString && value.encoding === 'raw') {
    db.beforeChange(argv[1]!)
    // A running snapshot may have kept the box itself; it reads it at once, before this write.
    return value
  }
  const box = new BoxedString(viewOf(value).slice(), 'raw')
  db.set(argv[1]!, box, true)
  return box
}

function length(context: CommandContext, argv: Command): Reply {
  return context.db.string(argv[1]!)?.length ?? 0
}

function setRange(context: CommandContext, argv: Command): Reply {
  const offset = clampedInteger(argv[2]!)
  if (offset < 0) return new ReplyError('ERR offset is out of range')
  const bytes = bytesOf(argv[3]!)
  const value = context.db.string(argv[1]!)
  if (bytes.length === 0) return value?.length ?? 0
  if (offset + bytes.length > MAX_STRING_BYTES) return STRING_TOO_LONG
  let box: BoxedString
  if (value === undefined) {
    box = new BoxedString(EMPTY, 'raw')
    context.db.set(argv[1]!, box)
  } else box = boxed(context, argv, value)
  box.write(offset, bytes)
  context.db.afterChange(argv[1]!)
  context.dirty()
  return box.length
}

function getRange(context: CommandContext, argv: Command): Reply {
  let start = clampedInteger(argv[2]!)
  let end = clampedInteger(argv[3]!)
  const value = context.db.string(argv[1]!)
  if (value === undefined) return EMPTY
  const size = value.length
  if (start < 0 && end < 0 && start > end) return EMPTY
  if (start < 0) start = Math.max(0, size + start)
  if (end < 0) end = Math.max(0, size + end)
  if (end >= size) end = size - 1
  return start > end || size === 0 ? EMPTY : replyRange(value, start, end + 1)
}

export const stringCommands: readonly CommandDefinition[] = [
  { name: 'get', arity: 2, flags: 'readonly fast', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: get },
  { name: 'set', arity: -3, flags: 'write denyoom', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: set },
  { name: 'setnx', arity: 3, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: setIfMissing },
  { name: 'setex', arity: 4, flags: 'write denyoom', keys: ONE_KEY, categories: 'string', since: '2.0.0', run: setWithExpiry('EX') },
  { name: 'psetex', arity: 4, flags: 'write denyoom', keys: ONE_KEY, categories: 'string', since: '2.6.0', run: setWithExpiry('PX') },
  { name: 'getset', arity: 3, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: getSet },
  { name: 'getdel', arity: 2, flags: 'write fast', keys: ONE_KEY, categories: 'string', since: '6.2.0', run: getDel },
  { name: 'getex', arity: -2, flags: 'write fast', keys: ONE_KEY, categories: 'string', since: '6.2.0', run: getEx },
  { name: 'mget', arity: -2, flags: 'readonly fast', keys: ALL_KEYS, categories: 'string', since: '1.0.0', run: multiGet },
  { name: 'mset', arity: -3, flags: 'write denyoom', keys: PAIR_KEYS, categories: 'string', since: '1.0.1', run: multiSet },
  { name: 'msetnx', arity: -3, flags: 'write denyoom', keys: PAIR_KEYS, categories: 'string', since: '1.0.1', run: multiSetIfMissing },
  { name: 'append', arity: 3, flags: 'write denyoom fast', keys: ONE_KEY, categories: 'string', since: '2.0.0', run: append },
  { name: 'strlen', arity: 2, flags: 'readonly fast', keys: ONE_KEY, categories: 'string', since: '2.2.0', run: length },
  { name: 'setrange', arity: 4, flags: 'write denyoom', keys: ONE_KEY, categories: 'string', since: '2.2.0', run: setRange },
  { name: 'getrange', arity: 4, flags: 'readonly', keys: ONE_KEY, categories: 'string', since: '2.4.0', run: getRange },
  { name: 'substr', arity: 4, flags: 'readonly', keys: ONE_KEY, categories: 'string', since: '1.0.0', run: getRange },
]
