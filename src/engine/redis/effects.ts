import type { Command } from '../../protocol/command.ts'
import type { EngineSink } from '../engine.ts'

interface Effect {
  readonly database: number
  readonly command: Command
}

const MULTI: Command = ['MULTI']
const EXEC: Command = ['EXEC']

/**
 * What one execution unit (a command, a transaction, one key's expiry) tells replicas and persistence. More than
 * one effect is wrapped in MULTI and EXEC, so that they are applied as one (propagatePendingCommands in server.c).
 */
export class Effects {
  readonly #sink: EngineSink
  #pending: Effect[] = []

  constructor(sink: EngineSink) {
    this.#sink = sink
  }

  get wanted(): boolean {
    return this.#sink.effect !== undefined
  }

  add(database: number, command: Command): void {
    if (this.wanted) this.#pending.push({ database, command })
  }

  /** Ends the unit. */
  flush(): void {
    const pending = this.#pending
    if (pending.length === 0) return
    this.#pending = []
    const { effect } = this.#sink
    if (!effect) return
    const wrapped = pending.length > 1
    if (wrapped) effect(pending[0]!.database, MULTI)
    for (const { database, command } of pending) effect(database, command)
    if (wrapped) effect(pending.at(-1)!.database, EXEC)
  }
}
