import type { Nanos, Runtime } from '../runtime/runtime.ts'
import type { TcpSettings } from './tcp-settings.ts'
import type { ConnectionHost, VirtualConnection } from './virtual-connection.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { VirtualListener } from './virtual-listener.ts'
import type { VirtualNames } from './virtual-names.ts'

/** A host, as a dial of its own or of another host's sees it. */
export interface VirtualHostSide extends ConnectionHost {
  readonly name: string
  readonly tcp: TcpSettings
  readonly network: VirtualNetworkSide
  listenerAt(port: number): VirtualListener | undefined
  remember(connection: VirtualConnection): void
  nextClientPort(): number
}

/** The network, as a host sees it. */
export interface VirtualNetworkSide {
  readonly runtime: Runtime
  readonly tcp: TcpSettings
  readonly names: VirtualNames
  readonly nameServerNanos: Nanos
  find(name: string): VirtualHostSide | undefined
  link(from: string, to: string): VirtualLink
}
