import type { Command } from '../../protocol/command.ts'
import { ReplyError, SimpleString } from '../../protocol/reply.ts'
import type { CommandSpec } from './command-spec.ts'
import type { RedisProfile } from './profiles.ts'
import type { Session } from './session.ts'
import { keptCommand, latin1Of } from './words.ts'

const QUEUED = new SimpleString('QUEUED')
const AT_ONCE = new Set(['exec', 'discard', 'multi', 'watch', 'quit', 'reset'])

/**
 * What becomes of a command while its session has a transaction open: QUEUED, a refusal, or undefined when it is
 * to run at once (processCommand in server.c).
 */
export function queueInTransaction(session: Session, spec: CommandSpec, argv: Command, profile: RedisProfile): SimpleString | ReplyError | undefined {
  if (!session.transaction) return undefined
  if (spec.flags.has('no_multi')) {
    session.spoiled = true
    return new ReplyError(
      profile.noMultiText === 'named'
        ? `ERR Command '${spec.name}' not allowed inside a transaction`
        : 'ERR Command not allowed inside a transaction',
    )
  }
  if (AT_ONCE.has(spec.name)) return undefined
  session.transaction.push(keptCommand(argv))
  return QUEUED
}

/** rejectCommand in server.c: a refused command spoils an open transaction, a refused EXEC ends it. */
export function refuse(session: Session, argv: Command, error: ReplyError): ReplyError {
  if (latin1Of(argv[0]!).toLowerCase() !== 'exec') {
    if (session.transaction) session.spoiled = true
    return error
  }
  session.transaction = undefined
  session.spoiled = false
  return new ReplyError(`EXECABORT Transaction discarded because of: ${error.text.slice(error.code.length + 1)}`)
}
