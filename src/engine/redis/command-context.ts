import type { Command, Word } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { SessionId } from '../engine.ts'
import type { BLOCKED } from './blocked.ts'
import type { CommandCatalogue } from './command-facts.ts'
import type { CommandClock, Database } from './database.ts'
import type { RedisProfile } from './profiles.ts'
import type { Blocking, Session } from './session.ts'
import type { Settings } from './settings.ts'

/**
 * What a command function is given: its session, its database, a frozen clock, and the ways out. One object an
 * engine, reused from command to command; never kept.
 */
export interface CommandContext {
  readonly profile: RedisProfile
  readonly settings: Settings
  readonly table: CommandCatalogue
  readonly session: Session
  /** The session's database. */
  readonly db: Database
  readonly databases: readonly Database[]
  /** Wall time, frozen for the length of the command. */
  readonly nowMillis: number
  readonly nowMicros: number
  /** Engine time. */
  readonly now: Nanos
  /** The command, as `resolve` named it: "getset", "client|id". */
  readonly commandName: string

  /** Uniform in [0, 1). */
  random(): number
  /** The command has written: its effect is what was fed, unless `rewrite` says otherwise. */
  dirty(): void
  /** What replicas and persistence see in place of the command; an empty list for nothing. */
  rewrite(...commands: Command[]): void
  /** Ends the session after this command's reply. */
  closeAfterReply(): void

  /** Makes the session wait; the command returns what this returns: BLOCKED, or within EXEC, where nothing waits, the reply of giving up. */
  block(blocking: Blocking): Reply | typeof BLOCKED
  /** Answers a blocked session; it goes on with what it was fed meanwhile once the running command is done. */
  wake(session: SessionId, reply: Reply): void
  /** Out-of-band data for any session. */
  push(session: SessionId, reply: Reply): void

  readonly server: ServerState
  /** Runs another command within this one (EXEC): its reply, with effects as usual. */
  call(argv: Command): Reply
  /** Marks keys as watched by this session; `unwatch` forgets all. */
  watch(keys: readonly Word[]): void
  unwatch(session: Session): void
}

/** Numbers INFO and CLIENT show, and what few commands may do to the whole. */
export interface ServerState {
  readonly sessions: ReadonlyMap<SessionId, Session>
  readonly runId: string
  readonly startedMicros: number
  readonly usedMemoryBytes: number
  readonly counters: ServerCounters
  readonly clock: CommandClock
}

export interface ServerCounters {
  commands: number
  connections: number
  expiredKeys: number
  evictedKeys: number
}
