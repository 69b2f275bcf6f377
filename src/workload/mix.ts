import type { z } from 'zod'
import type { CacheFunction, Capability } from '../client/cache/cache.ts'
import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'
import type { NameRange } from '../targets/name-range.ts'
import type { NamesExtent, PatternContext, SteadyIndicator } from './pattern.ts'

/**
 * A mix: a synchronous program for raw load. It says what request number `index` is and what its reply was, and
 * never sees a promise. The load loop submits and counts; nothing is allocated per operation that this does not.
 */
export interface Mix {
  readonly classes: readonly MixClass[]
  /** The command that stores key `keyId`, for filling the cache before the load. */
  fill(keyId: number): Command
  /** The command of request `index`. The returned array may be reused: it is encoded before the next call. */
  next(index: number): Command
  /**
   * What request `index` is about to do: all that is known of one without an answer. Always one of a few objects, and
   * drawn once where it is asked for right after `next`.
   */
  intent(index: number): MixIntent
  /**
   * Which class (index into `classes`) the reply to a request of this intent falls into. A server error is reported by the
   * loop, not here. Throws an `UnexpectedReply` at what answers no such request. A value that is there may come without its
   * bytes: nothing but whether there is one may hang on it.
   */
  onReply(intent: MixIntent, reply: Reply): number
}

export interface MixIntent {
  /** The call of the cache vocabulary: "get", "set". */
  readonly fn: string
  readonly kind: 'read' | 'write'
  /** Index into `classes`, where it does not hang on the answer. */
  readonly classIndex?: number
}

export interface MixClass {
  readonly name: string
  readonly kind: 'read' | 'write'
  readonly cache?: 'hit' | 'miss'
}

/** A mix beside the patterns in `patterns/registry.ts`: same names for the same things, `kind` tells which it is. */
export interface MixDefinition<Settings = unknown> {
  readonly kind: 'mix'
  readonly name: string
  readonly summary: string
  readonly settings: z.ZodType<Settings>
  readonly needs: readonly Capability[]
  readonly usesCache: true
  /** What its commands come to in the vocabulary of patterns, as of a `PatternDefinition`. */
  calls(settings: Settings): readonly CacheFunction[]
  names?(settings: Settings, extent: NamesExtent): readonly NameRange[]
  readonly usesDatabase: false
  readonly classes: readonly MixClass[]
  readonly indicators?: readonly SteadyIndicator[]
  readonly checks: readonly string[]
  readonly codePaths: number
  create(context: MixContext<Settings>): Mix
}

export interface MixContext<Settings> extends PatternContext<Settings> {
  readonly family: 'redis' | 'memcached'
}
