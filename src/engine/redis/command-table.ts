import type { Command } from '../../protocol/command.ts'
import { ReplyError } from '../../protocol/reply.ts'
import { commandDefinitions } from './all-commands.ts'
import { wrongArity } from './command-errors.ts'
import type { CommandCatalogue } from './command-facts.ts'
import type { CommandDefinition, CommandSpec } from './command-spec.ts'
import { specOf } from './command-spec.ts'
import type { RedisProfile } from './profiles.ts'
import { shownOf, upperOf } from './words.ts'

/** The commands of one profile, by name. Built once an engine. */
export class CommandTable implements CommandCatalogue {
  readonly #specs = new Map<string, CommandSpec>()
  /** Every spelling seen so far that is worth keeping: lower and upper case. */
  readonly #spellings = new Map<string, CommandSpec>()

  constructor(profile: RedisProfile, extra: readonly CommandDefinition[] = []) {
    for (const definition of [...commandDefinitions, ...extra]) {
      if (!isAvailable(definition, profile)) continue
      this.add(definition)
    }
  }

  /** The extension point: tests and later families register here. A container comes before its subcommands. */
  add(definition: CommandDefinition): void {
    const spec = specOf(definition)
    const bar = definition.name.indexOf('|')
    if (bar >= 0) {
      const container = this.#specs.get(definition.name.slice(0, bar))
      if (!container?.subcommands) throw new Error(`no container for ${definition.name}`)
      container.subcommands.set(definition.name.slice(bar + 1).toUpperCase(), spec)
      return
    }
    this.#specs.set(definition.name, spec)
    this.#spellings.set(definition.name, spec)
    this.#spellings.set(definition.name.toUpperCase(), spec)
  }

  get specs(): Iterable<CommandSpec> {
    return this.#specs.values()
  }

  get size(): number {
    return this.#specs.size
  }

  /** By its plain name in any case; containers are not descended into. */
  get(name: string): CommandSpec | undefined {
    return this.#spellings.get(name) ?? this.#specs.get(name.toLowerCase())
  }

  /**
   * The entry a command names, subcommands included, or what the server says when there is none or the number of
   * words is wrong (processCommand in server.c).
   */
  resolve(argv: Command): CommandSpec | ReplyError {
    const word = argv[0]!
    const spec =
      this.#spellings.get(typeof word === 'string' ? word : asciiOf(word)) ??
      (word.length > LONGEST_NAME ? undefined : this.#specs.get(upperOf(word).toLowerCase()))
    if (spec === undefined) return unknownCommand(argv)
    if (spec.subcommands !== undefined && argv.length > 1) {
      const sub = spec.subcommands.get(upperOf(argv[1]!))
      if (!sub) return new ReplyError(`ERR unknown subcommand '${shownOf(argv[1]!, 128)}'. Try ${spec.name.toUpperCase()} HELP.`)
      return checkArity(sub, argv)
    }
    return checkArity(spec, argv)
  }
}

/** Longer words, which may be of any length, are no command's name. */
const LONGEST_NAME = 64

/** `GET` arrives as bytes from a socket: three to ten letters, for which a loop beats the native decoder. */
function asciiOf(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length && i < 24; i++) text += String.fromCharCode(bytes[i]!)
  return text
}

function checkArity(spec: CommandSpec, argv: Command): CommandSpec | ReplyError {
  if (spec.arity > 0 ? argv.length === spec.arity : argv.length >= -spec.arity) {
    if (spec.run) return spec
  }
  return wrongArity(spec.name)
}

/** commandCheckExistence in server.c: arguments are shown until 128 bytes are full. */
function unknownCommand(argv: Command): ReplyError {
  let shown = ''
  for (let i = 1; i < argv.length && shown.length < 128; i++) shown += `'${shownOf(argv[i]!, 128 - shown.length)}' `
  const text = `ERR unknown command '${shownOf(argv[0]!, 128)}', with args beginning with: ${shown}`
  return new ReplyError(text.replace(/[\r\n]/g, ' '))
}

function isAvailable(definition: CommandDefinition, profile: RedisProfile): boolean {
  if (definition.only !== undefined && definition.only !== profile.engine) return false
  const [major = 0, minor = 0] = definition.since.split('.').map(Number)
  if (definition.only === 'valkey') return Number.parseFloat(profile.version) >= Number.parseFloat(definition.since)
  return major < profile.level[0] || (major === profile.level[0] && minor <= profile.level[1])
}
