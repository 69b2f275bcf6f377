import type { Command, Word } from '../../protocol/command.ts'
import type { ReplyError } from '../../protocol/reply.ts'

/** What a command can touch. `cacheproof validate` sends nothing beyond "connection" unless allowed. */
export type CommandReach = 'own keys' | 'connection' | 'server'

/** Where the keys are: first, last (negative from the end) and step, as COMMAND INFO prints them. */
export interface KeyPositions {
  readonly first: number
  readonly last: number
  readonly step: number
}

/** All that is known of a command without running it: what COMMAND prints, and routing, ACL and generators read. */
export interface CommandFacts {
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
  readonly write: boolean
  readonly denyOom: boolean
  readonly subcommands: ReadonlyMap<string, CommandFacts> | undefined
}

/** The commands that there are, as commands themselves may ask. */
export interface CommandCatalogue {
  readonly specs: Iterable<CommandFacts>
  /** Without subcommands. */
  readonly size: number
  /** By its plain name in any case; containers are not descended into. */
  get(name: string): CommandFacts | undefined
  /** The entry that a command names, subcommands included, or what the server says when there is none or the number of words is wrong. */
  resolve(argv: Command): CommandFacts | ReplyError
}

export const ONE_KEY: KeyPositions = { first: 1, last: 1, step: 1 }
export const TWO_KEYS: KeyPositions = { first: 1, last: 2, step: 1 }
export const ALL_KEYS: KeyPositions = { first: 1, last: -1, step: 1 }
export const PAIR_KEYS: KeyPositions = { first: 1, last: -1, step: 2 }
export const SUB_KEY: KeyPositions = { first: 2, last: 2, step: 1 }
export const NO_KEYS: KeyPositions = { first: 0, last: 0, step: 0 }

/** The keys a command names; empty when it has none. */
export function keysOf(spec: CommandFacts, argv: Command): readonly Word[] {
  const found: Word[] = []
  const { first, last, step } = spec.keys
  if (first > 0) {
    const end = last < 0 ? argv.length + last : last
    for (let i = first; i <= end && i < argv.length; i += step) found.push(argv[i]!)
  }
  return spec.findKeys ? [...found, ...spec.findKeys(argv)] : found
}
