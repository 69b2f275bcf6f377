import { Roster } from '../runtime/roster.ts'
import { MICROSECOND, type Runtime } from '../runtime/runtime.ts'
import { type Address, checkAddress } from './address.ts'
import { type NetworkFailure, systemFailure } from './closed.ts'
import type { Accept, Connection, ConnectionEvents, DialOptions, Listener, Listening, ListenOptions, Network, Resolved } from './network.ts'
import type { TcpSettings } from './tcp-settings.ts'
import { VirtualConnection } from './virtual-connection.ts'
import { VirtualDial } from './virtual-dial.ts'
import type { VirtualHostSide, VirtualNetworkSide } from './virtual-host-side.ts'
import type { VirtualLink } from './virtual-link.ts'
import { VirtualListener } from './virtual-listener.ts'
import { NameCache } from './virtual-names.ts'

/** From here on the system chooses ports (RFC 6335, 6). */
const FIRST_FREE_PORT = 49_152

/**
 * A named host with one process: the virtual network as this process sees it, and what can happen to both. What happens to
 * a process is not told to it: whoever kills it also stops its code.
 */
export class VirtualHost implements Network, VirtualHostSide {
  readonly kind = 'virtual'
  readonly name: string
  readonly network: VirtualNetworkSide
  readonly runtime: Runtime
  readonly tcp: TcpSettings
  readonly #connections = new Roster<VirtualConnection>()
  readonly #listeners = new Map<number, VirtualListener>()
  readonly #names: NameCache
  #clientPort = FIRST_FREE_PORT
  #frozen = false
  #off = false
  #thawed: (() => void)[] = []

  constructor(network: VirtualNetworkSide, name: string) {
    this.network = network
    this.name = name
    this.runtime = network.runtime
    this.tcp = network.tcp
    this.#names = new NameCache(network.runtime, network.names)
  }

  get frozen(): boolean {
    return this.#frozen
  }

  get off(): boolean {
    return this.#off
  }

  get sendBufferBytes(): number {
    return this.tcp.sendBufferBytes
  }

  get receiveBufferBytes(): number {
    return this.tcp.receiveBufferBytes
  }

  listen(address: Address, accept: Accept, told: (result: Listening | NetworkFailure) => void, options: ListenOptions = {}): Listener {
    const { host, port: wanted } = tcpAddress(address, 0)
    const port = wanted || this.#freePort()
    const listener = new VirtualListener(this, port, accept, options.tls !== undefined)
    const where = `${host}:${port}`
    let result: Listening | NetworkFailure = { why: undefined, address: { host, port } }
    if (host !== this.name && host !== '0.0.0.0' && host !== '::') result = systemFailure('other', 'EADDRNOTAVAIL', 'listen', where)
    else if (this.#listeners.has(port)) result = systemFailure('address-in-use', 'EADDRINUSE', 'listen', where)
    else this.#listeners.set(port, listener)
    this.runtime.after(MICROSECOND, () => told(result))
    return listener
  }

  dial(address: Address, events: ConnectionEvents, { tls }: DialOptions = {}): Connection {
    const where = tcpAddress(address)
    let dial: VirtualDial | undefined
    let cancelled = false
    const near = new VirtualConnection({
      host: this,
      peer: address,
      encryption: tls ? 'modelled' : 'none',
      events,
      abandoned: () => {
        cancelled = true
        dial?.cancel()
      },
    })
    this.remember(near)
    this.#lookUp(where.host, (addresses) => {
      if (cancelled) return
      if (addresses.length === 0) near.failed(unknownName(where.host))
      const next = (index: number): void => {
        const isLast = index === addresses.length - 1
        const patience = isLast ? this.tcp.dialGiveUpAfterNanos : this.tcp.nextAddressAfterNanos
        dial = new VirtualDial(this, addresses[index]!, where, tls !== undefined, near, patience, (failure) => {
          if (isLast || failure.why === 'tls') near.failed(failure)
          else next(index + 1)
        })
      }
      if (addresses.length > 0) next(0)
    })
    return near
  }

  resolve(name: string, told: (result: Resolved | NetworkFailure) => void): void {
    this.#lookUp(name, (addresses) => {
      this.runtime.after(MICROSECOND, () => told(addresses.length > 0 ? { why: undefined, addresses } : unknownName(name)))
    })
  }

  /** The process dies: what it had is reset, who dials is refused. Listening again is how another one begins. */
  kill(): void {
    this.#end(true)
  }

  /** As SIGSTOP: the system goes on accepting, acknowledging and keeping what comes. Idempotent. */
  freeze(): void {
    this.#frozen = true
  }

  /** As SIGCONT: what has come meanwhile is told, in order. Idempotent. */
  thaw(): void {
    this.#frozen = false
    this.runtime.after(MICROSECOND, () => {
      if (this.#frozen) return
      for (const go of this.#thawed.splice(0)) go()
    })
  }

  /** The host dies, and nothing is heard of it any more. */
  powerOff(): void {
    this.#end(false)
    this.#off = true
  }

  /** It is back and knows of nothing: what comes for connections of before is reset. */
  powerOn(): void {
    this.#off = false
  }

  listenerAt(port: number): VirtualListener | undefined {
    return this.#listeners.get(port)
  }

  release(listener: VirtualListener): void {
    if (this.#listeners.get(listener.port) === listener) this.#listeners.delete(listener.port)
  }

  remember(connection: VirtualConnection): void {
    this.#connections.add(connection)
  }

  forget(connection: VirtualConnection): void {
    this.#connections.delete(connection)
  }

  whenThawed(go: () => void): void {
    this.#thawed.push(go)
  }

  nextClientPort(): number {
    this.#clientPort = this.#clientPort === 65_535 ? FIRST_FREE_PORT : this.#clientPort + 1
    return this.#clientPort
  }

  /** Resets every connection of this host that uses the link. */
  cut(link: VirtualLink): void {
    for (const connection of [...this.#connections]) if (connection.uses(link)) connection.reset()
  }

  #end(reset: boolean): void {
    for (const listener of [...this.#listeners.values()]) listener.stop()
    for (const connection of this.#connections.takeAll()) connection.die(reset)
    this.#frozen = false
    this.#thawed = []
  }

  /** Calls back at once where nobody has to be asked. */
  #lookUp(name: string, told: (addresses: readonly string[]) => void): void {
    if (this.network.find(name)) {
      told([name])
      return
    }
    const remembered = this.#names.remembered(name)
    if (remembered) told(remembered)
    else this.runtime.after(this.network.nameServerNanos, () => told(this.#names.ask(name)), true)
  }

  #freePort(): number {
    let port = FIRST_FREE_PORT
    while (this.#listeners.has(port)) port++
    return port
  }
}

function tcpAddress(address: Address, lowestPort = 1): { readonly host: string; readonly port: number } {
  checkAddress(address, lowestPort)
  if ('path' in address) throw new RangeError(`a virtual network has no unix sockets: ${address.path}`)
  return address
}

function unknownName(name: string): NetworkFailure {
  return systemFailure('name-not-found', 'ENOTFOUND', 'getaddrinfo', name)
}
