import type { Command } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { SessionId } from '../engine.ts'

/** What a session waits for. */
export interface Blocking {
  /** Engine time at which it gives up; undefined = never. */
  readonly deadline: Nanos | undefined
  /** The reply when it gives up. */
  onTimeout(): Reply
  /** The session has gone, or was woken: forget it. Called once, also after a timeout. */
  onEnd?(): void
}

/** One connection's state. */
export class Session {
  readonly id: SessionId
  /** CLIENT ID: counts up over the engine's life. */
  readonly clientId: number
  protocol: 2 | 3 = 2
  database = 0
  name = ''
  libName = ''
  libVersion = ''
  blocked: Blocking | undefined
  /** Fed while blocked, or while another command was running. */
  readonly queue: Command[] = []
  /** Commands between MULTI and EXEC. */
  transaction: Command[] | undefined
  /** A command was refused while queueing: EXEC will abort. */
  dirtyExec = false
  /** A queued command may use memory: EXEC is refused when there is none. */
  queuedDenyOom = false
  /** Keys watched, and whether one has changed. */
  watched: WatchedKey[] = []
  watchBroken = false
  /** Said the password, or came when there was none. */
  authenticated = false
  closed = false

  constructor(id: SessionId, clientId: number) {
    this.id = id
    this.clientId = clientId
  }

  /** The commands that were queued; there is no transaction any more. */
  endTransaction(): readonly Command[] {
    const queued = this.transaction ?? []
    this.transaction = undefined
    this.dirtyExec = false
    this.queuedDenyOom = false
    return queued
  }
}

export interface WatchedKey {
  readonly database: number
  /** Latin1. */
  readonly key: string
  /** It had expired already when it was watched: its removal is no change. */
  readonly expired: boolean
}
