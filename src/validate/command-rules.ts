import { findMemcachedCommand } from '../engine/memcached/command-table.ts'
import { keysOf } from '../engine/redis/command-facts.ts'
import type { CommandSpec } from '../engine/redis/command-spec.ts'
import type { CommandTable } from '../engine/redis/command-table.ts'
import type { Command, Word } from '../protocol/command.ts'
import { ReplyError } from '../protocol/reply.ts'
import { latin1 } from './key-ledger.ts'

/** What may be sent to an endpoint. */
export interface CommandRules {
  readonly prefix: string
  /** We started it: nobody else's keys are there. */
  readonly ours: boolean
  /** `--allow server` */
  readonly serverAllowed: boolean
  /** The database that the URL names. */
  readonly database: number
  readonly clusterMode: boolean
  /** maxmemory-policy, where the endpoint tells it. */
  readonly policy: string | undefined
}

/** What is known of a command before it is sent. */
export interface Judged {
  /** "CLIENT NO-EVICT", "mg". */
  readonly name: string
  readonly keys: readonly Word[]
  /** The reference has a command of this name. */
  readonly known: boolean
  /** Why it is not sent to this endpoint; a word too many that would have been somebody's key has no reason worth telling. */
  readonly refused?: { readonly reason?: string }
}

export type CommandJudge = (command: Command) => Judged

const SERVER: Judged['refused'] = { reason: 'reaches beyond own keys and connections; --allow server sends it' }
const NEVER: Judged['refused'] = { reason: 'is never sent to an endpoint that cacheproof did not start, whatever is allowed' }
const LOGIN: Judged['refused'] = { reason: 'failed logins would raise alarms at the endpoint' }
const DATABASES: Judged['refused'] = { reason: 'not where it would reach into a database other than the one that was named' }
const CLUSTER: Judged['refused'] = { reason: 'there is only one database in cluster mode' }
const LFU: Judged['refused'] = { reason: "depends on the endpoint's maxmemory-policy" }
const STRANGER: Judged['refused'] = {}

/** Ends the process, everybody's data, or the server's settings: no permission is enough for these. */
const DESTRUCTIVE: ReadonlySet<string> = new Set([
  'flushall',
  'flushdb',
  'swapdb',
  'shutdown',
  'config|set',
  'config|resetstat',
  'flush_all',
  'cache_memlimit',
  'verbosity',
])

export function redisJudge(table: CommandTable, rules: CommandRules): CommandJudge {
  return (command) => {
    const spec = specOf(table, command)
    if (spec === undefined) return { name: latin1(command[0] ?? '').toUpperCase(), keys: [], known: false }
    const name = spec.name.toUpperCase().replace('|', ' ')
    const keys = keysOf(spec, command)
    const refused = refusedOf(spec, command, keys, rules)
    const known = spec.subcommands === undefined
    return refused === undefined ? { name, keys, known } : { name, keys, known, refused }
  }
}

/** Also where the number of words is wrong: a server of another version may take it. */
function specOf(table: CommandTable, command: Command): CommandSpec | undefined {
  const resolved = table.resolve(command)
  if (!(resolved instanceof ReplyError)) return resolved
  const spec = table.get(latin1(command[0] ?? ''))
  return spec?.subcommands?.get(latin1(command[1] ?? '').toUpperCase()) ?? spec
}

function refusedOf(spec: CommandSpec, command: Command, keys: readonly Word[], rules: CommandRules): Judged['refused'] | undefined {
  if (keys.some((key) => !latin1(key).startsWith(rules.prefix))) return STRANGER
  if (rules.policy !== undefined && dependsOnPolicy(spec.name, rules.policy)) return LFU
  const database = databaseIn(spec.name, command)
  if (rules.clusterMode && database !== undefined) return CLUSTER
  if (rules.ours) return undefined
  if (DESTRUCTIVE.has(spec.name)) return NEVER
  if (spec.reach === 'server' && !rules.serverAllowed) return SERVER
  if (spec.name === 'auth' || (spec.name === 'hello' && command.some((word) => latin1(word).toLowerCase() === 'auth'))) return LOGIN
  return database !== undefined && reachesElsewhere(database, rules.database) ? DATABASES : undefined
}

/** Names of all commands of a table that are sent: "GET", "CLIENT SETNAME". */
export function mayBeSent(table: CommandTable, rules: CommandRules): readonly string[] {
  const specs = [...table.specs].flatMap((spec) => [spec, ...(spec.subcommands?.values() ?? [])])
  const sent = specs.filter((spec) => spec.run !== undefined && refusedOf(spec, [], [], rules) === undefined)
  return sent.map(({ name }) => name.toUpperCase().replace('|', ' '))
}

function dependsOnPolicy(name: string, policy: string): boolean {
  if (name === 'object|freq' || name === 'object|idletime') return policy.endsWith('lfu')
  // Small integers are shared objects only where nothing is evicted by age or use.
  return name === 'object|refcount' && policy !== 'noeviction'
}

/** The word that names a database, if the command has one. */
function databaseIn(name: string, command: Command): string | undefined {
  if (name === 'select') return latin1(command[1] ?? '')
  if (name === 'move') return latin1(command[2] ?? '')
  if (name !== 'copy') return undefined
  const at = command.findIndex((word, index) => index > 2 && latin1(word).toUpperCase() === 'DB')
  return at < 0 ? undefined : latin1(command[at + 1] ?? '')
}

/** The reference stands in its database 0, so only that number means the same on both sides, and only there. */
function reachesElsewhere(word: string, database: number): boolean {
  return /^\d+$/.test(word) && !(database === 0 && Number(word) === 0)
}

export function memcachedJudge(rules: CommandRules): CommandJudge {
  return (command) => {
    const name = latin1(command[0] ?? '')
    const keys = memcachedKeys(name, command)
    const known = findMemcachedCommand(name) !== undefined
    const refused = memcachedRefused(name, keys, rules)
    return refused === undefined ? { name, keys, known } : { name, keys, known, refused }
  }
}

function memcachedRefused(name: string, keys: readonly Word[], rules: CommandRules): Judged['refused'] | undefined {
  if (keys.some((key) => !latin1(key).startsWith(rules.prefix))) return STRANGER
  if (rules.ours) return undefined
  if (DESTRUCTIVE.has(name)) return NEVER
  return findMemcachedCommand(name)?.reach === 'server' && !rules.serverAllowed ? SERVER : undefined
}

/** As they are stored: those of meta commands may be written in base64. Nothing for a command too short to have one. */
function memcachedKeys(name: string, command: Command): readonly Word[] {
  const entry = findMemcachedCommand(name)
  if (entry?.reach !== 'own keys') return []
  if (name === 'get' || name === 'gets') return command.slice(1)
  if (name === 'gat' || name === 'gats') return command.slice(2)
  const key = command[1]
  if (key === undefined || key.length === 0) return []
  const asBase64 = /^m[gsdae]$/.test(name) && command.slice(2, entry.carriesData ? -1 : undefined).some((word) => latin1(word) === 'b')
  return asBase64 ? [Buffer.from(latin1(key), 'base64')] : [key]
}
