import type { Nanos, Timer } from '../runtime/runtime.ts'
import { showAddress } from './address.ts'
import { type NetworkFailure, systemFailure } from './closed.ts'
import { SegmentDelays } from './segment-delays.ts'
import { VirtualConnection } from './virtual-connection.ts'
import type { VirtualHostSide } from './virtual-host-side.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { VirtualListener } from './virtual-listener.ts'
import { VirtualStream } from './virtual-stream.ts'

/** Of a connection's segments in either direction, the first ones are those of its handshake: SYN, and the one TLS round. */
const FIRST_NUMBER = 2

/**
 * The handshake of one connection with one host: SYN there, SYN-ACK back, with TLS 1.3 one more round trip (RFC 8446, 2),
 * and an ACK there, by which the other side accepts. What gets lost is sent again until the system gives up.
 */
export class VirtualDial {
  readonly #from: VirtualHostSide
  readonly #to: VirtualHostSide | undefined
  readonly #address: { readonly host: string; readonly port: number }
  readonly #tls: boolean
  readonly #near: VirtualConnection
  readonly #failed: (failure: NetworkFailure) => void
  readonly #there: VirtualLink
  readonly #back: VirtualLink
  readonly #thereDelays: SegmentDelays
  readonly #backDelays: SegmentDelays
  readonly #giveUp: Timer
  #over = false
  /** The end at the other side, once its system knows of it. */
  #far: VirtualConnection | undefined
  #listener: VirtualListener | undefined

  /** `hostName`: the address that was asked for, or what its name stands for. Fails after `patienceNanos` at the latest. */
  constructor(
    from: VirtualHostSide,
    hostName: string,
    address: { readonly host: string; readonly port: number },
    tls: boolean,
    near: VirtualConnection,
    patienceNanos: Nanos,
    failed: (failure: NetworkFailure) => void,
  ) {
    this.#from = from
    this.#to = from.network.find(hostName)
    this.#address = address
    this.#tls = tls
    this.#near = near
    this.#failed = failed
    this.#there = from.network.link(from.name, hostName)
    this.#back = from.network.link(hostName, from.name)
    const lane = 4 * this.#there.nextDial()
    this.#thereDelays = new SegmentDelays(this.#there, lane)
    this.#backDelays = new SegmentDelays(this.#back, lane + 2)
    this.#giveUp = from.runtime.after(patienceNanos, () => this.#fail('timed-out', 'ETIMEDOUT'), true)
    this.#travel(this.#thereDelays, 0, () => this.#arrive())
  }

  /** Nobody waits for it any more; what the other side knows of it is forgotten. */
  cancel(): void {
    if (this.#over) return
    this.#end()
    this.#far?.die(false)
    if (this.#far) this.#listener!.unaccepted--
  }

  #end(): void {
    this.#over = true
    this.#giveUp.cancel()
  }

  /** One step, again and again until it gets there or nobody waits any more. `arrive` says whether it was heard. */
  #travel(delays: SegmentDelays, number: number, arrive: () => boolean): void {
    const { runtime, tcp } = this.#from
    const { link, lane } = delays
    let againNanos = tcp.dialAgainAfterNanos
    let attempt = 0
    let sentNanos = 0
    const go = (): void => {
      if (this.#over) return
      if (link.settings.held) {
        link.whenReleased(go)
        return
      }
      sentNanos = runtime.now()
      if (link.loses(lane, number, attempt++)) again()
      else {
        const nanos = link.depart(0) - sentNanos + delays.of(number)
        runtime.after(nanos, () => this.#over || arrive() || again(), true)
      }
    }
    const again = (): void => {
      runtime.after(sentNanos + againNanos - runtime.now(), go, true)
      againNanos *= 2
    }
    go()
  }

  /** The SYN is there. */
  #arrive(): boolean {
    const to = this.#to
    if (!to || to.off) return false
    const listener = this.#there.settings.refusing ? undefined : to.listenerAt(this.#address.port)
    if (!listener) {
      this.#travel(this.#backDelays, 0, () => this.#fail('refused', 'ECONNREFUSED'))
      return true
    }
    if (listener.full) return false
    this.#listener = listener
    listener.unaccepted++
    this.#far = new VirtualConnection({
      host: to,
      peer: { host: this.#from.name, port: this.#from.nextClientPort() },
      encryption: this.#tls ? 'modelled' : 'none',
      accept: (connection) => listener.accept(connection, this.#tls),
      abandoned: (reset) => {
        if (reset) this.#travel(this.#backDelays, 0, () => this.#fail('reset', 'ECONNRESET'))
      },
    })
    to.remember(this.#far)
    this.#travel(this.#backDelays, 0, () => (this.#tls ? this.#secure(to) : this.#connect(to)))
    return true
  }

  /** The process itself has to answer the second round, not its system alone. */
  #secure(to: VirtualHostSide): boolean {
    const answer = (): void => {
      const secure = this.#listener!.tls
      this.#travel(this.#backDelays, 1, () => (secure ? this.#connect(to) : this.#fail('tls', 'EPROTO')))
    }
    this.#travel(this.#thereDelays, 1, () => {
      if (to.off) return false
      if (to.frozen) to.whenThawed(answer)
      else answer()
      return true
    })
    return true
  }

  /** The dialling side knows that it is connected; its `hello` tells the other one. */
  #connect(to: VirtualHostSide): boolean {
    this.#end()
    const near = this.#near
    const far = this.#far!
    const { runtime, tcp } = this.#from
    const both = { runtime, firstNumber: FIRST_NUMBER }
    const forth = new VirtualStream({ ...both, tcp, delays: this.#thereDelays, back: this.#back, sender: near, receiver: far })
    const back = new VirtualStream({ ...both, tcp: to.tcp, delays: this.#backDelays, back: this.#there, sender: far, receiver: near })
    far.wire(back, forth)
    near.wire(forth, back)
    near.established()
    return true
  }

  #fail(why: 'refused' | 'reset' | 'timed-out' | 'tls', code: string): boolean {
    if (this.#over) return true
    this.cancel()
    this.#failed(systemFailure(why, code, 'connect', showAddress(this.#address)))
    return true
  }
}
