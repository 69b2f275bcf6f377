import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** A TCP server that does what a script says, for clients under test. */
export class FakeServer {
  /** Everything each connection has sent, as Latin-1; nothing where it is not kept, under load. */
  readonly received: string[] = []
  readonly sockets: Socket[] = []
  /** Number of reads a connection took: how many pieces the kernel handed over. */
  readonly reads: number[] = []
  readonly #server: Server
  #port = 0

  private constructor(script: (socket: Socket, connection: number) => void, keepsReceived: boolean) {
    this.#server = createServer({ noDelay: true }, (socket) => {
      const index = this.sockets.push(socket) - 1
      this.received.push('')
      this.reads.push(0)
      socket.on('error', () => {})
      socket.on('data', (chunk) => {
        if (keepsReceived) this.received[index] += chunk.toString('latin1')
        this.reads[index]!++
      })
      script(socket, index)
    })
  }

  static async start(
    script: (socket: Socket, connection: number) => void,
    { keepsReceived = true }: { readonly keepsReceived?: boolean } = {},
  ): Promise<FakeServer> {
    const server = new FakeServer(script, keepsReceived)
    await server.listen()
    return server
  }

  get port(): number {
    return this.#port
  }

  get address(): { readonly host: string; readonly port: number } {
    return { host: '127.0.0.1', port: this.#port }
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  /** Cuts everybody and stops listening. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.sockets) socket.destroy()
    await closed
  }
}

/** Answers `reply` to each RESP command, counted by its `*`. */
export function answering(reply: string | ((command: number, socket: Socket) => string | undefined)): (socket: Socket) => void {
  return (socket) => {
    let commands = 0
    socket.on('data', (chunk) => {
      for (const byte of chunk) {
        if (byte !== 42) continue
        const text = typeof reply === 'string' ? reply : reply(commands, socket)
        commands++
        if (text !== undefined && !socket.destroyed) socket.write(text, 'latin1')
      }
    })
  }
}
