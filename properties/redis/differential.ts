import fc from 'fast-check'
import { CommandTable } from '../../src/engine/redis/command-table.ts'
import { findRedisProfile } from '../../src/engine/redis/profiles.ts'
import type { Command } from '../../src/protocol/command.ts'
import type { Reply } from '../../src/protocol/reply.ts'
import type { Counterexample, Property, PropertyOptions, PropertyResult } from '../property.ts'
import { sameReply } from './compare-replies.ts'
import type { Family } from './family.ts'
import { keysOfSequence, sequenceOf } from './family.ts'
import { quoteCommand, showReply } from './redis-cli-text.ts'

/** The newest of all profiles: its table knows every command's metadata. */
const table = new CommandTable(findRedisProfile('valkey', '9.1')!)

interface Difference {
  readonly at: number
  readonly expected: Reply
  readonly actual: Reply
}

/** The connection to one side was lost: nothing is proved. */
class Lost extends Error {}

/**
 * A family of commands as a property: any sequence of them, sent as one pipeline to both sides, gets the same
 * replies, and leaves the same keys.
 */
export function differentialProperty(family: Family): Property {
  return {
    id: `redis/${family.id}`,
    sentence: family.sentence,
    family: 'redis',
    reach: family.reach,
    run: (options) => run(family, options),
  }
}

async function run(family: Family, options: PropertyOptions): Promise<PropertyResult> {
  const keys = keysOfSequence(options.prefix)
  const coverage: Record<string, number> = {}
  let sequences = 0
  let compared = 0
  let stopped = false
  let lost: string | undefined
  let lastSeen: Difference | undefined

  const differs = async (commands: readonly Command[]): Promise<Difference | undefined> => {
    try {
      return await compare(commands, keys, options)
    } catch (error) {
      throw new Lost(error instanceof Error ? error.message : String(error))
    }
  }

  const outcome = await fc.check(
    fc.asyncProperty(sequenceOf(family, options), async (commands) => {
      if (stopped || lost !== undefined) return
      const all = [...commands, ...finalQuestions(keys)]
      let found: Difference | undefined
      try {
        found = await differs(all)
      } catch (error) {
        lost = (error as Error).message
        return
      }
      sequences++
      compared += all.length
      for (const command of commands) count(coverage, command)
      if (found) lastSeen = found
      if (found) throw new Error('the replies differ')
      if (options.onProgress?.(sequences, compared) === false) stopped = true
    }),
    {
      numRuns: options.runs,
      seed: options.seed,
      ...(options.path === undefined ? {} : { path: options.path }),
      verbose: 0,
    },
  )

  const ran = { id: `redis/${family.id}`, seed: options.seed, sequences, commands: compared, coverage }
  if (lost !== undefined) return { ...ran, outcome: 'unknown', reason: lost }
  if (!outcome.failed || !outcome.counterexample) return { ...ran, outcome: 'holds' }
  try {
    const shortest = await shorten([...outcome.counterexample[0], ...finalQuestions(keys)], differs)
    if (!shortest)
      return {
        ...ran,
        outcome: 'unknown',
        reason: `a difference was seen once and not again (${lastSeen ? `${showReply(lastSeen.expected)} against ${showReply(lastSeen.actual)}` : 'none kept'}): ${outcome.counterexample[0].map(quoteCommand).join('; ')}`,
      }
    return { ...ran, outcome: 'broken', counterexample: { ...shortest, path: outcome.counterexamplePath ?? '' } }
  } catch (error) {
    return { ...ran, outcome: 'unknown', reason: (error as Error).message }
  }
}

/** What is left in each key, asked in every way: commands of another type answer WRONGTYPE on both sides. */
function finalQuestions(keys: readonly string[]): Command[] {
  return keys.flatMap((key): Command[] => [
    ['TYPE', key],
    ['OBJECT', 'ENCODING', key],
    ['PTTL', key],
    ['GET', key],
    ['HGETALL', key],
    ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
  ])
}

/** Closes what a sequence may have left open, by EXEC where DISCARD is forbidden, and removes its keys; the replies do not matter. */
const cleanUp = (keys: readonly string[]): Command[] => [['DISCARD'], ['EXEC'], ['UNWATCH'], ['CLIENT', 'SETNAME', ''], ['DEL', ...keys]]

async function compare(commands: readonly Command[], keys: readonly string[], options: PropertyOptions): Promise<Difference | undefined> {
  const before = cleanUp(keys)
  const all = [...before, ...commands, ...before]
  const [expected, actual] = await Promise.all([options.reference.execute(all), options.subject.execute(all)])
  for (let i = before.length; i < before.length + commands.length; i++) {
    if (sameReply(table, all[i]!, expected[i]!, actual[i]!, options.subject.protocol)) continue
    return { at: i - before.length, expected: expected[i]!, actual: actual[i]! }
  }
  return undefined
}

/** Cuts after the first difference and leaves out every command that is not needed for one. */
async function shorten(
  commands: readonly Command[],
  differs: (commands: readonly Command[]) => Promise<Difference | undefined>,
): Promise<Omit<Counterexample, 'path'> | undefined> {
  let difference = await differs(commands)
  if (!difference) return undefined
  let shortest = commands.slice(0, difference.at + 1)
  for (let i = shortest.length - 2; i >= 0; i--) {
    const without = shortest.toSpliced(i, 1)
    const again = await differs(without)
    if (!again) continue
    difference = again
    shortest = without.slice(0, again.at + 1)
    i = Math.min(i, shortest.length - 1)
  }
  const last = await differs(shortest)
  if (!last) return undefined
  return {
    commands: shortest,
    at: last.at,
    script: shortest.map(quoteCommand).join('\n'),
    expected: showReply(last.expected),
    actual: showReply(last.actual),
  }
}

function count(coverage: Record<string, number>, command: Command): void {
  const name = String(command[0]).toLowerCase()
  coverage[name] = (coverage[name] ?? 0) + 1
}

/** Replays one sequence, as a case of the corpus: what differs, or nothing. */
export async function replayCase(
  commands: readonly Command[],
  options: Pick<PropertyOptions, 'reference' | 'subject' | 'prefix'>,
): Promise<{ readonly command: string; readonly expected: string; readonly actual: string } | undefined> {
  const keys = keysOfSequence(options.prefix)
  const found = await compare(commands, keys, { ...options, runs: 1, seed: 0 })
  return found && { command: quoteCommand(commands[found.at]!), expected: showReply(found.expected), actual: showReply(found.actual) }
}
