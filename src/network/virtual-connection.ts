import type { RosterMember } from '../runtime/roster.ts'
import { MICROSECOND, type Runtime } from '../runtime/runtime.ts'
import type { Address } from './address.ts'
import { type Closed, type NetworkFailure, systemFailure } from './closed.ts'
import type { Connection, ConnectionEvents } from './network.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { StreamReceiver, StreamSender, VirtualStream } from './virtual-stream.ts'

/** No segment carries more: what Linux hands to a card at once (GSO). */
const SEGMENT_BYTES = 65_536

/** What a connection knows of the host it stands on. */
export interface ConnectionHost {
  readonly runtime: Runtime
  readonly frozen: boolean
  readonly off: boolean
  readonly sendBufferBytes: number
  readonly receiveBufferBytes: number
  /** Calls when the process goes on. */
  whenThawed(go: () => void): void
  forget(connection: VirtualConnection): void
}

export interface ConnectionOptions {
  readonly host: ConnectionHost
  readonly peer: Address
  readonly encryption: 'none' | 'modelled'
  readonly events?: ConnectionEvents
  /** Of the side that is dialled: whoever accepts says who is told; undefined: nobody does, and it is reset. */
  readonly accept?: (connection: VirtualConnection) => ConnectionEvents | undefined
  /** While hands are shaken: this end is no more, and its system says so or (a dead host) does not. */
  readonly abandoned?: (reset: boolean) => void
}

/**
 * One end of a virtual connection: what its host's system keeps (what has arrived and was not read, who has ended), and
 * the process that is told. A process that is frozen is told when it goes on; its system acknowledges meanwhile.
 */
export class VirtualConnection implements Connection, RosterMember, StreamSender, StreamReceiver {
  readonly peer: Address
  readonly encryption: 'none' | 'modelled'
  place = -1
  readonly #host: ConnectionHost
  readonly #options: ConnectionOptions
  readonly #pump = () => {
    this.#pumpPlanned = false
    this.#tell()
  }
  #events: ConnectionEvents | undefined
  /** Undefined until hands are shaken. */
  #out: VirtualStream | undefined
  #in: VirtualStream | undefined
  /** Written before that. */
  #early: Buffer[] = []
  #earlyBytes = 0
  /** Arrived and not read. */
  #received: Buffer[] = []
  #receivedBytes = 0
  #pumpPlanned = false
  #paused = false
  #connectedUntold = false
  #drainedUntold = false
  #blocked = false
  /** Where the peer's end is: not here, arrived, told. */
  #peerEnd: 'none' | 'arrived' | 'told' = 'none'
  #ended = false
  #firstToEnd: 'peer' | 'us' | undefined
  /** There is no such connection any more; `#reason` is told if it isn't yet. */
  #gone = false
  #reason: Closed | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#host = options.host
    this.peer = options.peer
    this.encryption = options.encryption
    this.#events = options.events
  }

  /** The two ways, once hands are shaken. */
  wire(out: VirtualStream, incoming: VirtualStream): void {
    this.#out = out
    this.#in = incoming
  }

  uses(link: VirtualLink): boolean {
    return this.#out?.link === link || this.#in?.link === link
  }

  get quiet(): boolean {
    return this.#events?.quiet === true
  }

  get unreachable(): boolean {
    return this.#host.off
  }

  get unsentBytes(): number {
    if (this.#gone) return 0
    return this.#out ? Math.max(0, this.#out.pendingBytes - this.#host.sendBufferBytes) : this.#earlyBytes
  }

  write(bytes: Uint8Array): boolean {
    if (this.#ended || this.#gone) return false
    const out = this.#out
    // The network keeps a copy: the writer uses his buffer again.
    for (let from = 0; from < bytes.length; from += SEGMENT_BYTES) {
      const piece = bytes.length <= SEGMENT_BYTES ? bytes : bytes.subarray(from, from + SEGMENT_BYTES)
      const copy = Buffer.allocUnsafe(piece.length)
      copy.set(piece)
      if (out) out.push('data', copy)
      else this.#early.push(copy)
    }
    if (!out) this.#earlyBytes += bytes.length
    if (out ? out.roomy : this.#earlyBytes < this.#host.sendBufferBytes) return true
    this.#blocked = true
    if (out) out.watched = true
    return false
  }

  end(): void {
    if (this.#ended || this.#gone) return
    this.#ended = true
    this.#firstToEnd ??= 'us'
    this.#out?.push('end')
    this.#closeIfOver()
  }

  destroy(): void {
    if (this.#gone) return
    if (!this.#out) this.#options.abandoned?.(false)
    // What has arrived and was not read is answered with a reset (RFC 2525, 2.17), as by every system.
    else if (this.#receivedBytes > 0) this.#out.reset()
    else {
      this.#out.dropUnsent()
      if (!this.#ended) this.#out.push('end')
    }
    this.#ended = true
    this.#leave({ why: 'destroyed' })
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.#tellLater()
  }

  /** Of a dial: the peer has answered. */
  established(): void {
    const out = this.#out!
    out.push('hello')
    for (const bytes of this.#early.splice(0)) out.push('data', bytes)
    this.#earlyBytes = 0
    out.watched = this.#blocked
    if (this.#ended) out.push('end')
    this.#connectedUntold = true
    this.#tell()
  }

  /** Of a dial: it came to nothing. */
  failed(failure: NetworkFailure): void {
    this.#leave(failure)
  }

  /** Of the side that was dialled: the handshake is over. */
  hello(): void {
    if (this.#host.frozen) this.#host.whenThawed(() => this.#bringIn())
    else this.#bringIn()
  }

  admits(bytes: number): 'yes' | 'full' | 'gone' {
    if (this.#gone) return 'gone'
    // A process that reads at once has nothing waiting.
    return this.#receivedBytes + bytes <= this.#host.receiveBufferBytes || this.#receivedBytes === 0 ? 'yes' : 'full'
  }

  take(bytes: Buffer): void {
    if (this.#received.length === 0 && this.#events && !this.#paused && !this.#host.frozen && !this.#connectedUntold) {
      this.#events.data(bytes)
      return
    }
    this.#received.push(bytes)
    this.#receivedBytes += bytes.length
    this.#tell()
  }

  peerEnded(): void {
    if (this.#peerEnd === 'none') this.#peerEnd = 'arrived'
    this.#tell()
  }

  acknowledged(): void {
    // Linux wakes a writer when a third of the buffer is free (sk_stream_is_writeable).
    const out = this.#out!
    if (this.#blocked && out.pendingBytes <= (2 / 3) * this.#host.sendBufferBytes) {
      this.#blocked = false
      out.watched = false
      this.#drainedUntold = !this.#ended
    }
    this.#tell()
  }

  timedOut(): void {
    this.#out!.cut()
    this.#leave(systemFailure('timed-out', 'ETIMEDOUT', 'read'))
  }

  answerWithReset(): void {
    this.#out!.reset()
  }

  reset(): void {
    if (this.#gone) return
    this.#out?.cut()
    this.#received = []
    this.#receivedBytes = 0
    this.#leave(systemFailure('reset', 'ECONNRESET', 'read'))
  }

  /** The process dies, and its system resets what it had; or the host dies, and nobody says anything. Nobody is left to be told. */
  die(reset: boolean): void {
    if (this.#gone) return
    if (!this.#out) this.#options.abandoned?.(reset)
    this.#gone = true
    this.#received = []
    this.#receivedBytes = 0
    if (reset) this.#out?.reset()
    else this.#out?.cut()
    this.#in?.windowOpened()
    this.#host.forget(this)
  }

  #bringIn(): void {
    if (this.#gone) return
    const events = this.#options.accept!(this)
    if (events) {
      this.#events = events
      this.#tell()
    } else {
      this.#out!.reset()
      this.#gone = true
      this.#host.forget(this)
    }
  }

  #leave(reason: Closed): void {
    if (this.#gone) return
    this.#gone = true
    this.#reason = reason
    this.#host.forget(this)
    // Whoever was refused to send more is now answered.
    this.#in?.windowOpened()
    this.#tellLater()
  }

  #closeIfOver(): void {
    if (this.#gone || this.#peerEnd !== 'told' || !this.#ended) return
    if (this.unsentBytes > 0) this.#out!.watched = true
    else this.#leave({ why: 'ended', by: this.#firstToEnd! })
  }

  /** Not within the call that is under way. */
  #tellLater(): void {
    if (this.#pumpPlanned) return
    this.#pumpPlanned = true
    this.#host.runtime.after(MICROSECOND, this.#pump, this.quiet)
  }

  /** Everything that the process does not know yet and wants to. */
  #tell(): void {
    const events = this.#events
    if (!events || this.#pumpPlanned) return
    if (this.#host.frozen) {
      this.#pumpPlanned = true
      this.#host.whenThawed(this.#pump)
      return
    }
    if (this.#connectedUntold && !this.#gone) {
      this.#connectedUntold = false
      events.connected?.()
    }
    this.#tellReceived(events)
    if (this.#peerEnd === 'arrived' && !this.#paused && !this.#gone) {
      this.#peerEnd = 'told'
      this.#firstToEnd ??= 'peer'
      events.ended()
    }
    if (this.#drainedUntold && !this.#gone) {
      this.#drainedUntold = false
      events.drained?.()
    }
    this.#closeIfOver()
    const reason = this.#reason
    if (!reason || this.#pumpPlanned) return
    this.#reason = undefined
    this.#events = undefined
    events.closed(reason)
  }

  #tellReceived(events: ConnectionEvents): void {
    if (this.#received.length === 0) return
    let read = 0
    while (read < this.#received.length && !this.#paused && !this.#gone) {
      const bytes = this.#received[read++]!
      this.#receivedBytes -= bytes.length
      events.data(bytes)
    }
    if (this.#gone) this.#received = []
    else this.#received.splice(0, read)
    if (read > 0) this.#in?.windowOpened()
  }
}
