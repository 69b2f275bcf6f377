import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { Address } from './address.ts'
import { failureOf, type NetworkFailure } from './closed.ts'
import type { Accept, Listener, Listening, ListenOptions } from './network.ts'
import { readAccepted } from './read-into-one-buffer.ts'
import { RealConnection } from './real-connection.ts'

export class RealListener implements Listener {
  readonly #server: Server
  readonly #accept: Accept
  readonly #address: Address
  /** Of TLS: who has connected and not shaken hands yet, by address. */
  readonly #shaking = new Map<string, Socket>()
  #state: 'opening' | 'open' | 'closed' = 'opening'
  /** Undefined: nobody has asked to close it. */
  #waiting: (() => void)[] | undefined

  constructor(address: Address, accept: Accept, told: (result: Listening | NetworkFailure) => void, options: ListenOptions) {
    this.#address = address
    this.#accept = accept
    const { tls } = options
    this.#server = tls
      ? createTlsServer({ ...tls, noDelay: true, allowHalfOpen: true }, (socket) => this.#secured(socket))
      : createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (socket) => this.#connected(socket))
    if (tls) this.#server.on('connection', (socket: Socket) => this.#keep(socket))
    // A failed handshake is the peer's affair.
    this.#server.on('tlsClientError', () => {})
    this.#server.on('error', (error) => {
      if (this.#state !== 'opening') return
      this.#state = 'closed'
      told(failureOf(error))
      this.#tellClosed()
    })
    this.#server.once('listening', () => {
      this.#state = 'open'
      told({ why: undefined, address: this.#bound() })
      if (this.#waiting) this.#shut()
    })
    this.#server.listen('path' in address ? { path: address.path } : { host: address.host, port: address.port })
  }

  close(told: () => void = () => {}): void {
    const asked = this.#waiting !== undefined
    this.#waiting ??= []
    this.#waiting.push(told)
    if (this.#state === 'closed') setImmediate(() => this.#tellClosed())
    else if (this.#state === 'open' && !asked) this.#shut()
  }

  #shut(): void {
    this.#state = 'closed'
    // The address is free when this returns; its callback would wait for connections.
    this.#server.close()
    for (const socket of this.#shaking.values()) socket.destroy()
    setImmediate(() => this.#tellClosed())
  }

  #tellClosed(): void {
    for (const told of this.#waiting?.splice(0) ?? []) told()
  }

  #connected(accepted: Socket): void {
    let connection: RealConnection | undefined
    const socket = readAccepted(accepted, (chunk) => connection?.receive(chunk))
    connection = new RealConnection(socket, 'none', true, this.#peerOfAll())
    this.#hand(connection)
  }

  #secured(socket: Socket): void {
    this.#shaking.delete(whoIs(socket))
    const connection = new RealConnection(socket, 'tls', true, this.#peerOfAll())
    socket.on('data', (chunk: Buffer) => connection.receive(chunk))
    this.#hand(connection)
  }

  #hand(connection: RealConnection): void {
    if (this.#waiting) connection.destroy()
    else connection.tell(this.#accept(connection))
  }

  #keep(socket: Socket): void {
    const who = whoIs(socket)
    this.#shaking.set(who, socket)
    socket.once('close', () => this.#shaking.get(who) === socket && this.#shaking.delete(who))
  }

  /** Who dials a unix socket has no address. */
  #peerOfAll(): Address | undefined {
    return 'path' in this.#address ? this.#address : undefined
  }

  #bound(): Address {
    const bound = this.#server.address() as AddressInfo | string
    return typeof bound === 'string' ? { path: bound } : { host: (this.#address as { host: string }).host, port: bound.port }
  }
}

/** Node does not say which socket is inside of which. */
function whoIs(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}
