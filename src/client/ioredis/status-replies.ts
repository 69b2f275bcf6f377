import type { Command, Word } from '../../protocol/command.ts'

/**
 * ioredis hands out a status (`+OK`) and a bulk string (`$2 OK`) alike, so what the server sent is told by the
 * command: these answer with a status unless they answer with an error or null. Source: the `reply_schema` and
 * "RESP2 reply" of the command pages.
 */
const ALWAYS = new Set(
  'ASKING AUTH DISCARD FLUSHALL FLUSHDB HMSET LSET LTRIM MIGRATE MSET MULTI PFMERGE PSETEX QUIT READONLY READWRITE RENAME RESET RESTORE SAVE SELECT SETEX SWAPDB TYPE UNWATCH WATCH'.split(
    ' ',
  ),
)

const SUBCOMMANDS = new Set(
  (
    'ACL LOAD,ACL SAVE,ACL SETUSER,CLIENT NO-EVICT,CLIENT NO-TOUCH,CLIENT PAUSE,CLIENT SETINFO,CLIENT SETNAME,CLIENT TRACKING,CLIENT UNPAUSE,' +
    'CONFIG RESETSTAT,CONFIG REWRITE,CONFIG SET,FUNCTION DELETE,FUNCTION FLUSH,FUNCTION RESTORE,MEMORY PURGE,SCRIPT FLUSH,SCRIPT KILL,SLOWLOG RESET,XGROUP CREATE,XGROUP SETID'
  ).split(','),
)

/** Does this command answer with a status where it answers with a string? */
export function answersWithStatus(command: Command): boolean {
  const name = upper(command[0]!)
  if (ALWAYS.has(name)) return true
  if (name === 'SET') return !command.slice(3).some((word) => word.length === 3 && upper(word) === 'GET')
  if (name === 'PING') return command.length === 1
  if (name === 'BGSAVE' || name === 'BGREWRITEAOF') return true
  return command.length > 1 && SUBCOMMANDS.has(`${name} ${upper(command[1]!)}`)
}

function upper(word: Word): string {
  return (typeof word === 'string' ? word : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')).toUpperCase()
}
