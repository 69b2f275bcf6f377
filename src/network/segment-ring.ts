import type { Nanos } from '../runtime/runtime.ts'

/** Not sent yet, on its way (or there already, behind one that is not), or lost. */
type SegmentState = 'waiting' | 'flying' | 'lost'

/** Its object is used again for another segment once it has left the ring. */
export class Segment {
  /** Undefined: it says something and carries nothing. */
  bytes: Buffer | undefined
  kind: 'hello' | 'data' | 'end' = 'data'
  number = 0
  state: SegmentState = 'waiting'
  /** How often it was sent. */
  attempts = 0
  arrivalNanos: Nanos = 0
}

/** A queue of segments whose objects stay: nothing is allocated for one that passes. */
export class SegmentRing {
  #slots: Segment[] = Array.from({ length: 4 }, () => new Segment())
  #first = 0
  length = 0

  /** The one that is so many behind the first. */
  at(index: number): Segment {
    return this.#slots[(this.#first + index) & (this.#slots.length - 1)]!
  }

  push(kind: Segment['kind'], number: number, bytes: Buffer | undefined): Segment {
    if (this.length === this.#slots.length) this.#grow()
    const segment = this.at(this.length++)
    segment.kind = kind
    segment.number = number
    segment.bytes = bytes
    segment.state = 'waiting'
    segment.attempts = 0
    return segment
  }

  /** Takes the first out; the object is good until the next `push`. */
  shift(): Segment {
    const segment = this.at(0)
    this.#first = (this.#first + 1) & (this.#slots.length - 1)
    this.length--
    return segment
  }

  /** Drops all but the first so many. */
  truncate(length: number): void {
    for (let index = length; index < this.length; index++) this.at(index).bytes = undefined
    this.length = length
  }

  #grow(): void {
    const slots: Segment[] = []
    for (let index = 0; index < this.length; index++) slots.push(this.at(index))
    while (slots.length < 2 * this.length) slots.push(new Segment())
    this.#slots = slots
    this.#first = 0
  }
}
