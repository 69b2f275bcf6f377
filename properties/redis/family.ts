import type { Arbitrary } from 'fast-check'
import fc from 'fast-check'
import { keysOf } from '../../src/engine/redis/command-facts.ts'
import { CommandTable } from '../../src/engine/redis/command-table.ts'
import { findRedisProfile } from '../../src/engine/redis/profiles.ts'
import type { Command, Word } from '../../src/protocol/command.ts'
import { ReplyError } from '../../src/protocol/reply.ts'
import type { PropertyOptions, Reach } from '../property.ts'

/** One family of commands: what its property says, and how its sequences are made. */
export interface Family {
  readonly id: string
  readonly sentence: string
  readonly reach: Reach
  commands(make: Make): readonly Choice[]
}

export interface Choice {
  readonly weight: number
  /** Lower case, for leaving out. */
  readonly name: string
  readonly command: Arbitrary<Command>
}

type Part = Word | Arbitrary<Word> | Arbitrary<readonly Word[]>

/** What a family builds its commands from. */
export interface Make {
  /** One of the sequence's keys, the first ones more often. */
  readonly key: Arbitrary<string>
  readonly prefix: string
  readonly protocol: 2 | 3
  /** A command from its words; parts that give several words are put in flat. */
  one(weight: number, name: string, ...parts: Part[]): Choice
}

const KEY_NAMES = ['a', 'b', 'c', 'd'] as const

export function keysOfSequence(prefix: string): string[] {
  return KEY_NAMES.map((name) => prefix + name)
}

/** Zero to all of these, each at most once, in any order. */
export function someOf(...parts: readonly Arbitrary<readonly Word[]>[]): Arbitrary<readonly Word[]> {
  return fc
    .tuple(fc.subarray([...parts.keys()], { maxLength: Math.min(3, parts.length) }), fc.nat(5))
    .chain(([chosen, turn]) => {
      const turned = chosen.map((_, i) => chosen[(i + turn) % chosen.length]!)
      return fc.tuple(...turned.map((i) => parts[i]!))
    })
    .map((lists) => lists.flat())
}

export const words = (...list: Word[]): Arbitrary<readonly Word[]> => fc.constant(list)

/** Absent more often than not. */
export function maybe(part: Arbitrary<readonly Word[]>): Arbitrary<readonly Word[]> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant([] as readonly Word[]) }, { weight: 2, arbitrary: part })
}

function maker(prefix: string, protocol: 2 | 3): Make {
  const keys = keysOfSequence(prefix)
  const key = fc.oneof(
    { weight: 6, arbitrary: fc.constant(keys[0]!) },
    { weight: 3, arbitrary: fc.constant(keys[1]!) },
    { weight: 1, arbitrary: fc.constant(keys[2]!) },
    { weight: 1, arbitrary: fc.constant(keys[3]!) },
  )
  return {
    key,
    prefix,
    protocol,
    one(weight, name, ...parts) {
      const arbitraries = parts.map((part) => (typeof part === 'string' || part instanceof Uint8Array ? fc.constant(part) : part))
      return {
        weight,
        name: name.toLowerCase(),
        command: fc.tuple(...(arbitraries as Arbitrary<Word | readonly Word[]>[])).map((list) => [...name.split(' '), ...(list.flat() as Word[])]),
      }
    },
  }
}

/** What gives a key another type, or takes it away: one command in ten. */
function strangers(make: Make): Choice[] {
  return [
    make.one(2, 'SET', make.key, fc.constantFrom('x', '10', '3.5')),
    make.one(2, 'HSET', make.key, 'f', fc.constantFrom('x', '1')),
    make.one(2, 'ZADD', make.key, '0', 'm'),
    make.one(1, 'DEL', make.key),
    make.one(1, 'EXPIRE', make.key, '5000'),
  ]
}

const REACHES: readonly Reach[] = ['own keys', 'connection', 'server']
const MAX_COMMANDS = 60

/** The family's sequences of commands, with the prefix and within the limits of `options`. */
export function sequenceOf(family: Family, options: Pick<PropertyOptions, 'prefix' | 'without' | 'subject'>): Arbitrary<Command[]> {
  const make = maker(options.prefix, options.subject.protocol)
  const left = (choice: Choice) => !options.without?.has(choice.name)
  const own = family.commands(make).filter(left)
  const foreign = strangers(make).filter(left)
  const pick = (choices: readonly Choice[]) =>
    fc.oneof(...choices.map(({ weight, command }) => ({ weight: Math.max(1, Math.round(weight * 100)), arbitrary: command })))
  const plain = fc.oneof({ weight: 9, arbitrary: pick(own) }, ...(foreign.length > 0 ? [{ weight: 1, arbitrary: pick(foreign) }] : []))
  const command = fc.oneof({ weight: 97, arbitrary: plain }, { weight: 3, arbitrary: plain.chain(spoilt) })
  return fc.array(
    command.filter((made) => keepsToPrefix(made, options.prefix)),
    { minLength: 1, maxLength: MAX_COMMANDS, size: 'max' },
  )
}

export function isWithin(reach: Reach, limit: Reach): boolean {
  return REACHES.indexOf(reach) <= REACHES.indexOf(limit)
}

/** The newest of all profiles: its table knows every command's keys. */
const table = new CommandTable(findRedisProfile('valkey', '9.1')!)

/** A word too many, or a count of keys too high, and a word is taken for a key that is someone else's. */
export function keepsToPrefix(command: Command, prefix: string): boolean {
  const spec = table.resolve(command)
  return spec instanceof ReplyError || keysOf(spec, command).every((key) => String(key).startsWith(prefix))
}

/** Wrong number of words, an option that is none, another case. */
function spoilt(command: Command): Arbitrary<Command> {
  const name = String(command[0])
  return fc.oneof(
    fc.constant(command.slice(0, -1).length > 0 ? command.slice(0, -1) : command),
    fc.constant([...command, 'x']),
    fc.constant([...command, 'NX', 'nonsense']),
    fc.constant([name.toLowerCase(), ...command.slice(1)]),
    fc.constant([name]),
    fc.constant(command.map((word, i) => (i > 1 && typeof word === 'string' ? word.toLowerCase() : word))),
    fc.constant([`${name}Q`, ...command.slice(1)]),
  )
}
