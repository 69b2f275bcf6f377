import type { Socket } from 'node:net'
import type { Address } from './address.ts'
import { type Closed, failureOf } from './closed.ts'
import type { Connection, ConnectionEvents } from './network.ts'

/** A socket of the system. Its bytes are told by whoever made it, through `receive`: how they are read differs. */
export class RealConnection implements Connection {
  readonly encryption: 'none' | 'tls'
  readonly #socket: Socket
  #events: ConnectionEvents | undefined
  #peer: Address | undefined
  #firstToEnd: 'peer' | 'us' | undefined
  #ended = false
  #destroyed = false
  #connected: boolean
  #failure: Closed | undefined

  /** `connected`: hands are shaken. */
  constructor(socket: Socket, encryption: 'none' | 'tls', connected: boolean, peer?: Address) {
    this.#socket = socket
    this.encryption = encryption
    this.#peer = peer
    this.#connected = connected
    socket.on('drain', () => this.#events?.drained?.())
    socket.once('end', () => {
      this.#firstToEnd ??= 'peer'
      if (!this.#destroyed) this.#events?.ended()
    })
    socket.on('error', (error) => {
      this.#failure ??= failureOf(error)
    })
    socket.once('close', () => this.#events?.closed(this.#reason()))
  }

  get peer(): Address {
    // Asks the system: many never want to know.
    this.#peer ??= { host: this.#socket.remoteAddress ?? 'unknown', port: this.#socket.remotePort ?? 0 }
    return this.#peer
  }

  get unsentBytes(): number {
    return this.#socket.writableLength
  }

  /** From now on; to be called before the event loop goes on. */
  tell(events: ConnectionEvents): void {
    this.#events = events
  }

  connected(): void {
    this.#connected = true
    if (this.#ended && !this.#destroyed) this.#socket.end()
    this.#events?.connected?.()
  }

  receive(chunk: Buffer): void {
    if (!this.#destroyed) this.#events?.data(chunk)
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#socket.destroyed) return false
    return this.#socket.write(bytes)
  }

  end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#firstToEnd ??= 'us'
    // Node 20 forgets the end of a TLS connection that comes before its handshake.
    if (this.#connected) this.#socket.end()
  }

  destroy(): void {
    if (this.#socket.destroyed) return
    this.#ended = true
    this.#destroyed = true
    this.#socket.destroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  #reason(): Closed {
    if (this.#destroyed) return { why: 'destroyed' }
    return this.#failure ?? { why: 'ended', by: this.#firstToEnd ?? 'peer' }
  }
}
