import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { ReplyError, SimpleString } from '../../../protocol/reply.ts'
import { ranged } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { ALL_KEYS, ONE_KEY, SUB_KEY, TWO_KEYS } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { typeNameOf } from '../database.ts'
import { DB_OUT_OF_RANGE, NO_SUCH_KEY, SAME_OBJECT, SYNTAX_ERROR } from '../error-texts.ts'
import { globMatches } from '../glob.ts'
import { NEVER } from '../keyspace.ts'
import { parseInt64 } from '../numbers/integer.ts'
import { scanCursor, scanOptions, scanReply } from '../scan.ts'
import { HashValue } from '../values/hash-value.ts'
import { SortedSet } from '../values/sorted-set.ts'
import type { StringValue } from '../values/string-value.ts'
import { BoxedString, stringEncoding } from '../values/string-value.ts'
import { bytesOf, bytesOfLatin1, equalBytes, latin1Of, requireTexts, upperOf } from '../words.ts'

/** The keyspace as such (db.c, object.c). */

function remove(context: CommandContext, argv: Command): Reply {
  let removed = 0
  for (let i = 1; i < argv.length; i++) if (context.db.remove(argv[i]!)) removed++
  if (removed > 0) context.dirty()
  return removed
}

function exists(context: CommandContext, argv: Command): Reply {
  let found = 0
  for (let i = 1; i < argv.length; i++) if (context.db.find(argv[i]!) >= 0) found++
  return found
}

function touch(context: CommandContext, argv: Command): Reply {
  let found = 0
  for (let i = 1; i < argv.length; i++) if (context.db.get(argv[i]!) !== undefined) found++
  return found
}

const NONE = new SimpleString('none')
const TYPE_NAMES = { string: new SimpleString('string'), hash: new SimpleString('hash'), zset: new SimpleString('zset') }

function type(context: CommandContext, argv: Command): Reply {
  const entry = context.db.find(argv[1]!)
  return entry < 0 ? NONE : TYPE_NAMES[typeNameOf(context.db.keyspace.valueAt(entry))]
}

function rename(onlyIfMissing: boolean) {
  return (context: CommandContext, argv: Command): Reply => {
    requireTexts(argv, 1, 1)
    const { db } = context
    const [, from, to] = argv as [unknown, Command[number], Command[number]]
    const source = db.find(from)
    if (source < 0) return NO_SUCH_KEY
    if (equalBytes(bytesOf(from), bytesOf(to))) return onlyIfMissing ? 0 : SimpleString.ok
    if (onlyIfMissing && db.find(to) >= 0) return 0
    const entry = db.find(from)
    const value = db.keyspace.valueAt(entry)
    const expiry = db.keyspace.expiryAt(entry)
    db.touch(entry)
    const used = db.keyspace.clockAt(entry)
    db.removeEntry(entry)
    const target = db.set(to, value)
    // It is the same value under another name, and not one use more of what had that name.
    db.keyspace.setClock(target, used)
    if (expiry !== NEVER) db.setExpiry(target, expiry)
    context.dirty()
    return onlyIfMissing ? 1 : SimpleString.ok
  }
}

const INT_MIN = -2147483648n
const INT_MAX = 2147483647n

function databaseOf(context: CommandContext, word: Command[number]) {
  const found = context.databases[ranged(word, INT_MIN, INT_MAX)]
  if (!found) throw DB_OUT_OF_RANGE
  return found
}

function copyOf(context: CommandContext, value: unknown): unknown {
  if (value instanceof HashValue) return value.copy()
  if (value instanceof SortedSet) return value.copy(context.profile.limits)
  return value instanceof BoxedString ? new BoxedString(value.view.slice(), value.encoding) : value
}

function copy(context: CommandContext, argv: Command): Reply {
  let target = context.db
  let replace = false
  for (let i = 3; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    if (option === 'REPLACE') replace = true
    else if (option === 'DB' && i + 1 < argv.length) target = databaseOf(context, argv[++i]!)
    else return SYNTAX_ERROR
  }
  if (target === context.db && equalBytes(bytesOf(argv[1]!), bytesOf(argv[2]!))) return SAME_OBJECT
  const source = context.db.find(argv[1]!)
  if (source < 0) return 0
  const value = context.db.keyspace.valueAt(source)
  const expiry = context.db.keyspace.expiryAt(source)
  if (target.find(argv[2]!) >= 0 && !replace) return 0
  const entry = target.set(argv[2]!, copyOf(context, value))
  if (expiry !== NEVER) target.setExpiry(entry, expiry)
  context.dirty()
  return 1
}

function move(context: CommandContext, argv: Command): Reply {
  const target = databaseOf(context, argv[2]!)
  if (target === context.db) return SAME_OBJECT
  const source = context.db.find(argv[1]!)
  if (source < 0 || target.find(argv[1]!) >= 0) return 0
  const value = context.db.keyspace.valueAt(source)
  const expiry = context.db.keyspace.expiryAt(source)
  context.db.removeEntry(source)
  const entry = target.set(argv[1]!, value)
  if (expiry !== NEVER) target.setExpiry(entry, expiry)
  context.dirty()
  return 1
}

/** Keys whose time is over are passed over, and left for the expiry cycle: deleting would upset the walk. */
function keys(context: CommandContext, argv: Command): Reply {
  const { db } = context
  const pattern = latin1Of(argv[1]!)
  const found: Reply[] = []
  db.keyspace.scan(0, db.keyspace.size, (entry) => {
    const key = db.keyspace.keyAt(entry)
    if (!db.isOver(entry) && (pattern === '*' || globMatches(pattern, key))) found.push(bytesOfLatin1(key))
  })
  return found
}

function scan(context: CommandContext, argv: Command): Reply {
  const cursor = scanCursor(context, argv[1]!)
  const options = scanOptions(context, argv, 2, 'scan')
  const { db } = context
  const found: Reply[] = []
  const next = db.keyspace.scan(cursor, options.count, (entry) => {
    const key = db.keyspace.keyAt(entry)
    if (db.isOver(entry)) return
    if (options.pattern !== undefined && !globMatches(options.pattern, key)) return
    if (options.type !== undefined && typeNameOf(db.keyspace.valueAt(entry)) !== options.type) return
    found.push(bytesOfLatin1(key))
  })
  return scanReply(next, found)
}

/** Draws again for a key whose time is over, but not for ever. */
function randomKey(context: CommandContext): Reply {
  const { db } = context
  for (let i = 0; i < 100; i++) {
    const entry = db.keyspace.sample(context.random())
    if (entry < 0) return null
    if (!db.isOver(entry)) return bytesOfLatin1(db.keyspace.keyAt(entry))
  }
  return null
}

function encodingOf(value: unknown): string {
  if (value instanceof HashValue || value instanceof SortedSet) return value.encoding
  return stringEncoding(value as StringValue)
}

function object(answer: (context: CommandContext, entry: number) => Reply) {
  return (context: CommandContext, argv: Command): Reply => {
    const entry = context.db.find(argv[2]!)
    return entry < 0 ? null : answer(context, entry)
  }
}

const SHARED_INTEGERS = 10_000
/** Integers below 10,000 are shared objects, whose count is INT_MAX. */
function referencesOf(value: unknown): number {
  if (!(value instanceof Uint8Array)) return 1
  const number = parseInt64(value)
  return typeof number === 'number' && number >= 0 && number < SHARED_INTEGERS ? Number(INT_MAX) : 1
}

const TAKES_TIME = 'Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.'
const NO_LFU = new ReplyError(`ERR An LFU maxmemory policy is not selected, access frequency not tracked. ${TAKES_TIME}`)
const NO_LRU = new ReplyError(`ERR An LFU maxmemory policy is selected, idle time not tracked. ${TAKES_TIME}`)

function idleSeconds({ db: { clock, keyspace } }: CommandContext, entry: number): Reply {
  return clock.frequency.isKept ? NO_LRU : Math.floor(((clock.access - keyspace.clockAt(entry)) >>> 0) / 1000)
}

function frequencyOf({ db: { clock, keyspace } }: CommandContext, entry: number): Reply {
  return clock.frequency.isKept ? clock.frequency.countOf(keyspace.clockAt(entry)) : NO_LFU
}

const KEYSPACE = 'keyspace'
const RANDOM = 'nondeterministic_output'

export const keyCommands: readonly CommandDefinition[] = [
  { name: 'del', arity: -2, flags: 'write', keys: ALL_KEYS, categories: KEYSPACE, since: '1.0.0', run: remove },
  { name: 'unlink', arity: -2, flags: 'write fast', keys: ALL_KEYS, categories: KEYSPACE, since: '4.0.0', run: remove },
  { name: 'exists', arity: -2, flags: 'readonly fast', keys: ALL_KEYS, categories: KEYSPACE, since: '1.0.0', run: exists },
  { name: 'touch', arity: -2, flags: 'readonly fast', keys: ALL_KEYS, categories: KEYSPACE, since: '3.2.1', run: touch },
  { name: 'type', arity: 2, flags: 'readonly fast', keys: ONE_KEY, categories: KEYSPACE, since: '1.0.0', run: type },
  { name: 'rename', arity: 3, flags: 'write', keys: TWO_KEYS, categories: KEYSPACE, since: '1.0.0', run: rename(false) },
  { name: 'renamenx', arity: 3, flags: 'write fast', keys: TWO_KEYS, categories: KEYSPACE, since: '1.0.0', run: rename(true) },
  { name: 'copy', arity: -3, flags: 'write denyoom', keys: TWO_KEYS, categories: KEYSPACE, since: '6.2.0', run: copy },
  { name: 'move', arity: 3, flags: 'write fast', keys: ONE_KEY, categories: KEYSPACE, since: '1.0.0', run: move },
  {
    name: 'keys',
    arity: 2,
    flags: 'readonly',
    categories: 'keyspace dangerous',
    since: '1.0.0',
    reach: 'server',
    tips: 'nondeterministic_output_order',
    run: keys,
  },
  { name: 'scan', arity: -2, flags: 'readonly', categories: KEYSPACE, since: '2.8.0', reach: 'server', tips: RANDOM, run: scan },
  { name: 'randomkey', arity: 1, flags: 'readonly', categories: KEYSPACE, since: '1.0.0', reach: 'server', tips: RANDOM, run: randomKey },
  { name: 'object', arity: -2, flags: '', categories: '', since: '2.2.3', reach: 'own keys', container: true },
  {
    name: 'object|encoding',
    arity: 3,
    flags: 'readonly',
    keys: SUB_KEY,
    categories: KEYSPACE,
    since: '2.2.3',
    tips: RANDOM,
    run: object((c, entry) => bytesOfLatin1(encodingOf(c.db.keyspace.valueAt(entry)))),
  },
  {
    name: 'object|refcount',
    arity: 3,
    flags: 'readonly',
    keys: SUB_KEY,
    categories: KEYSPACE,
    since: '2.2.3',
    tips: RANDOM,
    run: object((c, entry) => referencesOf(c.db.keyspace.valueAt(entry))),
  },
  {
    name: 'object|idletime',
    arity: 3,
    flags: 'readonly',
    keys: SUB_KEY,
    categories: KEYSPACE,
    since: '2.2.3',
    tips: RANDOM,
    run: object(idleSeconds),
  },
  { name: 'object|freq', arity: 3, flags: 'readonly', keys: SUB_KEY, categories: KEYSPACE, since: '4.0.0', tips: RANDOM, run: object(frequencyOf) },
]
