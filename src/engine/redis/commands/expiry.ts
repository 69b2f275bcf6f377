import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { ReplyError } from '../../../protocol/reply.ts'
import { integer } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { ONE_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { invalidExpire } from '../error-texts.ts'
import { NEVER } from '../keyspace.ts'
import { INT64_MAX, INT64_MIN } from '../numbers/integer.ts'
import { shownOf, upperOf } from '../words.ts'

/** Times to live (expire.c). */

interface ExpireFlags {
  readonly nx: boolean
  readonly xx: boolean
  readonly gt: boolean
  readonly lt: boolean
}

/** parseExtendedExpireArgumentsOrReply. */
function parseFlags(argv: Command): ExpireFlags {
  let nx = false
  let xx = false
  let gt = false
  let lt = false
  for (let i = 3; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    if (option === 'NX') nx = true
    else if (option === 'XX') xx = true
    else if (option === 'GT') gt = true
    else if (option === 'LT') lt = true
    else throw new ReplyError(`ERR Unsupported option ${shownOf(argv[i]!, Number.POSITIVE_INFINITY)}`)
  }
  if (nx && (xx || gt || lt)) throw new ReplyError('ERR NX and XX, GT or LT options at the same time are not compatible')
  if (gt && lt) throw new ReplyError('ERR GT and LT options at the same time are not compatible')
  return { nx, xx, gt, lt }
}

/** expireGenericCommand. Syntax comes first, the key later; a time in the past deletes and counts as done. */
function expire(unit: 'seconds' | 'millis', base: 'now' | 'epoch') {
  return (context: CommandContext, argv: Command): Reply => {
    const flags = parseFlags(argv)
    let amount = BigInt(integer(argv[2]!))
    if (unit === 'seconds') {
      if (amount > INT64_MAX / 1000n || amount < INT64_MIN / 1000n) return invalidExpire(context.commandName)
      amount *= 1000n
    }
    if (base === 'now') {
      if (amount > INT64_MAX - BigInt(context.nowMillis)) return invalidExpire(context.commandName)
      amount += BigInt(context.nowMillis)
    }
    const when = Number(amount)
    const { db } = context
    const key = argv[1]!
    const entry = db.find(key)
    if (entry < 0) return 0
    const current = db.keyspace.expiryAt(entry)
    // No time to live is an infinite one.
    if (flags.nx && current !== NEVER) return 0
    if (flags.xx && current === NEVER) return 0
    if (flags.gt && when <= current) return 0
    if (flags.lt && when >= current) return 0
    db.touch(entry)
    if (when <= context.nowMillis) {
      db.removeEntry(entry)
      context.rewrite([context.profile.expiredAs, key])
    } else {
      db.setExpiry(entry, when)
      context.rewrite(['PEXPIREAT', key, String(amount), ...argv.slice(3)])
    }
    context.dirty()
    return 1
  }
}

const NO_KEY = -2
const NO_EXPIRY = -1

/** ttlGenericCommand: seconds are rounded to the nearest. */
function timeLeft(unit: 'seconds' | 'millis', kind: 'left' | 'absolute') {
  return (context: CommandContext, argv: Command): Reply => {
    const { db } = context
    const entry = db.find(argv[1]!)
    if (entry < 0) return NO_KEY
    const when = db.keyspace.expiryAt(entry)
    if (when === NEVER) return NO_EXPIRY
    const millis = kind === 'absolute' ? when : Math.max(0, when - context.nowMillis)
    const value = unit === 'millis' ? millis : Math.floor((millis + 500) / 1000)
    return Number.isSafeInteger(value) ? value : BigInt(value)
  }
}

function persist(context: CommandContext, argv: Command): Reply {
  const { db } = context
  const entry = db.find(argv[1]!)
  if (entry < 0 || db.keyspace.expiryAt(entry) === NEVER) return 0
  db.setExpiry(entry, NEVER)
  context.dirty()
  return 1
}

const WRITE = { flags: 'write fast', keys: ONE_KEY, categories: 'keyspace' } as const
const READ = { flags: 'readonly fast', keys: ONE_KEY, categories: 'keyspace' } as const

export const expiryCommands: readonly CommandDefinition[] = [
  { name: 'expire', arity: -3, ...WRITE, since: '1.0.0', run: expire('seconds', 'now') },
  { name: 'pexpire', arity: -3, ...WRITE, since: '2.6.0', run: expire('millis', 'now') },
  { name: 'expireat', arity: -3, ...WRITE, since: '1.2.0', run: expire('seconds', 'epoch') },
  { name: 'pexpireat', arity: -3, ...WRITE, since: '2.6.0', run: expire('millis', 'epoch') },
  { name: 'ttl', arity: 2, ...READ, since: '1.0.0', tips: 'nondeterministic_output', run: timeLeft('seconds', 'left') },
  { name: 'pttl', arity: 2, ...READ, since: '2.6.0', tips: 'nondeterministic_output', run: timeLeft('millis', 'left') },
  { name: 'expiretime', arity: 2, ...READ, since: '7.0.0', run: timeLeft('seconds', 'absolute') },
  { name: 'pexpiretime', arity: 2, ...READ, since: '7.0.0', run: timeLeft('millis', 'absolute') },
  { name: 'persist', arity: 2, ...WRITE, since: '2.2.0', run: persist },
]
