import type { Nanos } from '../runtime/runtime.ts'
import type { ReplySink } from './client.ts'

/** Operations under way on one connection; beyond this a client is told that its command was not sent. */
export const MAX_PENDING = 1_048_576

/**
 * The operations of one connection that wait for their answers, in order: columns instead of objects, so that an
 * operation allocates nothing. Positions only grow; the slot of a position is its low bits.
 *
 * `head <= flushed <= tail`: [head, flushed) has been handed to the socket, [flushed, tail) waits for the batch to
 * be written. `swept` is the first position whose deadline has not been looked at. An operation that timed out keeps
 * its place with no sink, so that its late answer falls into nothing and not to its successor.
 */
export class PendingRing {
  head = 0
  flushed = 0
  swept = 0
  tail = 0
  mask = 255
  tokens = new Float64Array(256)
  sinks: (ReplySink | undefined)[] = new Array<ReplySink | undefined>(256).fill(undefined)
  deadlines = new Float64Array(256)
  sent = new Float64Array(256)
  bytesOut = new Uint32Array(256)
  attempts = new Uint8Array(256)

  get full(): boolean {
    return this.tail - this.head >= MAX_PENDING
  }

  push(token: number, sink: ReplySink, deadline: Nanos, bytesOut: number, attempts: number): void {
    if (this.tail - this.head > this.mask) this.#grow()
    const slot = this.tail++ & this.mask
    this.tokens[slot] = token
    this.sinks[slot] = sink
    this.deadlines[slot] = deadline
    this.bytesOut[slot] = bytesOut
    this.attempts[slot] = attempts
  }

  /** The batch has been handed to the socket. */
  markSent(now: Nanos): void {
    for (let at = this.flushed; at < this.tail; at++) this.sent[at & this.mask] = now
    this.flushed = this.tail
  }

  #grow(): void {
    const old = this.mask + 1
    const size = old * 2
    const tokens = new Float64Array(size)
    const sinks = new Array<ReplySink | undefined>(size).fill(undefined)
    const deadlines = new Float64Array(size)
    const sent = new Float64Array(size)
    const bytesOut = new Uint32Array(size)
    const attempts = new Uint8Array(size)
    for (let at = this.head; at < this.tail; at++) {
      const from = at & (old - 1)
      const to = at & (size - 1)
      tokens[to] = this.tokens[from]!
      sinks[to] = this.sinks[from]
      deadlines[to] = this.deadlines[from]!
      sent[to] = this.sent[from]!
      bytesOut[to] = this.bytesOut[from]!
      attempts[to] = this.attempts[from]!
    }
    this.mask = size - 1
    this.tokens = tokens
    this.sinks = sinks
    this.deadlines = deadlines
    this.sent = sent
    this.bytesOut = bytesOut
    this.attempts = attempts
  }
}
