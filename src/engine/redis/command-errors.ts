import { ReplyError } from '../../protocol/reply.ts'

/** `name` as the table has it: "get", "config|get". */
export function wrongArity(name: string): ReplyError {
  return new ReplyError(`ERR wrong number of arguments for '${name}' command`)
}
