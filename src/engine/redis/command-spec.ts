import type { Command, Word } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { BLOCKED } from './blocked.ts'
import type { CommandContext } from './command-context.ts'
import { type CommandFacts, type CommandReach, type KeyPositions, NO_KEYS } from './command-facts.ts'

export type CommandFunction = (context: CommandContext, argv: Command) => Reply | typeof BLOCKED

/** What an author of a command writes: one entry in its family's file. */
export interface CommandDefinition {
  /** Lower case; subcommands as "client|id". */
  readonly name: string
  /** Words including the name(s); negative = at least. */
  readonly arity: number
  /** As COMMAND INFO prints them, blank-separated. */
  readonly flags: string
  readonly keys?: KeyPositions
  /** For commands whose keys are counted by an argument (`movablekeys`). */
  readonly findKeys?: (argv: Command) => readonly Word[]
  /** The ACL categories that do not follow from the flags, blank-separated. */
  readonly categories: string
  readonly since: string
  /** The last word on availability, for commands of one engine only. */
  readonly only?: 'redis' | 'valkey'
  /** "own keys" where there are keys, "connection" in that category; to be given otherwise. */
  readonly reach?: CommandReach
  /** COMMAND INFO's tips: nondeterministic_output, nondeterministic_output_order. */
  readonly tips?: string
  /** It has subcommands, with entries of their own ("client|id") that come after it. */
  readonly container?: true
  /** Absent in a container that is no command by itself. */
  readonly run?: CommandFunction
}

/** A definition made ready: what the command loop reads. */
export interface CommandSpec extends CommandFacts {
  readonly run: CommandFunction | undefined
  readonly subcommands: Map<string, CommandSpec> | undefined
}

const words = (text: string | undefined): string[] => (text ? text.split(' ') : [])

/** Throws on an entry that does not say how far it reaches. */
export function specOf(definition: CommandDefinition): CommandSpec {
  const flags = new Set(words(definition.flags))
  const own = words(definition.categories)
  // setImplicitACLCategories in server.c
  const implied = [
    ...(flags.has('write') ? ['write'] : []),
    ...(flags.has('readonly') ? ['read'] : []),
    ...(flags.has('admin') ? ['admin', 'dangerous'] : []),
    flags.has('fast') ? 'fast' : 'slow',
  ]
  const keys = definition.keys ?? NO_KEYS
  const reach =
    definition.reach ??
    (keys.first > 0 || definition.findKeys ? 'own keys' : own.includes('connection') || own.includes('transaction') ? 'connection' : undefined)
  if (!reach) throw new Error(`command ${definition.name} does not say its reach`)
  return {
    name: definition.name,
    arity: definition.arity,
    flags,
    keys,
    findKeys: definition.findKeys,
    categories: [...new Set([...own, ...implied])],
    since: definition.since,
    only: definition.only,
    reach,
    tips: words(definition.tips),
    run: definition.run,
    write: flags.has('write'),
    denyOom: flags.has('denyoom'),
    subcommands: definition.container ? new Map() : undefined,
  }
}
