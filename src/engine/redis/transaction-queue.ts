import type { Command } from '../../protocol/command.ts'
import { ReplyError, SimpleString } from '../../protocol/reply.ts'
import type { CommandSpec } from './command-spec.ts'
import type { RedisProfile } from './profiles.ts'
import type { Session } from './session.ts'
import { isNamed, keptCommand } from './words.ts'

const QUEUED = new SimpleString('QUEUED')
const AT_ONCE = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset'])
/** What ends a transaction or a connection is never refused for want of memory. */
const ALWAYS = new Set(['discard', 'quit', 'reset'])

/** A command that no transaction may hold, in words (processCommand in server.c); it spoils the open one. */
export function refusedInTransaction(session: Session, spec: CommandSpec, profile: RedisProfile): ReplyError | undefined {
  if (!spec.flags.has('no_multi')) return undefined
  session.dirtyExec = true
  return new ReplyError(
    profile.noMultiText === 'named' ? `ERR Command '${spec.name}' not allowed inside a transaction` : 'ERR Command not allowed inside a transaction',
  )
}

/**
 * Whether a command is refused when memory is full: one that may use some, an EXEC of which one may, and until
 * Redis 7.2 whatever would be queued (dropped by https://github.com/redis/redis/pull/12961).
 */
export function needsMemory(session: Session, spec: CommandSpec, profile: RedisProfile): boolean {
  if (spec.denyOom) return true
  if (!session.transaction) return false
  return spec.name === 'exec' ? session.queuedDenyOom : !profile.queuesWhenFull && !ALWAYS.has(spec.name)
}

/** QUEUED, or undefined when the command is to run at once. */
export function queueInTransaction(session: Session, spec: CommandSpec, argv: Command): SimpleString | undefined {
  if (!session.transaction || AT_ONCE.has(spec.name)) return undefined
  session.transaction.push(keptCommand(argv))
  session.queuedDenyOom ||= spec.denyOom
  return QUEUED
}

/** rejectCommand in server.c: a refused command spoils an open transaction, a refused EXEC ends it. */
export function refuse(session: Session, argv: Command, error: ReplyError): ReplyError {
  if (!isNamed(argv[0]!, 'exec')) {
    if (session.transaction) session.dirtyExec = true
    return error
  }
  session.endTransaction()
  // The shared errors are quoted with their code, those made for the occasion have none to quote.
  const reason = error.code === 'ERR' ? error.text.slice(error.code.length + 1) : error.text
  return new ReplyError(`EXECABORT Transaction discarded because of: ${reason}`)
}
