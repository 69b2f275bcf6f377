import { MICROSECOND, type Nanos, type Stream } from '../../runtime/runtime.ts'

/** One-way delays between a client and an embedded engine: lognormal, given by two of its quantiles. */
export interface NetworkModel {
  readonly medianNanos: Nanos
  readonly p99Nanos: Nanos
}

/** Within one availability zone: some 0.3 ms for a round trip. */
export const DEFAULT_NETWORK: NetworkModel = { medianNanos: 150 * MICROSECOND, p99Nanos: 600 * MICROSECOND }

/** 99th percentile of the standard normal distribution. */
const Z_99 = 2.3263478740408408

/** Room for 2^36 commands of each of 2^16 clients within the safe integers. */
const COMMANDS_PER_CLIENT = 2 ** 36

export class NetworkDelays {
  readonly medianNanos: Nanos
  /** Of the last draw. */
  requestNanos: Nanos = MICROSECOND
  replyNanos: Nanos = MICROSECOND
  readonly #stream: Stream
  readonly #logMedian: number
  readonly #sigma: number

  constructor(model: NetworkModel, stream: Stream) {
    if (!(model.medianNanos > 0) || !(model.p99Nanos >= model.medianNanos)) {
      throw new RangeError(`a network model needs 0 < median <= p99, not ${model.medianNanos} and ${model.p99Nanos} ns`)
    }
    this.medianNanos = model.medianNanos
    this.#stream = stream
    this.#logMedian = Math.log(model.medianNanos)
    this.#sigma = (Math.log(model.p99Nanos) - this.#logMedian) / Z_99
  }

  /**
   * Draws for one command into `requestNanos` and `replyNanos`: a pure function of the seed, the client and the number
   * of its command; at least 1 us each.
   */
  draw(client: number, command: number): void {
    const index = client * COMMANDS_PER_CLIENT + command
    // Box and Muller (1958): two uniform draws make two independent normal ones, one for each direction.
    const radius = Math.sqrt(-2 * Math.log(1 - this.#stream.uniform(index, 0)))
    const angle = 2 * Math.PI * this.#stream.uniform(index, 1)
    this.requestNanos = this.#delay(radius * Math.cos(angle))
    this.replyNanos = this.#delay(radius * Math.sin(angle))
  }

  #delay(normal: number): Nanos {
    return Math.max(MICROSECOND, Math.round(Math.exp(this.#logMedian + this.#sigma * normal)))
  }
}

/** In words, for the report. */
export function describeNetwork(model: NetworkModel): string {
  const micros = (nanos: Nanos): string => `${Math.round(nanos / MICROSECOND)} us`
  return `one-way delay lognormal, median ${micros(model.medianNanos)}, p99 ${micros(model.p99Nanos)}; no loss, unlimited bandwidth, the engine itself takes no time`
}
