import type { ConnectionOptions, TlsOptions } from 'node:tls'
import type { Address } from './address.ts'
import type { Closed, NetworkFailure } from './closed.ts'

/**
 * Bytes between addresses, as one process sees them. Two members, held to `network.contract.ts`: `real-network.ts` and,
 * of a named host on a Runtime, `virtual-host.ts`.
 *
 * What goes wrong in the world is told as a value. No callback is called within the call that it belongs to, and within
 * a callback anything may be called.
 */
export interface Network {
  readonly kind: 'real' | 'virtual'
  /**
   * Listens. Port 0 lets the system choose; `told` learns once where, or why not. Until then `Listener.close` may be called
   * and nobody is accepted.
   */
  listen(address: Address, accept: Accept, told: (result: Listening | NetworkFailure) => void, options?: ListenOptions): Listener
  /** Opens a connection; a name is looked up first. Throws on what is no address. */
  dial(address: Address, events: ConnectionEvents, options?: DialOptions): Connection
  /** The addresses of a name, in the order in which they are tried; of an address itself. An empty list is a failure. */
  resolve(name: string, told: (result: Resolved | NetworkFailure) => void): void
}

/** Somebody has connected (and shaken hands): returns who is told what happens. It may write at once. */
export type Accept = (connection: Connection) => ConnectionEvents

export interface Listening {
  readonly why: undefined
  readonly address: Address
}

export interface Resolved {
  readonly why: undefined
  readonly addresses: readonly string[]
}

export interface ListenOptions {
  /** Key and certificate, and ca with requestCert for mutual TLS. A peer whose handshake fails is never accepted. */
  readonly tls?: TlsOptions | undefined
}

export interface DialOptions {
  readonly tls?: ConnectionOptions | undefined
}

export interface Listener {
  /**
   * Accepts nobody any more; who is still shaking hands is cut, what was accepted stays. `told` once the address is free.
   * Idempotent.
   */
  close(told?: () => void): void
}

/**
 * One stream of bytes in each direction, without gaps and in order. A side that has ended still hears the other, which is
 * why both have to end before it is closed.
 */
export interface Connection {
  /** Who is at the other side; of a dial, what was asked for. */
  readonly peer: Address
  /** `modelled`: TLS was asked for, its round trips are charged, and nothing is encrypted. */
  readonly encryption: 'none' | 'tls' | 'modelled'
  /**
   * Written and not yet taken by the system. While it is not 0 the buffers that were given to `write` belong to the
   * network and must not change; whenever it is 0 they are the writer's again, also right after `write`.
   */
  readonly unsentBytes: number
  /**
   * May be called from the beginning: what is written while it connects goes out then. Returns whether to go on: after
   * false, wait for `drained` (or don't: nothing is refused, it piles up here). What is written after the end goes nowhere.
   */
  write(bytes: Uint8Array): boolean
  /** Nothing more will be written: the peer hears of it after all that was. Idempotent. */
  end(): void
  /**
   * At once and for good: nothing but `closed` is told any more. What the system has taken may still arrive, the rest is lost; the
   * peer is told of an end or a reset. Idempotent.
   */
  destroy(): void
  /** No `data` comes, nor what stands behind it, until `resume`; so the peer is slowed down. */
  pause(): void
  resume(): void
}

export interface ConnectionEvents {
  /**
   * Of the virtual network: what these callbacks do settles no promise that is awaited outside of a task (see
   * `Runtime.after`). The time that this saves is a server's, to whom each command is an event.
   */
  readonly quiet?: boolean
  /** Of a dial: hands are shaken. Before anything else but `closed`. */
  connected?(): void
  /** The chunk is the network's and valid during the call only. */
  data(chunk: Buffer): void
  /** After `write` has returned false: there is room again. */
  drained?(): void
  /** The peer has ended its side and said all. Ours stays open until `end` or `destroy`. */
  ended(): void
  /** Once, and the last that is told. */
  closed(reason: Closed): void
}
