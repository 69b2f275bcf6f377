import { MICROSECOND, type Runtime } from '../runtime/runtime.ts'
import type { Accept, ConnectionEvents, Listener } from './network.ts'
import type { TcpSettings } from './tcp-settings.ts'
import type { VirtualConnection } from './virtual-connection.ts'

/** The host that it listens on. */
interface ListenerHost {
  readonly runtime: Runtime
  readonly tcp: TcpSettings
  release(listener: VirtualListener): void
}

export class VirtualListener implements Listener {
  readonly port: number
  readonly tls: boolean
  /** Connected by the system, and the process has not accepted them yet. */
  unaccepted = 0
  readonly #host: ListenerHost
  readonly #accept: Accept
  #closed = false

  constructor(host: ListenerHost, port: number, accept: Accept, tls: boolean) {
    this.#host = host
    this.port = port
    this.tls = tls
    this.#accept = accept
  }

  get closed(): boolean {
    return this.#closed
  }

  /** The system answers nobody more. */
  get full(): boolean {
    return this.unaccepted >= this.#host.tcp.backlog
  }

  /** Undefined: nobody is accepted here any more, or the one speaks TLS and the other does not. */
  accept(connection: VirtualConnection, tls: boolean): ConnectionEvents | undefined {
    this.unaccepted--
    return this.#closed || tls !== this.tls ? undefined : this.#accept(connection)
  }

  close(told: () => void = () => {}): void {
    this.stop()
    this.#host.runtime.after(MICROSECOND, told)
  }

  /** Nobody is told. */
  stop(): void {
    this.#closed = true
    this.#host.release(this)
  }
}
