import { MICROSECOND, type Nanos, type Runtime, type Stream } from '../runtime/runtime.ts'
import { checkLinkSettings, type LinkSettings } from './link-settings.ts'

/** 99th percentile of the standard normal distribution. */
const Z_99 = 2.3263478740408408

/** Room for so many attempts of one segment among the draws of loss. */
const ATTEMPTS = 64

/**
 * One direction of the way between two hosts. It has one clock: what all its connections send leaves in the order in which it was sent, at its
 * bandwidth. What a segment's delay is and whether it is lost are functions of seed, link, connection and segment number alone.
 *
 * Changes count for what is sent from then on.
 */
export class VirtualLink {
  readonly from: string
  readonly to: string
  readonly #runtime: Runtime
  readonly #delays: Stream
  readonly #losses: Stream
  readonly #original: LinkSettings
  readonly #cut: (link: VirtualLink) => void
  #settings: LinkSettings
  #logMedian = 0
  #sigma = 0
  #dials = 0
  /** When what was sent until now has left. */
  #freeNanos: Nanos = 0
  #waiting: (() => void)[] = []

  constructor(runtime: Runtime, from: string, to: string, settings: LinkSettings, cut: (link: VirtualLink) => void) {
    this.from = from
    this.to = to
    this.#runtime = runtime
    this.#delays = runtime.chance.stream(`network ${from} > ${to}`)
    this.#losses = runtime.chance.stream(`network loss ${from} > ${to}`)
    this.#original = settings
    this.#settings = settings
    this.#cut = cut
    this.#use(settings)
  }

  get settings(): LinkSettings {
    return this.#settings
  }

  /** The delay that half of the segments stay below. */
  get medianNanos(): Nanos {
    return Math.max(MICROSECOND, this.#settings.delay.medianNanos)
  }

  /** Changes what is named; throws a RangeError and changes nothing where that is impossible. */
  configure(changes: Partial<LinkSettings>): void {
    this.#use({ ...this.#settings, ...changes })
  }

  /** As it was made. */
  restore(): void {
    this.#use(this.#original)
  }

  /** Resets every connection that uses it, at both ends. */
  cut(): void {
    this.#cut(this)
  }

  /** Numbers the connections that are dialled along it. */
  nextDial(): number {
    return this.#dials++
  }

  /** Calls once everything that is held is let go. */
  whenReleased(go: () => void): void {
    this.#waiting.push(go)
  }

  /** So many bytes leave after all that left before: when the last of them has. */
  depart(bytes: number): Nanos {
    const from = Math.max(this.#runtime.now(), this.#freeNanos)
    const { bytesPerSecond } = this.#settings
    if (bytesPerSecond === Number.POSITIVE_INFINITY) return from
    this.#freeNanos = from + Math.ceil((bytes * 1e9) / bytesPerSecond)
    return this.#freeNanos
  }

  /** Whether what is sent now gets lost. `lane`: of the connection and direction. */
  loses(lane: number, segment: number, attempt: number): boolean {
    const { blackholed, loss } = this.#settings
    return blackholed || (loss > 0 && this.#losses.uniform(segment * ATTEMPTS + (attempt % ATTEMPTS), lane) < loss)
  }

  /** Whether delays are drawn at all. */
  get varies(): boolean {
    return this.#sigma > 0
  }

  /** `normal`: a draw of the standard normal distribution. */
  delay(normal: number): Nanos {
    if (this.#sigma === 0) return this.medianNanos
    return Math.max(MICROSECOND, Math.round(Math.exp(this.#logMedian + this.#sigma * normal)))
  }

  get draws(): Stream {
    return this.#delays
  }

  #use(settings: LinkSettings): void {
    checkLinkSettings(settings)
    const { medianNanos, p99Nanos } = settings.delay
    this.#settings = settings
    this.#logMedian = Math.log(medianNanos)
    this.#sigma = (Math.log(p99Nanos) - this.#logMedian) / Z_99
    if (!settings.held) for (const go of this.#waiting.splice(0)) go()
  }
}
