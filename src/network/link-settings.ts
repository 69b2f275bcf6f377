import { MICROSECOND, type Nanos } from '../runtime/runtime.ts'

/** One direction of the way between two hosts: what it is like, and what is wrong with it. */
export interface LinkSettings {
  /** How long a segment takes: lognormal, given by two of its quantiles; equal ones make it constant. At least 1 us. */
  readonly delay: Delay
  /** What all connections together get through. Infinity: no limit. */
  readonly bytesPerSecond: number
  /** The share of segments that are lost on the way, each time they are sent: from 0 to below 1. */
  readonly loss: number
  /** Everything that is sent is lost without a word. */
  readonly blackholed: boolean
  /** Everything that is sent waits, and comes when it is let go. */
  readonly held: boolean
  /** Who dials along this link is refused; connections that stand go on. */
  readonly refusing: boolean
}

export interface Delay {
  readonly medianNanos: Nanos
  readonly p99Nanos: Nanos
}

/** Within one availability zone: some 0.3 ms for a round trip. */
export const HEALTHY_LINK: LinkSettings = {
  delay: { medianNanos: 150 * MICROSECOND, p99Nanos: 600 * MICROSECOND },
  bytesPerSecond: Number.POSITIVE_INFINITY,
  loss: 0,
  blackholed: false,
  held: false,
  refusing: false,
}

/** Throws a RangeError that says what is wrong with them. */
export function checkLinkSettings({ delay, bytesPerSecond, loss }: LinkSettings): void {
  const { medianNanos, p99Nanos } = delay
  if (!(medianNanos > 0) || !(p99Nanos >= medianNanos) || p99Nanos === Number.POSITIVE_INFINITY) {
    throw new RangeError(`the delay of a link needs 0 < median <= p99, not ${medianNanos} and ${p99Nanos} ns`)
  }
  if (!(bytesPerSecond > 0)) throw new RangeError(`a link carries more than 0 bytes a second, not ${bytesPerSecond}`)
  if (!(loss >= 0 && loss < 1)) throw new RangeError(`the loss of a link is from 0 to below 1, not ${loss}: what lets nothing through is blackholed`)
}
