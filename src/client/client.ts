import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'
import type { Nanos } from '../runtime/runtime.ts'

/**
 * One application's way to a cache: a connection or a few, behind one routing rule. The primitive is
 * callback-based; the promise form is a wrapper that the run's recorder puts on it. Implementations: `wire/`
 * (ours), `ioredis/`, `memjs/`, `engine/` (in-process); all are held to `client.contract.ts`.
 *
 * Life cycle: `TargetHandle.connect` -> `submit`... -> `close`. A client never retries behind the caller's back
 * unless it is one that is known for it (`ioredis:defaults`), and then says so in `attempts` where it can.
 */
export interface Client {
  /** "wire", "ioredis", "memjs", "engine"; with ":defaults" where the library's own settings are under test. */
  readonly name: string
  /**
   * Connections that stand now, to all nodes together: what `ClientOptions.connections` has come to. A client that is
   * told a number of connections has them before `connect` resolves.
   */
  readonly openConnections: number
  /**
   * Sends one command. The sink hears of it exactly once, with `token`; never before `submit` returns.
   *
   * `lane`: a small integer, one simulated user's; 0 unless told. All commands of one lane take the same connection of a
   * node (lane mod connections), so that what a user has under way is one pipeline and stays in order.
   */
  submit(command: Command, token: number, sink: ReplySink, lane?: number): void
  /** Ends the connections; commands without an answer fail as `info`. Idempotent. */
  close(): Promise<void>
}

export interface ReplySink {
  /** False: it asks whether there is a value and never what it is. A client may then leave out the bytes: a string of none comes. */
  readonly readsValues?: boolean
  /** The server answered (an error the server answered is an answer: `ReplyError`). `facts` is valid during the call only. */
  reply(token: number, reply: Reply, facts: WireFacts): void
  /** No answer. */
  failed(token: number, failure: Failure, facts: WireFacts): void
}

/** Reused by the client from call to call. */
export interface WireFacts {
  /** Address of the node that was asked, "127.0.0.1:6379", "engine". */
  node: string
  /** When the first byte was handed to the socket. */
  sentNanos: Nanos
  doneNanos: Nanos
  attempts: number
  bytesOut: number
  bytesIn: number
}

/** `fail`: definitely not applied. `info`: unknown, it may have been applied. A timeout is never a failure. */
export interface Failure {
  readonly status: 'fail' | 'info'
  readonly code: FailureCode
  /** For people; may contain text from outside, so escape it where it is shown. */
  readonly message: string
}

export type FailureCode =
  | 'refused' // no connection could be made; nothing was sent
  | 'not-sent' // the connection was down or the client closed before anything was sent
  | 'closed' // the connection ended after bytes were sent
  | 'timeout' // no answer within the deadline
  | 'protocol' // the answer could not be understood
  | 'unexpected-reply' // the answer is well-formed, and none to this command
  | 'client' // the client library failed in a way of its own

/** How a client is made. */
export interface ClientOptions {
  /** Deadline of one operation, 1 s unless told. */
  readonly deadlineNanos: Nanos
  /** Connections per node, 1 unless told. */
  readonly connections: number
  /** A connection that is down is made anew this often, instead of after a back-off. Our own clients only. */
  readonly reconnectEveryNanos?: Nanos
  /** A small integer, unique in the run: names the connection in the history and in draws. */
  readonly id: number
}
