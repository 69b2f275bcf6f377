import type { CacheFunction } from '../../client/cache/cache.ts'
import type { Client } from '../../client/client.ts'
import type { TargetError } from '../../client/target-error.ts'
import type { Command } from '../../protocol/command.ts'
import type { Target } from '../target.ts'
import { callCommands } from './call-commands.ts'
import { explainRefusals } from './explain-refusals.ts'
import type { Refusal } from './refusal.ts'
import { commandName, tryCommands } from './try-commands.ts'

export interface PreflightOptions {
  /** What will be done with the cache. */
  readonly calls: readonly CacheFunction[]
  /** Of keys that nobody else has. */
  readonly prefix: string
  /** Of the largest value that will be stored. */
  readonly largestValueBytes: number
}

/**
 * Tries every call once, over the client that will make it, on keys of our own that are removed in the same pipeline.
 * Throws `TargetError` that names all that is refused, with the ACL line or the settings that are missing.
 */
export async function preflight(target: Target, client: Client, options: PreflightOptions): Promise<void> {
  const { family } = target
  const { calls, largestValueBytes } = options
  const commandsOf = (some: readonly CacheFunction[]) => callCommands(family, some, { prefix: options.prefix, valueBytes: largestValueBytes })
  const found = await tryOut(target, client, {
    commands: commandsOf(calls),
    harmless: commandsOf(harmlessOf(calls)),
    removal: commandsOf(REMOVAL),
    needs: neededCommands(family, calls),
    largestValueBytes,
  })
  if (found.refusals.length > 0) throw found.explain(found.refusals)
}

/** Names of all the commands that calls come to, and of what removes their keys. */
export function neededCommands(family: 'redis' | 'memcached', calls: readonly CacheFunction[]): readonly string[] {
  return namesOf(callCommands(family, [...calls, ...REMOVAL], { prefix: '', valueBytes: 0 }))
}

export interface CommandTrial {
  /** Each names keys of our own. */
  readonly commands: readonly Command[]
  /** Those that leave nothing behind, or stand-ins for others that would: tried where `removal` is refused, so that more can be told. */
  readonly harmless: readonly Command[]
  /** Removes what `commands` leave. */
  readonly removal: readonly Command[]
  /** Names of all that will be sent. */
  readonly needs: readonly string[]
  readonly largestValueBytes: number
}

/**
 * As `preflight`, for whoever can do without some commands: gives those that are refused. Throws `TargetError` where
 * keys of ours can't be touched or removed, or where the endpoint's role, state or memory forbids all writes.
 */
export async function preflightCommands(target: Target, client: Client, trial: CommandTrial): Promise<readonly Refusal[]> {
  const { refusals, explain } = await tryOut(target, client, trial)
  const removing = namesOf(trial.removal)
  const forbidding = refusals.filter(({ kind, command }) => kind === 'keys' || kind === 'state' || kind === 'memory' || removing.includes(command))
  if (forbidding.length > 0) throw explain(forbidding)
  return refusals
}

interface TriedOut {
  readonly refusals: readonly Refusal[]
  explain(refusals: readonly Refusal[]): TargetError
}

/** Where keys can't be removed nothing is written. */
async function tryOut(target: Target, client: Client, trial: CommandTrial): Promise<TriedOut> {
  const { description } = target
  const removing = await tryCommands(client, trial.removal, description.label)
  const rest = removing.refusals.length === 0 ? [...trial.commands, ...trial.removal] : trial.harmless
  const tried = await tryCommands(client, rest, description.label)
  const refusals = [...tried.refusals, ...removing.refusals].filter(({ kind }) => !(kind === 'memory' && evictsAnyway(target)))
  return {
    refusals,
    explain: (some) =>
      explainRefusals(target, some, {
        user: target.user ?? 'default',
        needs: trial.needs,
        keysAllowed: (tried.permitted || removing.permitted) && refusals.every(({ kind }) => kind !== 'keys'),
        settings: description.settings,
        ours: description.ours,
        largestValueBytes: trial.largestValueBytes,
      }),
  }
}

const REMOVAL: readonly CacheFunction[] = ['delete', 'deleteAll']
/** On a key that is not there these write nothing. */
const HARMLESS: readonly CacheFunction[] = ['get', 'score', 'rank', 'range', 'size', 'getAndTouch', 'touch', 'replace', 'expire']

function harmlessOf(calls: readonly CacheFunction[]): readonly CacheFunction[] {
  const harmless = calls.filter((call) => HARMLESS.includes(call))
  // SET with XX is as much a SET as any.
  return calls.includes('set') || calls.includes('add') ? [...harmless, 'replace'] : harmless
}

function namesOf(commands: readonly Command[]): readonly string[] {
  return [...new Set(commands.map(commandName))]
}

/** A full memcached that evicts has no room in one size of item at first, and finds some as the load goes on. */
function evictsAnyway({ family, description }: Target): boolean {
  return family === 'memcached' && description.settings['evictions'] === 'on'
}
