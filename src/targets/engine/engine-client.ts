import type { Client, ClientOptions, ReplySink } from '../../client/client.ts'
import type { Command } from '../../protocol/command.ts'
import { EngineConnection } from './engine-connection.ts'
import type { EngineHost } from './engine-host.ts'

/** A client of the embedded engine: a connection or a few over the modelled network. */
export class EngineClient implements Client {
  readonly name = 'engine'
  readonly #connections: readonly EngineConnection[]
  #commands = 0

  constructor(host: EngineHost, options: ClientOptions) {
    const numberNext = (): number => this.#commands++
    this.#connections = Array.from({ length: Math.max(1, options.connections) }, () => new EngineConnection(host, options, numberNext))
  }

  get openConnections(): number {
    return this.#connections.reduce((open, { up }) => (up ? open + 1 : open), 0)
  }

  submit(command: Command, token: number, sink: ReplySink, lane = 0): void {
    const connections = this.#connections
    connections[lane % connections.length]!.submit(command, token, sink)
  }

  /** Nothing is left to wait for when it returns: the promise is there for the contract. */
  close(): Promise<void> {
    for (const connection of this.#connections) connection.close()
    return Promise.resolve()
  }
}
