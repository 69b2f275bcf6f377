import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { NullArray, ReplyError, SimpleString } from '../../../protocol/reply.ts'
import type { CommandContext } from '../command-context.ts'
import { ALL_KEYS } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'

/** MULTI, EXEC and WATCH (multi.c). What is queued, and what refuses to be, is decided in transaction-queue.ts. */

function multi(context: CommandContext): Reply {
  const { session } = context
  if (session.transaction) return new ReplyError('ERR MULTI calls can not be nested')
  session.transaction = []
  return SimpleString.ok
}

function end(context: CommandContext): readonly Command[] {
  const { session } = context
  context.unwatch(session)
  return session.endTransaction()
}

function exec(context: CommandContext): Reply {
  const { session } = context
  if (!session.transaction) return new ReplyError('ERR EXEC without MULTI')
  const broken = session.watchBroken || session.watched.some((watched) => watchedHasExpired(context, watched))
  const dirty = session.dirtyExec
  const queued = end(context)
  if (dirty) return new ReplyError('EXECABORT Transaction discarded because of previous errors.')
  if (broken) return NullArray.value
  return queued.map((argv) => context.call(argv))
}

/** isWatchedKeyExpired: gone over time since it was watched, even if nobody has noticed yet. */
function watchedHasExpired(
  context: CommandContext,
  watched: { readonly database: number; readonly key: string; readonly expired: boolean },
): boolean {
  if (watched.expired) return false
  const database = context.databases[watched.database]!
  const entry = database.keyspace.find(Buffer.from(watched.key, 'latin1'))
  return entry >= 0 && database.isOver(entry)
}

function discard(context: CommandContext): Reply {
  if (!context.session.transaction) return new ReplyError('ERR DISCARD without MULTI')
  end(context)
  return SimpleString.ok
}

function watch(context: CommandContext, argv: Command): Reply {
  if (context.session.transaction) return new ReplyError('ERR WATCH inside MULTI is not allowed')
  context.watch(argv.slice(1))
  return SimpleString.ok
}

function unwatch(context: CommandContext): Reply {
  context.unwatch(context.session)
  return SimpleString.ok
}

const COMMON = { flags: 'noscript loading stale fast allow_busy', categories: 'transaction' } as const

/** Valkey refuses them inside a transaction before they run. */
const NO_MULTI = { flags: 'noscript loading stale fast no_multi allow_busy', categories: 'transaction' } as const

export const transactionCommands: readonly CommandDefinition[] = [
  { name: 'multi', arity: 1, ...COMMON, since: '1.2.0', only: 'redis', run: multi },
  { name: 'multi', arity: 1, ...NO_MULTI, since: '1.2.0', only: 'valkey', run: multi },
  { name: 'exec', arity: 1, flags: 'noscript loading stale skip_slowlog', categories: 'transaction', since: '1.2.0', run: exec },
  { name: 'discard', arity: 1, ...COMMON, since: '2.0.0', run: discard },
  { name: 'watch', arity: -2, ...COMMON, keys: ALL_KEYS, since: '2.2.0', only: 'redis', run: watch },
  { name: 'watch', arity: -2, ...NO_MULTI, keys: ALL_KEYS, since: '2.2.0', only: 'valkey', run: watch },
  { name: 'unwatch', arity: 1, ...COMMON, since: '2.2.0', run: unwatch },
]
