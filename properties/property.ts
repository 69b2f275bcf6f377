import type { Command } from '../src/protocol/command.ts'
import type { Reply } from '../src/protocol/reply.ts'

/**
 * What must hold, as something that can be run: by our own tests (reference engine against real servers) and by
 * `cacheproof validate` (reference engine against anyone's endpoint). One file a promise.
 *
 * A property touches only keys under `options.prefix`, never flushes, and leaves none of its keys behind.
 */
export interface Property {
  /** Stable, for `--only`: "redis/strings". */
  readonly id: string
  /** What holds, as one sentence for people: "Every string command answers as the reference engine does." */
  readonly sentence: string
  readonly family: 'redis' | 'memcached'
  /** The farthest reach of any command it sends; anything but "own keys" and "connection" needs `--allow`. */
  readonly reach: Reach
  run(options: PropertyOptions): Promise<PropertyResult>
}

/** What a command can touch: keys named in it, its own connection, or the server and other people's keys. */
export type Reach = 'own keys' | 'connection' | 'server'

/**
 * One side of a comparison: a connection that takes a whole pipeline and gives one reply a command, in order.
 * Rejects only when the connection is lost or times out. The protocol is settled before it is handed over.
 */
export interface Endpoint {
  /** For messages: "engine:redis 7.0.15", "redis://host:6379". */
  readonly name: string
  /** RESP version spoken on this connection; 2 on Memcached. Both sides of a comparison speak the same. */
  readonly protocol: 2 | 3
  execute(commands: readonly Command[]): Promise<readonly Reply[]>
}

export interface PropertyOptions {
  /** What is right: usually the reference engine in the subject's profile. */
  readonly reference: Endpoint
  /** What is being tested. */
  readonly subject: Endpoint
  /** Every key starts with it. */
  readonly prefix: string
  /** Sequences to try. */
  readonly runs: number
  readonly seed: number
  /** fast-check's path of an earlier counterexample: replays it at once. */
  readonly path?: string
  /** Only commands of at most this reach are generated; "connection" unless told. */
  readonly reach?: Reach
  /** Command names (lower case) the subject is known not to offer; they are left out. */
  readonly without?: ReadonlySet<string>
  /** After every sequence; counts both sides once. Return false to stop early (the result then covers what was run). */
  onProgress?(sequences: number, commands: number): boolean | undefined
}

export type PropertyResult = PropertyHolds | PropertyBroken | PropertyUnknown

interface Ran {
  readonly id: string
  readonly seed: number
  /** Sequences and commands compared. */
  readonly sequences: number
  readonly commands: number
  /** How often each command was sent, by lower-case name. */
  readonly coverage: Readonly<Record<string, number>>
}

export interface PropertyHolds extends Ran {
  readonly outcome: 'holds'
}

export interface PropertyBroken extends Ran {
  readonly outcome: 'broken'
  readonly counterexample: Counterexample
}

/** No verdict: the connection was lost, or the difference could not be seen twice. */
export interface PropertyUnknown extends Ran {
  readonly outcome: 'unknown'
  readonly reason: string
}

/** The shortest sequence found that tells the two sides apart. */
export interface Counterexample {
  /** With `seed`, replays it. */
  readonly path: string
  readonly commands: readonly Command[]
  /** Index into `commands` of the first reply that differs. */
  readonly at: number
  /** As one would type it into redis-cli (or a Memcached text session), one line a command. */
  readonly script: string
  /** The two replies at `at`, printed without loss. */
  readonly expected: string
  readonly actual: string
}
