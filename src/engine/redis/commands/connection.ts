import type { Command, Word } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { MapReply, ReplyError, SimpleString } from '../../../protocol/reply.ts'
import { ranged } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { wrongArity } from '../command-errors.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { DB_OUT_OF_RANGE, SYNTAX_ERROR } from '../error-texts.ts'
import { parseInt64 } from '../numbers/integer.ts'
import { bytesOf, bytesOfLatin1, latin1Of, ownBytes, shownOf, upperOf } from '../words.ts'

/** The connection itself (networking.c). There is one user, `default`, with a password if one was set. */

const PONG = new SimpleString('PONG')
/** `options`: as HELLO is shown there. The version was named since 7.2 (redis pull request 11809). */
const helloNoAuth = (options: string) =>
  new ReplyError(
    `NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO ${options} option can be used to authenticate the client and select the RESP protocol version at the same time`,
  )
const HELLO_NO_AUTH = { unversioned: helloNoAuth('AUTH <user> <pass>'), versioned: helloNoAuth('<proto> AUTH <user> <pass>') }
const WRONG_PASS = new ReplyError('WRONGPASS invalid username-password pair or user is disabled.')

function ping(_context: CommandContext, argv: Command): Reply {
  if (argv.length > 2) return wrongArity('ping')
  return argv.length === 2 ? ownBytes(argv[1]!) : PONG
}

/** Any password will do for a user that needs none. */
function enters({ session, settings }: CommandContext, user: Word, password: Word): boolean {
  if (latin1Of(user) !== 'default') return false
  if (settings.password !== '' && latin1Of(password) !== settings.password) return false
  session.authenticated = true
  return true
}

function auth(context: CommandContext, argv: Command): Reply {
  if (argv.length > 3) return SYNTAX_ERROR
  if (argv.length === 2 && context.settings.password === '') {
    return new ReplyError(
      'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
    )
  }
  const user = argv.length === 2 ? 'default' : argv[1]!
  return enters(context, user, argv.at(-1)!) ? SimpleString.ok : WRONG_PASS
}

/** validateClientName: printable, no blanks. */
function isName(word: Word): boolean {
  return bytesOf(word).every((byte) => byte >= 33 && byte <= 126)
}

function hello(context: CommandContext, argv: Command): Reply {
  const { session, profile } = context
  let protocol: 2 | 3 = session.protocol
  if (argv.length > 1) {
    const asked = parseInt64(argv[1]!)
    if (asked === undefined) return new ReplyError('ERR Protocol version is not an integer or out of range')
    if (asked !== 2 && asked !== 3) return new ReplyError('NOPROTO unsupported protocol version')
    protocol = asked
  }
  let newName: string | undefined
  for (let i = 2; i < argv.length; i++) {
    const option = upperOf(argv[i]!)
    const left = argv.length - 1 - i
    if (option === 'AUTH' && left >= 2) {
      if (!enters(context, argv[i + 1]!, argv[i + 2]!)) return WRONG_PASS
      i += 2
    } else if (option === 'SETNAME' && left >= 1) {
      const name = argv[++i]!
      if (!isName(name)) return new ReplyError('ERR Client names cannot contain spaces, newlines or special characters.')
      if (profile.helloSetsName === 'at once') session.name = latin1Of(name)
      else newName = latin1Of(name)
    } else return new ReplyError(`ERR Syntax error in HELLO option '${shownOf(argv[i]!, 128)}'`)
  }
  if (!session.authenticated && context.settings.password !== '')
    return HELLO_NO_AUTH[profile.level[0] > 7 || profile.level[1] >= 2 ? 'versioned' : 'unversioned']
  session.protocol = protocol
  if (newName !== undefined) session.name = newName
  const text = bytesOfLatin1
  return new MapReply([
    text('server'),
    text(profile.engine),
    text('version'),
    text(profile.version),
    text('proto'),
    protocol,
    text('id'),
    session.clientId,
    text('mode'),
    text('standalone'),
    text('role'),
    text('master'),
    text('modules'),
    [],
  ])
}

function select(context: CommandContext, argv: Command): Reply {
  const index = ranged(argv[1]!, -2147483648n, 2147483647n)
  if (!context.databases[index]) return DB_OUT_OF_RANGE
  context.session.database = index
  return SimpleString.ok
}

function reset(context: CommandContext): Reply {
  const { session } = context
  context.unwatch(session)
  session.endTransaction()
  session.database = 0
  session.protocol = 2
  session.name = ''
  session.authenticated = context.settings.password === ''
  return new SimpleString('RESET')
}

function quit(context: CommandContext): Reply {
  context.closeAfterReply()
  return SimpleString.ok
}

function setName(context: CommandContext, argv: Command): Reply {
  if (!isName(argv[2]!)) return new ReplyError('ERR Client names cannot contain spaces, newlines or special characters.')
  context.session.name = latin1Of(argv[2]!)
  return SimpleString.ok
}

function setInfo(context: CommandContext, argv: Command): Reply {
  const option = upperOf(argv[2]!)
  if (option !== 'LIB-NAME' && option !== 'LIB-VER') return new ReplyError(`ERR Unrecognized option '${shownOf(argv[2]!, 128)}'`)
  if (!isName(argv[3]!)) return new ReplyError(`ERR ${shownOf(argv[2]!, 128)} cannot contain spaces, newlines or special characters.`)
  if (option === 'LIB-NAME') context.session.libName = latin1Of(argv[3]!)
  else context.session.libVersion = latin1Of(argv[3]!)
  return SimpleString.ok
}

/** Switches that change nothing here: no client is evicted for its buffers, and every access counts for LRU. */
function onOff(_context: CommandContext, argv: Command): Reply {
  const value = upperOf(argv[2]!)
  return value === 'ON' || value === 'OFF' ? SimpleString.ok : SYNTAX_ERROR
}

const COMMON = { flags: 'noscript loading stale', categories: 'connection' } as const
const FREE = { flags: 'noscript loading stale fast no_auth allow_busy', categories: 'connection' } as const

export const connectionCommands: readonly CommandDefinition[] = [
  { name: 'ping', arity: -1, flags: 'fast', categories: 'connection', since: '1.0.0', run: ping },
  { name: 'echo', arity: 2, flags: 'loading stale fast', categories: 'connection', since: '1.0.0', run: (_c, argv) => ownBytes(argv[1]!) },
  { name: 'hello', arity: -1, ...FREE, since: '6.0.0', run: hello },
  { name: 'select', arity: 2, flags: 'loading stale fast', categories: 'connection', since: '1.0.0', run: select },
  { name: 'auth', arity: -2, ...FREE, since: '1.0.0', run: auth },
  { name: 'reset', arity: 1, ...FREE, since: '6.2.0', run: reset },
  { name: 'quit', arity: -1, ...FREE, since: '1.0.0', run: quit },
  { name: 'client', arity: -2, flags: '', categories: '', since: '2.4.0', reach: 'connection', container: true },
  { name: 'client|id', arity: 2, ...COMMON, since: '5.0.0', run: (c) => c.session.clientId },
  { name: 'client|getname', arity: 2, ...COMMON, since: '2.6.9', run: (c) => (c.session.name === '' ? null : bytesOfLatin1(c.session.name)) },
  { name: 'client|setname', arity: 3, ...COMMON, since: '2.6.9', run: setName },
  { name: 'client|setinfo', arity: 4, ...COMMON, since: '7.2.0', run: setInfo },
  { name: 'client|no-evict', arity: 3, flags: 'admin noscript loading stale', categories: 'connection', since: '7.0.0', run: onOff },
  { name: 'client|no-touch', arity: 3, ...COMMON, since: '7.2.0', run: onOff },
]
