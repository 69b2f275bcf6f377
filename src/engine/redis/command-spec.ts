import type { Command, Word } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { CommandContext } from './command-context.ts'

/** What a command can touch. `cacheproof validate` sends nothing beyond "connection" unless allowed. */
export type CommandReach = 'own keys' | 'connection' | 'server'

/** The command answers later (or has answered itself): see `CommandContext.block`. */
export const LATER: unique symbol = Symbol('later')

export type CommandFunction = (context: CommandContext, argv: Command) => Reply | typeof LATER

/** Where the keys are: first, last (negative from the end) and step, as COMMAND INFO prints them. */
export interface KeyPositions {
  readonly first: number
  readonly last: number
  readonly step: number
}

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

/** A definition made ready: what the command loop and everyone else reads. */
export interface CommandSpec {
  readonly name: string
  readonly arity: number
  readonly flags: ReadonlySet<string>
  readonly keys: KeyPositions
  readonly findKeys: ((argv: Command) => readonly Word[]) | undefined
  readonly categories: readonly string[]
  readonly since: string
  readonly only: 'redis' | 'valkey' | undefined
  readonly reach: CommandReach
  readonly tips: readonly string[]
  readonly run: CommandFunction | undefined
  readonly write: boolean
  readonly denyOom: boolean
  readonly subcommands: Map<string, CommandSpec> | undefined
}

export const ONE_KEY: KeyPositions = { first: 1, last: 1, step: 1 }
export const TWO_KEYS: KeyPositions = { first: 1, last: 2, step: 1 }
export const ALL_KEYS: KeyPositions = { first: 1, last: -1, step: 1 }
export const PAIR_KEYS: KeyPositions = { first: 1, last: -1, step: 2 }
export const SUB_KEY: KeyPositions = { first: 2, last: 2, step: 1 }
const NO_KEYS: KeyPositions = { first: 0, last: 0, step: 0 }

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

/** The keys a command names; empty when it has none. */
export function keysOf(spec: CommandSpec, argv: Command): readonly Word[] {
  const found: Word[] = []
  const { first, last, step } = spec.keys
  if (first > 0) {
    const end = last < 0 ? argv.length + last : last
    for (let i = first; i <= end && i < argv.length; i += step) found.push(argv[i]!)
  }
  return spec.findKeys ? [...found, ...spec.findKeys(argv)] : found
}
