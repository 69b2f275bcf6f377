import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'
import type { Nanos, Stream } from '../runtime/runtime.ts'

/**
 * A reference cache as a pure state machine: no sockets, no clock, no timers. Three drivers move it: a socket
 * server (`server/`), in-process calls and virtual time (`targets/engine-target.ts`); all are held to
 * `engine.contract.ts`.
 *
 * Life of a session: `connect`, any number of `feed`, `disconnect` (or the engine says `close`).
 * Time moves only by `advance`; the driver calls it before each `feed` and when `nextDeadline` is due.
 */
export interface Engine {
  readonly profile: EngineProfile
  connect(session: SessionId): void
  /** One whole command. Replies of one session come in the order of its commands; those of a blocked session wait. */
  feed(session: SessionId, command: Command): void
  /** What the session's peer wrote could not be parsed: the engine answers (where the real one does) and closes. */
  feedError?(session: SessionId, text: string): void
  /** Moves time forward: expiry cycles, timeouts of blocked sessions. Never backward. */
  advance(now: Nanos): void
  /** When `advance` next has something to do; undefined when nothing is pending. */
  nextDeadline(): Nanos | undefined
  disconnect(session: SessionId): void
  /** How replies to this session are to be encoded (`HELLO` changes it). Memcached engines return 2. */
  protocolVersion(session: SessionId): 2 | 3
  /** Ends the process, as `kill -9` does, and starts it again: what is not persisted is gone, every session is closed. */
  restart(): void
}

export type SessionId = number

export type EngineName = 'redis' | 'valkey' | 'memcached'

export interface EngineProfile {
  readonly engine: EngineName
  /** As the server itself says it: "7.0.15". */
  readonly version: string
}

/** Where an engine's output goes. May be called during or after `feed`, for any session. */
export interface EngineSink {
  reply(session: SessionId, reply: Reply): void
  push(session: SessionId, reply: Reply): void
  close(session: SessionId): void
  /** What replicas and persistence must see, in order. */
  effect?(database: number, command: Command): void
}

export interface EngineOptions {
  readonly sink: EngineSink
  /** Microseconds since the Unix epoch; the engine reads it once a command. */
  readonly wallMicros: () => number
  /** Draws for random eviction, RANDOMKEY and the like. */
  readonly chance: Stream
  /** Told of what an engine threw, which is a mistake of ours; the client was answered with an error and everyone else goes on. */
  readonly onInternalError?: (thrown: unknown, command: string) => void
  /** In bytes; 0 or absent = no limit (redis), the server's default of 64 MiB (memcached). */
  readonly maxMemoryBytes?: number
  /** Redis and Valkey only: noeviction by default. */
  readonly maxMemoryPolicy?: string
  /** Redis and Valkey only: what the default user has to say before anything else (`requirepass`). None unless told. */
  readonly password?: string
}
