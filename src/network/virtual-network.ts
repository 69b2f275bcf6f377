import type { Nanos, Runtime } from '../runtime/runtime.ts'
import { checkLinkSettings, HEALTHY_LINK, type LinkSettings } from './link-settings.ts'
import { LINUX_TCP, type TcpSettings } from './tcp-settings.ts'
import { VirtualHost } from './virtual-host.ts'
import { VirtualLink } from './virtual-link.ts'
import { VirtualNames } from './virtual-names.ts'

export interface VirtualNetworkOptions {
  readonly runtime: Runtime
  /** What every link is like unless it is told otherwise. */
  readonly link?: Partial<LinkSettings>
  readonly tcp?: Partial<TcpSettings>
}

/**
 * Named hosts and the links between them, on a Runtime of either kind and decided by its seed. What runs on a host is given
 * the host, which is its `Network`; whoever plays fate has hosts, links and names.
 */
export class VirtualNetwork {
  readonly runtime: Runtime
  readonly tcp: TcpSettings
  readonly names = new VirtualNames()
  /** A round trip to whoever knows the names, where the answer is not remembered. */
  readonly nameServerNanos: Nanos
  readonly #link: LinkSettings
  readonly #hosts = new Map<string, VirtualHost>()
  readonly #links = new Map<string, VirtualLink>()

  constructor({ runtime, link, tcp }: VirtualNetworkOptions) {
    this.runtime = runtime
    this.tcp = { ...LINUX_TCP, ...tcp }
    this.#link = { ...HEALTHY_LINK, ...link }
    checkLinkSettings(this.#link)
    this.nameServerNanos = 2 * this.#link.delay.medianNanos
  }

  /** The host of that name, made when it is asked for first. */
  host(name: string): VirtualHost {
    let host = this.#hosts.get(name)
    if (!host) {
      host = new VirtualHost(this, name)
      this.#hosts.set(name, host)
    }
    return host
  }

  find(name: string): VirtualHost | undefined {
    return this.#hosts.get(name)
  }

  /** One direction between two hosts; also where one of them does not exist. */
  link(from: string, to: string): VirtualLink {
    const key = `${from} > ${to}`
    let link = this.#links.get(key)
    if (!link) {
      link = new VirtualLink(this.runtime, from, to, this.#link, (cut) => {
        for (const name of new Set([from, to])) this.#hosts.get(name)?.cut(cut)
      })
      this.#links.set(key, link)
    }
    return link
  }
}
