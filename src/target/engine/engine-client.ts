import type { Command } from '../../protocol/command.ts'
import type { Client, ClientOptions, ReplySink } from '../client.ts'
import { EngineConnection } from './engine-connection.ts'
import type { EngineHost } from './engine-host.ts'

/** A client of the embedded engine: a connection or a few over the modelled network, taken in turn. */
export class EngineClient implements Client {
  readonly name = 'engine'
  readonly #connections: readonly EngineConnection[]
  #turn = 0
  #commands = 0

  constructor(host: EngineHost, options: ClientOptions) {
    const numberNext = (): number => this.#commands++
    this.#connections = Array.from({ length: Math.max(1, options.connections) }, () => new EngineConnection(host, options, numberNext))
  }

  submit(command: Command, token: number, sink: ReplySink): void {
    const connections = this.#connections
    if (connections.length > 1) this.#turn = (this.#turn + 1) % connections.length
    connections[this.#turn]!.submit(command, token, sink)
  }

  /** Nothing is left to wait for when it returns: the promise is there for the contract. */
  close(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    return Promise.resolve()
  }
}
