import type { Command } from '../../protocol/command.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import type { MemcachedCache } from './cache.ts'
import type { MemcachedProfile } from './profiles.ts'

/** What a command can touch: the keys it names, its own connection, or the server and other people's keys. */
export type CommandReach = 'own keys' | 'connection' | 'server'

/**
 * One command of memcached, in one place: engine, property generators and `validate` all read this entry.
 */
export interface CommandEntry {
  /** Lower case, as it has to be written. */
  readonly name: string
  /** The last word is a data block. */
  readonly carriesData: boolean
  /** Fewest and most words of the line: the name counts, the data block and its byte count do not. */
  readonly minWords: number
  readonly maxWords: number
  readonly reach: CommandReach
  /** Takes `noreply` as its last word: then nothing is answered, not even an error. */
  readonly noreply: boolean
  /** Version it came with, where it is younger than 1.4. */
  readonly since?: string
  /** Undefined = no answer. Called with a number of words that is allowed. */
  run(call: Call): Reply | undefined
}

/** One command under way. Reused from call to call: nothing keeps it. */
export interface Call {
  readonly cache: MemcachedCache
  readonly profile: MemcachedProfile
  readonly server: ServerFacts
  readonly words: Command
  /** Number of words of the line, without the data block. */
  readonly lineWords: number
}

/** What commands need to know of the engine beside its items. */
export interface ServerFacts {
  readonly sessions: number
  readonly totalConnections: number
  readonly limitBytes: number
  readonly itemLimitBytes: number
  readonly evict: boolean
  verbosity: number
  /** Ends the session of the command. */
  close(): void
}

export const MAX_KEY_BYTES = 250

export const BAD_LINE = new ReplyError('CLIENT_ERROR bad command line format')
export const ERROR = new ReplyError('ERROR')
export const TOO_LARGE = new ReplyError('SERVER_ERROR object too large for cache')
export const NO_MEMORY = new ReplyError('SERVER_ERROR out of memory storing object')
export const NON_NUMERIC = new ReplyError('CLIENT_ERROR cannot increment or decrement non-numeric value')
