import { KEY_PREFIX } from '../own-prefix.ts'

/** What a user of Redis or Valkey lacks. */
export interface Lacking {
  readonly user: string
  /** Names as of commands: "GET", "CLIENT SETNAME". */
  readonly commands: Iterable<string>
  /** Whether keys under our prefix are to be allowed, too. To a user who may touch all keys no pattern can be added: the server refuses the whole line. */
  readonly keys: boolean
}

/** The line that gives it to them, as one types it into redis-cli: only additions, so nothing is taken from the user. */
export function aclAdditions({ user, commands, keys }: Lacking): string {
  const rules = [...new Set([...commands].map((name) => `+${name.toLowerCase().replace(' ', '|')}`))]
  return ['ACL', 'SETUSER', quoted(user), ...(keys ? [`~${KEY_PREFIX}*`] : []), ...rules].join(' ')
}

/** As redis-cli reads words (`sdssplitargs` in sds.c). */
function quoted(word: string): string {
  return /^[\w.:@/+-]+$/.test(word) ? word : JSON.stringify(word)
}
