import type { Command } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { CacheResult } from './cache.ts'

/**
 * How a `Cache` sends a command: the recorder implements it, so that every command is a row of the history with
 * its function, key, outcome, status and error.
 *
 * `fn` names the cache's function ("get", "setScores", ...). `read` turns an answer into a value and an outcome
 * word: "hit", "miss", "stored", "present", "deleted", "absent", "ok". It never sees a `ReplyError`: that becomes a
 * `ServerRefusal` (outcome.ts), and a failure of the client stays one. It throws an `UnexpectedReply` at what answers no
 * such command, which becomes the failure of this call.
 */
export type CacheCall = <T>(fn: string, keyId: number, command: Command, read: (reply: Reply) => CallReading<T>) => Promise<CacheResult<T>>

export interface CallReading<T> {
  readonly value: T
  readonly outcome: string
}
