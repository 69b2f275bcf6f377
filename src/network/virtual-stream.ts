import type { Runtime, Timer } from '../runtime/runtime.ts'
import { RetransmissionClock } from './retransmission-clock.ts'
import type { SegmentDelays } from './segment-delays.ts'
import { type Segment, SegmentRing } from './segment-ring.ts'
import type { TcpSettings } from './tcp-settings.ts'
import type { VirtualLink } from './virtual-link.ts'

/** The system of the side that sends. */
export interface StreamSender {
  readonly quiet: boolean
  /** Something it waited for was acknowledged. */
  acknowledged(): void
  /** Silence for too long. */
  timedOut(): void
}

/** The system of the side that receives. */
export interface StreamReceiver {
  readonly quiet: boolean
  /** Its host is dead: what comes is lost. */
  readonly unreachable: boolean
  /** `full`: not now. `gone`: there is no such connection any more. */
  admits(bytes: number): 'yes' | 'full' | 'gone'
  /** The last step of the handshake. */
  hello(): void
  /** Its bytes from now on. */
  take(bytes: Buffer): void
  peerEnded(): void
  /** Something came for a connection that is gone. */
  answerWithReset(): void
  reset(): void
}

export interface StreamOptions {
  readonly runtime: Runtime
  readonly tcp: TcpSettings
  readonly delays: SegmentDelays
  /** Where acknowledgements travel. */
  readonly back: VirtualLink
  readonly sender: StreamSender
  readonly receiver: StreamReceiver
  /** The numbers before belong to the handshake. */
  readonly firstNumber: number
}

/**
 * One direction of a virtual connection, as TCP keeps it: what arrives is what was sent, in order and without gaps. A
 * segment that is lost is sent again after a time-out that doubles, and all behind it waits at the receiver. Of what is
 * acknowledged the sender hears without an event of its own, unless he waits for it.
 *
 * Data plane: an event a batch of segments that arrive together, and no allocation for a segment beyond its bytes.
 */
export class VirtualStream {
  readonly #runtime: Runtime
  readonly #tcp: TcpSettings
  readonly #delays: SegmentDelays
  readonly #link: VirtualLink
  readonly #back: VirtualLink
  readonly #sender: StreamSender
  readonly #receiver: StreamReceiver
  readonly #ring = new SegmentRing()
  readonly #deliverDue = () => this.#deliver()
  /** Of the ring, so many have been sent; what waits stands behind them. */
  #sent = 0
  #nextNumber: number
  #cut = false
  #windowClosed = false
  /** The link calls when it lets go. */
  #heldUp = false
  #delivering = false
  #delivery = false
  /** Of the ring, so many were lost. */
  #lost = 0
  /** Written, and the sender has not heard that it arrived; sent, likewise. */
  #pendingBytes = 0
  #flightBytes = 0
  /** Arrived, but the acknowledgement did not; undefined: nothing of the kind. */
  #unheardBytes: number | undefined
  #acknowledgedOnWay = 0
  #acknowledgement: Timer | undefined
  readonly #clock: RetransmissionClock
  /** The sender wants to hear of acknowledgements. */
  watched = false

  constructor(options: StreamOptions) {
    this.#runtime = options.runtime
    this.#tcp = options.tcp
    this.#delays = options.delays
    this.#link = options.delays.link
    this.#back = options.back
    this.#sender = options.sender
    this.#receiver = options.receiver
    this.#nextNumber = options.firstNumber
    this.#clock = new RetransmissionClock(options.runtime, options.tcp, () => this.#retransmit())
  }

  get link(): VirtualLink {
    return this.#link
  }

  /** Whether the sender's system takes more. */
  get roomy(): boolean {
    return this.#pendingBytes < this.#tcp.sendBufferBytes
  }

  get pendingBytes(): number {
    return this.#pendingBytes
  }

  push(kind: Segment['kind'], bytes?: Buffer): void {
    if (this.#cut) return
    this.#ring.push(kind, this.#nextNumber++, bytes)
    if (bytes) this.#pendingBytes += bytes.length
    this.#transmit()
  }

  /** The receiver has room again. */
  windowOpened(): void {
    if (!this.#windowClosed) return
    this.#windowClosed = false
    // The news travels to the sender; if it is lost on the way, it is the sender who asks.
    this.#runtime.after(this.#back.medianNanos, () => this.#transmit(), true)
  }

  /** What the system has not taken is dropped. */
  dropUnsent(): void {
    const ring = this.#ring
    while (ring.length > this.#sent && this.#pendingBytes > this.#tcp.sendBufferBytes) {
      this.#pendingBytes -= ring.at(ring.length - 1).bytes?.length ?? 0
      ring.truncate(ring.length - 1)
    }
  }

  /** The sender is no more: what is on its way arrives, the rest never leaves. */
  cut(): void {
    this.#cut = true
    let flying = 0
    while (flying < this.#sent && this.#ring.at(flying).state === 'flying') flying++
    this.#ring.truncate(flying)
    this.#sent = flying
    this.#lost = 0
    this.#clock.stop()
    this.#acknowledgement?.cancel()
  }

  /** The sender is no more and says so: his word overtakes what is on its way. It is said once; if it is lost, it is lost. */
  reset(): void {
    this.cut()
    const number = this.#nextNumber++
    const say = (): void => {
      if (this.#link.settings.held) {
        this.#link.whenReleased(say)
        return
      }
      if (this.#link.loses(this.#delays.lane, number, 0)) return
      const delay = this.#link.depart(0) - this.#runtime.now() + this.#delays.of(number)
      this.#runtime.after(delay, () => this.#receiver.reset(), this.#receiver.quiet)
    }
    say()
  }

  #transmit(): void {
    const ring = this.#ring
    while (this.#sent < ring.length && !this.#windowClosed && !this.#heldUp) {
      if (this.#flightBytes >= this.#tcp.sendBufferBytes) return
      if (this.#link.settings.held) {
        this.#heldUp = true
        this.#link.whenReleased(() => {
          this.#heldUp = false
          this.#transmit()
        })
        return
      }
      const segment = ring.at(this.#sent++)
      this.#flightBytes += segment.bytes?.length ?? 0
      if (this.#send(segment)) continue
      this.#lost++
      segment.state = 'lost'
      this.#expectAcknowledgement()
    }
  }

  /** False: it got lost. */
  #send(segment: Segment): boolean {
    const departs = this.#link.depart(segment.bytes?.length ?? 0)
    if (this.#link.loses(this.#delays.lane, segment.number, segment.attempts++) || this.#receiver.unreachable) return false
    segment.arrivalNanos = departs + this.#delays.of(segment.number)
    segment.state = 'flying'
    this.#planDelivery()
    return true
  }

  /** By the first alone: what comes before it waits for it at the receiver. */
  #planDelivery(): void {
    if (this.#delivery || this.#delivering || this.#ring.length === 0) return
    const { state, arrivalNanos } = this.#ring.at(0)
    if (state !== 'flying') return
    this.#delivery = true
    this.#runtime.after(arrivalNanos - this.#runtime.now(), this.#deliverDue, this.#receiver.quiet)
  }

  /** All that is due. What a receiver does meanwhile may send, end or cut this very stream. */
  #deliver(): void {
    this.#delivery = false
    this.#delivering = true
    const ring = this.#ring
    const now = this.#runtime.now()
    while (ring.length > 0) {
      const { state, arrivalNanos } = ring.at(0)
      if (state !== 'flying' || arrivalNanos > now) break
      if (!this.#deliverFirst(ring.at(0))) break
    }
    this.#delivering = false
    this.#planDelivery()
  }

  /** False: it did not get in, and nothing behind it does. */
  #deliverFirst(segment: Segment): boolean {
    const receiver = this.#receiver
    const { kind, bytes } = segment
    if (receiver.unreachable) {
      this.#loseFlying()
      return false
    }
    const verdict = kind === 'end' ? 'yes' : receiver.admits(bytes?.length ?? 0)
    if (verdict === 'full') {
      this.#refuseAll()
      return false
    }
    if (verdict === 'gone') {
      // Whoever does not hear that it is gone asks again.
      if (this.#back.settings.blackholed) {
        this.#loseFlying()
        return false
      }
      receiver.answerWithReset()
    }
    segment.bytes = undefined
    this.#ring.shift()
    this.#sent--
    this.#acknowledge(bytes?.length ?? 0)
    if (verdict === 'gone') return true
    if (kind === 'data') receiver.take(bytes!)
    else if (kind === 'hello') receiver.hello()
    else receiver.peerEnded()
    return true
  }

  /** The window is closed: what is on its way is not let in and is sent once there is room. */
  #refuseAll(): void {
    this.#windowClosed = true
    const ring = this.#ring
    for (let index = 0; index < this.#sent; index++) {
      const segment = ring.at(index)
      segment.state = 'waiting'
      this.#flightBytes -= segment.bytes?.length ?? 0
    }
    this.#sent = 0
    this.#lost = 0
  }

  #loseFlying(): void {
    for (let index = 0; index < this.#sent; index++) {
      const segment = this.#ring.at(index)
      if (segment.state !== 'flying') continue
      if (this.#cut) continue
      segment.state = 'lost'
      this.#lost++
    }
    if (this.#cut) this.#ring.truncate(0)
    else this.#expectAcknowledgement()
  }

  #acknowledge(bytes: number): void {
    if (this.#cut) return
    if (this.#back.settings.blackholed) {
      this.#unheardBytes = (this.#unheardBytes ?? 0) + bytes
      this.#expectAcknowledgement()
      return
    }
    // Whoever hears of this one hears of all before it.
    const all = bytes + (this.#unheardBytes ?? 0)
    this.#unheardBytes = undefined
    // Who has more to send than the system takes watches.
    if (!this.watched) {
      this.#flightBytes -= all
      this.#pendingBytes -= all
      return
    }
    this.#acknowledgedOnWay += all
    this.#acknowledgement ??= this.#runtime.after(this.#back.medianNanos, () => this.#acknowledged(), this.#sender.quiet)
  }

  #acknowledged(): void {
    this.#acknowledgement = undefined
    this.#flightBytes -= this.#acknowledgedOnWay
    this.#pendingBytes -= this.#acknowledgedOnWay
    this.#acknowledgedOnWay = 0
    this.#transmit()
    if (this.watched) this.#sender.acknowledged()
  }

  #expectAcknowledgement(): void {
    if (!this.#cut) this.#clock.start()
  }

  #retransmit(): void {
    if (this.#lost === 0 && this.#unheardBytes === undefined) return
    // What is held is not lost: it only takes its time.
    if (this.#link.settings.held) {
      this.#clock.restart()
      return
    }
    if (this.#clock.exhausted) {
      this.#sender.timedOut()
      return
    }
    const lostBefore = this.#lost
    const unheard = this.#unheardBytes !== undefined
    this.#sendLostAgain()
    const bothWays = !this.#link.settings.blackholed && !this.#back.settings.blackholed && !this.#receiver.unreachable
    if (unheard && bothWays) this.#acknowledge(0)
    if (this.#lost === 0 && this.#unheardBytes === undefined) return
    if (this.#lost < lostBefore || (unheard && this.#unheardBytes === undefined)) this.#clock.restart()
    else this.#clock.again()
  }

  /** Each draws anew whether it is lost. */
  #sendLostAgain(): void {
    for (let index = 0; index < this.#sent; index++) {
      const segment = this.#ring.at(index)
      if (segment.state === 'lost' && this.#send(segment)) this.#lost--
    }
  }
}
