import type { z } from 'zod'
import type { Cache, CacheFunction, Capability } from '../client/cache/cache.ts'
import type { DatabaseResult, Row } from '../database/database.ts'
import type { Status } from '../measure/history.ts'
import type { Nanos, Stream } from '../runtime/runtime.ts'
import type { NameRange } from '../targets/name-range.ts'
import type { KeyChooser } from './keys/key-chooser.ts'
import type { ValueMaker } from './values/value-maker.ts'

/**
 * A pattern: one way an application uses a cache, as a program. One file a pattern under `patterns/`; listed in
 * `patterns/registry.ts`; held to `pattern.contract.ts`. A pattern keeps no state of its own between operations
 * except what `create` makes, and is given everything else.
 */
export interface PatternDefinition<Settings = unknown> {
  /** Tells it from a `MixDefinition` (mix.ts). */
  readonly kind: 'pattern'
  readonly name: string
  /** One line for `cacheproof list patterns` and the report. */
  readonly summary: string
  /** What stands under `with:` in a workload file. Units are parsed before: durations are nanoseconds. */
  readonly settings: z.ZodType<Settings>
  /** What the engine must offer. If it does not, the cell is "not applicable" with the reason. */
  readonly needs: readonly Capability[]
  readonly usesCache: boolean
  /**
   * The calls of the cache's vocabulary that it makes with these settings, in whatever befalls it: before a run each is
   * tried at the endpoint, and what is not allowed there is named. The suite holds it to the calls that are made.
   */
  calls(settings: Settings): readonly CacheFunction[]
  /**
   * Names, behind the own prefix, of all keys that so many operations over so many keys may store: by them they are removed
   * where keys can't be listed. Absent: there they stay until their time is over.
   */
  names?(settings: Settings, extent: NamesExtent): readonly NameRange[]
  readonly usesDatabase: boolean
  /** Classes of operation, in the order of the report: "read hit", "read miss", "write". */
  readonly classes: readonly OperationClass[]
  /** What must have stopped changing before the load is measured; nothing unless told: it is then warm after one window. */
  readonly indicators?: readonly SteadyIndicator[]
  /**
   * What must be checked of its histories: ids of checkers (`check/registry.ts`). Empty where there is nothing to check.
   * A checker says in its file what it takes rows of that pattern to mean.
   */
  readonly checks: readonly string[]
  /** Distinct paths through the code that touch the cache or the database: the report's measure of complexity. */
  readonly codePaths: number
  create(context: PatternContext<Settings>): Pattern
}

/** hit_ratio: of look-ups in a window. evictions: for each operation. items: that the cache holds. */
export type SteadyIndicator = 'hit_ratio' | 'evictions' | 'items'

export interface OperationClass {
  readonly name: string
  readonly kind: 'read' | 'write'
  /** For reads from the cache: counts into the hit ratio. */
  readonly cache?: 'hit' | 'miss'
  /** A read that the database served because the cache refused or did not answer. */
  readonly degraded?: boolean
}

export interface PatternContext<Settings> {
  readonly settings: Settings
  readonly keys: KeyChooser
  readonly values: ValueMaker
  /** Draws by operation index; one stream a concern. */
  stream(concern: string): Stream
  /** Full key on the server: own prefix, cell, pattern. */
  keyName(suffix: string | number): string
  readonly instance: number
  readonly instances: number
  /** Safety TTL for keys the pattern gives none: longer than the run. Milliseconds. */
  readonly safetyTtlMillis: number
}

export interface Pattern {
  /** Once for the cell, by one instance, before the load: rows for the database, users, seasons. */
  prepare?(world: World): Promise<void>
  /**
   * Stores in the cache what it would hold when the load had gone on for long; how many entries. Once for the cell, by one
   * instance, after `prepare`, where the warm-up is `auto`.
   */
  fill?(world: World, load: FillLoad): Promise<number>
  /** Rows the database starts with. */
  rows?(): Iterable<{ readonly key: string; readonly value: Uint8Array }>
  /** What operation `index` is about to do, as far as its number tells: all that is known of one that never began or was cut off. */
  intent(index: number): OperationIntent
  /** Operation number `index`. What it does is a pure function of (seed, index); what it finds is the world's. */
  operation(index: number, world: World): Promise<OperationResult>
  /**
   * Once for the cell, after the load has ended and faults are undone: reads back what the checks need (layer "probe").
   * `lastIndex`: of the last operation that any instance began; -1 when none did. Whoever verifies need not have made any.
   */
  verify?(world: World, lastIndex: number): Promise<void>
}

export interface NamesExtent {
  /** Of the workload. */
  readonly keys: number
  /** At the most. */
  readonly operations: number
}

export interface FillLoad {
  /** Operations a second, over all instances; null in a closed loop: as fast as answers come. */
  readonly ratePerSecond: number | null
}

/** What one operation may await, and nothing else. Every call is recorded under the operation. */
export interface World {
  readonly cache: Cache
  readonly database: DatabaseSession
  now(): Nanos
  sleep(nanos: Nanos): Promise<void>
  /** Records a row of layer "probe": what a read-back found. */
  probe(row: ProbeRow): void
}

export interface DatabaseSession {
  read(keyId: number, key: string): Promise<DatabaseResult<Row | null>>
  write(keyId: number, key: string, value: (version: number) => Uint8Array): Promise<DatabaseResult<Row>>
}

export interface OperationIntent {
  /** As in the history. */
  readonly fn: string
  readonly key: number
  readonly kind: 'read' | 'write'
  /** The class, where it does not hang on what the operation finds. */
  readonly class?: string
}

export interface OperationResult {
  /** One of the definition's classes. */
  readonly class: string
  /** "read", "write", "login" ... : the history's fn. */
  readonly fn: string
  readonly key: number
  readonly arg?: number
  readonly ret?: number
  /** Who wrote the version in `ret` (or `arg`): instance + 1, 0 for a row the database began with. */
  readonly writer?: number
  readonly status: Status
  readonly error?: string
}

export interface ProbeRow {
  readonly fn: string
  readonly key: number
  readonly outcome: string
  readonly arg?: number
  readonly ret?: number
  readonly writer?: number
}
