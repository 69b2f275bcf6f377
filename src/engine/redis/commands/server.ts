import type { Command } from '../../../protocol/command.ts'
import type { Reply } from '../../../protocol/reply.ts'
import { MapReply, ReplyError, SetReply, SimpleString, VerbatimReply } from '../../../protocol/reply.ts'
import { integer } from '../arguments.ts'
import type { CommandContext } from '../command-context.ts'
import { wrongArity } from '../command-errors.ts'
import type { CommandFacts } from '../command-facts.ts'
import { keysOf, SUB_KEY } from '../command-facts.ts'
import type { CommandDefinition } from '../command-spec.ts'
import { SYNTAX_ERROR } from '../error-texts.ts'
import { globMatches } from '../glob.ts'
import { infoText } from '../info.ts'
import { ENTRY_BYTES } from '../keyspace.ts'
import { parameters } from '../parameters.ts'
import { bytesOfLatin1, latin1Of, ownBytes, shownOf, upperOf } from '../words.ts'

/** The server as a whole (server.c, config.c). */

function flush(everything: boolean) {
  return (context: CommandContext, argv: Command): Reply => {
    const mode = argv.length === 2 ? upperOf(argv[1]!) : 'SYNC'
    if (argv.length > 2 || (mode !== 'SYNC' && mode !== 'ASYNC')) return SYNTAX_ERROR
    if (everything) for (const database of context.databases) database.clear()
    else context.db.clear()
    context.dirty()
    return SimpleString.ok
  }
}

function time(context: CommandContext): Reply {
  const micros = Math.floor(context.nowMicros)
  return [bytesOfLatin1(String(Math.floor(micros / 1e6))), bytesOfLatin1(String(micros % 1e6))]
}

function info(context: CommandContext, argv: Command): Reply {
  return new VerbatimReply(
    'txt',
    Buffer.from(
      infoText(
        context,
        argv.slice(1).map((word) => latin1Of(word).toLowerCase()),
      ),
    ),
  )
}

function configGet(context: CommandContext, argv: Command): Reply {
  const flat: Reply[] = []
  for (const [name, parameter] of Object.entries(parameters)) {
    if (argv.slice(2).some((pattern) => globMatches(latin1Of(pattern).toLowerCase(), name)))
      flat.push(bytesOfLatin1(name), bytesOfLatin1(parameter.get(context.settings)))
  }
  return new MapReply(flat)
}

/** All or nothing: every value is judged before the first is set. */
function configSet(context: CommandContext, argv: Command): Reply {
  if (argv.length % 2 === 1) return wrongArity('config|set')
  const changes: (() => void)[] = []
  const seen = new Set<string>()
  for (let i = 2; i < argv.length; i += 2) {
    const name = latin1Of(argv[i]!).toLowerCase()
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
    if (!parameter) return new ReplyError(`ERR Unknown option or number of arguments for CONFIG SET - '${shownOf(argv[i]!, 128)}'`)
    const problem = (text: string) => new ReplyError(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${text}`)
    if (!parameter.set) return problem("can't set immutable config")
    if (seen.has(name)) return problem('duplicate parameter')
    seen.add(name)
    const change = parameter.set(latin1Of(argv[i + 1]!))
    if (typeof change === 'string') return problem(change)
    changes.push(() => change(context.settings))
  }
  for (const change of changes) change()
  return SimpleString.ok
}

/** An estimate, and documented as one: the engine's own accounting. */
function memoryUsage(context: CommandContext, argv: Command): Reply {
  for (let i = 3; i < argv.length; i += 2) {
    if (upperOf(argv[i]!) !== 'SAMPLES' || i + 1 >= argv.length) return SYNTAX_ERROR
    if (integer(argv[i + 1]!) < 0) return SYNTAX_ERROR
  }
  const entry = context.db.find(argv[2]!)
  if (entry < 0) return null
  const { keyspace } = context.db
  return ENTRY_BYTES + keyspace.keyAt(entry).length + keyspace.sizeAt(entry)
}

/** One row of COMMAND INFO; key specifications are left empty. */
function describe(spec: CommandFacts): Reply {
  const statuses = (texts: Iterable<string>) => new SetReply([...texts].map((text) => new SimpleString(text)))
  return [
    bytesOfLatin1(spec.name),
    spec.arity,
    statuses(spec.flags),
    spec.keys.first,
    spec.keys.last,
    spec.keys.step,
    statuses(spec.categories.map((category) => `@${category}`)),
    new SetReply(spec.tips.map(bytesOfLatin1)),
    new SetReply([]),
    [...(spec.subcommands?.values() ?? [])].map(describe),
  ]
}

function commandInfo(context: CommandContext, argv: Command): Reply {
  if (argv.length === 2) return [...context.table.specs].map(describe)
  return argv.slice(2).map((word) => {
    const [name, sub] = latin1Of(word).split('|', 2)
    const spec = context.table.get(name!)
    const found = sub === undefined ? spec : spec?.subcommands?.get(sub.toUpperCase())
    return found ? describe(found) : null
  })
}

function commandList(context: CommandContext, argv: Command): Reply {
  if (argv.length > 2) return SYNTAX_ERROR
  const names = [...context.table.specs].flatMap((spec) => [spec.name, ...[...(spec.subcommands?.values() ?? [])].map(({ name }) => name)])
  return new SetReply(names.map(bytesOfLatin1))
}

function commandGetKeys(context: CommandContext, argv: Command): Reply {
  const command = argv.slice(2)
  const spec = context.table.resolve(command)
  if (spec instanceof ReplyError) {
    return new ReplyError(
      spec.text.startsWith('ERR unknown') ? 'ERR Invalid command specified' : 'ERR Invalid number of arguments specified for command',
    )
  }
  const keys = keysOf(spec, command)
  return keys.length === 0 ? new ReplyError('ERR The command has no key arguments') : keys.map(ownBytes)
}

const ADMIN = { flags: 'admin noscript loading stale', categories: '', reach: 'server' } as const
const ABOUT = { flags: 'loading stale', categories: 'connection', since: '7.0.0' } as const
const FLUSH = { arity: -1, flags: 'write', categories: 'keyspace dangerous', since: '1.0.0', reach: 'server' } as const
const UNORDERED = 'nondeterministic_output_order'
const RANDOM = 'nondeterministic_output'

export const serverCommands: readonly CommandDefinition[] = [
  { name: 'info', arity: -1, flags: 'loading stale', categories: 'dangerous', since: '1.0.0', reach: 'server', tips: RANDOM, run: info },
  { name: 'dbsize', arity: 1, flags: 'readonly fast', categories: 'keyspace', since: '1.0.0', reach: 'server', run: (c) => c.db.keyspace.size },
  { name: 'flushall', ...FLUSH, run: flush(true) },
  { name: 'flushdb', ...FLUSH, run: flush(false) },
  { name: 'time', arity: 1, flags: 'loading stale fast', categories: '', since: '2.6.0', reach: 'connection', tips: RANDOM, run: time },
  { name: 'config', arity: -2, flags: '', categories: '', since: '2.0.0', reach: 'server', container: true },
  { name: 'config|get', arity: -3, ...ADMIN, since: '2.0.0', run: configGet },
  { name: 'config|set', arity: -4, ...ADMIN, since: '2.0.0', run: configSet },
  { name: 'config|resetstat', arity: 2, ...ADMIN, since: '2.0.0', run: resetStatistics },
  { name: 'memory', arity: -2, flags: '', categories: '', since: '4.0.0', reach: 'own keys', container: true },
  { name: 'memory|usage', arity: -3, flags: 'readonly', categories: '', keys: SUB_KEY, since: '4.0.0', run: memoryUsage },
  {
    name: 'command',
    arity: -1,
    flags: 'loading stale',
    categories: 'connection',
    since: '2.8.13',
    tips: UNORDERED,
    container: true,
    run: (c) => [...c.table.specs].map(describe),
  },
  { name: 'command|count', arity: 2, ...ABOUT, run: (c) => c.table.size },
  { name: 'command|info', arity: -2, ...ABOUT, tips: UNORDERED, run: commandInfo },
  { name: 'command|list', arity: -2, ...ABOUT, tips: UNORDERED, run: commandList },
  { name: 'command|getkeys', arity: -4, ...ABOUT, run: commandGetKeys },
  { name: 'command|getkeys', arity: -3, ...ABOUT, since: '7.2.0', run: commandGetKeys },
]

function resetStatistics(context: CommandContext): Reply {
  const { counters, clock } = context.server
  clock.hits = 0
  clock.misses = 0
  for (const name of Object.keys(counters) as (keyof typeof counters)[]) counters[name] = 0
  return SimpleString.ok
}
