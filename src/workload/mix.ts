import type { Command } from '../protocol/command.ts'
import type { Reply } from '../protocol/reply.ts'

/**
 * A mix: a synchronous program for raw load. It says what request number `index` is and what its reply was, and
 * never sees a promise. The load loop submits and counts; nothing is allocated per operation that this does not.
 */
export interface Mix {
  readonly classes: readonly MixClass[]
  /** The command of request `index`. The returned array may be reused: it is encoded before the next call. */
  next(index: number): Command
  /** Which class (index into `classes`) the reply falls into. A server error is reported by the loop, not here. */
  onReply(index: number, reply: Reply): number
}

export interface MixClass {
  readonly name: string
  readonly kind: 'read' | 'write'
  readonly cache?: 'hit' | 'miss'
}
