import type { Nanos } from '../runtime/runtime.ts'
import type { VirtualLink } from './virtual-link.ts'

/** The delays of one direction of one connection, by segment number, on whatever its link is set to at that moment. */
export class SegmentDelays {
  readonly link: VirtualLink
  /** Of the link's draws, this and the next one are ours. */
  readonly lane: number
  #pair = -1
  #even = 0
  #odd = 0

  constructor(link: VirtualLink, lane: number) {
    this.link = link
    this.lane = lane
  }

  of(segment: number): Nanos {
    const { link } = this
    if (!link.varies) return link.medianNanos
    const pair = Math.floor(segment / 2)
    if (pair !== this.#pair) {
      // Box and Muller (1958): two uniform draws make two independent normal ones, one for each segment of a pair.
      const radius = Math.sqrt(-2 * Math.log(1 - link.draws.uniform(pair, this.lane)))
      const angle = 2 * Math.PI * link.draws.uniform(pair, this.lane + 1)
      this.#pair = pair
      this.#even = radius * Math.cos(angle)
      this.#odd = radius * Math.sin(angle)
    }
    return link.delay(segment % 2 === 0 ? this.#even : this.#odd)
  }
}
