import { ReplyError } from '../../protocol/reply.ts'

/** The shared error replies (shared objects in server.c, and texts used by more than one family). */
export const WRONG_TYPE = new ReplyError('WRONGTYPE Operation against a key holding the wrong kind of value')
export const SYNTAX_ERROR = new ReplyError('ERR syntax error')
export const NOT_AN_INTEGER = new ReplyError('ERR value is not an integer or out of range')
export const NOT_A_FLOAT = new ReplyError('ERR value is not a valid float')
export const OUT_OF_RANGE = new ReplyError('ERR value is out of range')
export const MUST_BE_POSITIVE = new ReplyError('ERR value is out of range, must be positive')
export const NO_SUCH_KEY = new ReplyError('ERR no such key')
export const SAME_OBJECT = new ReplyError('ERR source and destination objects are the same')
export const DB_OUT_OF_RANGE = new ReplyError('ERR DB index is out of range')
export const INVALID_CURSOR = new ReplyError('ERR invalid cursor')
export const MIN_MAX_NOT_FLOAT = new ReplyError('ERR min or max is not a float')
export const MIN_MAX_NOT_STRING = new ReplyError('ERR min or max not valid string range item')
export const SCORE_NAN = new ReplyError('ERR resulting score is not a number (NaN)')
export const OUT_OF_MEMORY = new ReplyError("OOM command not allowed when used memory > 'maxmemory'.")
export const NO_AUTH = new ReplyError('NOAUTH Authentication required.')
export const STRING_TOO_LONG = new ReplyError('ERR string exceeds maximum allowed size (proto-max-bulk-len)')
export const OVERFLOW = new ReplyError('ERR increment or decrement would overflow')

export function invalidExpire(command: string): ReplyError {
  return new ReplyError(`ERR invalid expire time in '${command}' command`)
}

/** For a mistake of this engine's own, which no server makes. */
export function internalError(thrown: unknown): ReplyError {
  return new ReplyError(`ERR internal error: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
}
