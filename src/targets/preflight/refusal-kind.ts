/**
 * What an error answer says of the endpoint rather than of this one command: none of its kind will do better.
 * "command" and "keys": this user may not; "unknown": the server knows no such command; "memory": there is no room;
 * "size": the value is too large; "state": its role or its state forbids it; "words": the command is not taken as it is
 * written.
 */
export type RefusalKind = 'command' | 'keys' | 'unknown' | 'memory' | 'size' | 'state' | 'words'

/** Error codes that tell of the endpoint's role or state, and nothing of how it carries out a command. */
const STATES: ReadonlySet<string> = new Set([
  'MISCONF',
  'LOADING',
  'BUSY',
  'MASTERDOWN',
  'CLUSTERDOWN',
  'MOVED',
  'ASK',
  'TRYAGAIN',
  'CROSSSLOT',
  'READONLY',
  'NOREPLICAS',
  'NOAUTH',
])

/** How Redis passes on what keeps EXEC itself from being carried out (`execCommandAbort` in multi.c). */
const PASSED_ON = 'EXECABORT Transaction discarded because of: '

/** The kind of refusal that a server's error is; undefined for an error that may be about this one time only. */
export function refusalKind(text: string): RefusalKind | undefined {
  const said = withoutPassedOn(text)
  const code = said.split(' ', 1)[0]!
  if (STATES.has(code)) return 'state'
  switch (code) {
    case 'NOPERM':
      // "... to run the 'get' command" before "... to access one of the keys used as arguments".
      return /\bkeys?\b/.test(said) && !/\bcommand\b/.test(said) ? 'keys' : 'command'
    case 'OOM':
      return 'memory'
    case 'SERVER_ERROR':
      return /out of memory/.test(said) ? 'memory' : /too large/.test(said) ? 'size' : undefined
    case 'ERR':
      if (/^ERR unknown (?:sub)?command/i.test(said)) return 'unknown'
      return /invalid bulk length|exceeds maximum allowed size/.test(said) ? 'size' : 'words'
    case 'ERROR':
    case 'CLIENT_ERROR':
      return 'words'
    default:
      return undefined
  }
}

/** The error itself, where EXEC only passes it on. */
export function withoutPassedOn(text: string): string {
  return text.startsWith(PASSED_ON) ? text.slice(PASSED_ON.length) : text
}
