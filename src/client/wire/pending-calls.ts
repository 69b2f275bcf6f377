import type { Reply } from '../../protocol/reply.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { Failure, ReplySink, WireFacts } from '../client.ts'

/** Commands under way on one connection; beyond this a client is told that its command was not sent. */
const MAX_PENDING = 1_048_576

/**
 * The commands of one life of a connection that wait for their answers, in order, and what their sinks are told.
 * Columns instead of objects, so that a command allocates nothing. Positions only grow; the slot of a position is
 * its low bits.
 *
 * `head <= sent <= tail`: [head, sent) has been handed to the network, [sent, tail) waits for the batch to be
 * written. `swept` is the first position whose deadline has not been looked at. A command that timed out keeps its
 * place without a sink, so that its late answer falls into nothing and not to its successor.
 *
 * Sinks may submit again, or close the client, while they are told: whoever owns this replaces it by a fresh one
 * before it calls `failAll`.
 */
export class PendingCalls {
  readonly #deadlineNanos: Nanos
  readonly #facts: WireFacts
  #head = 0
  #sent = 0
  #swept = 0
  #tail = 0
  #mask = 255
  #tokens = new Float64Array(256)
  #sinks: (ReplySink | undefined)[] = new Array<ReplySink | undefined>(256).fill(undefined)
  #deadlines = new Float64Array(256)
  #sentNanos = new Float64Array(256)
  #bytesOut = new Uint32Array(256)
  #attempts = new Uint8Array(256)

  constructor(node: string, deadlineNanos: Nanos) {
    this.#deadlineNanos = deadlineNanos
    this.#facts = { node, sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 0, bytesIn: 0 }
  }

  get full(): boolean {
    return this.#tail - this.#head >= MAX_PENDING
  }

  get empty(): boolean {
    return this.#head === this.#tail
  }

  /** Whether an answer may come at all. */
  get awaitsAnswer(): boolean {
    return this.#head < this.#sent
  }

  /** Whether whoever waits for the oldest command's answer looks at its bytes. */
  get isOldestRead(): boolean {
    return this.#sinks[this.#head & this.#mask]?.readsValues !== false
  }

  push(token: number, sink: ReplySink, now: Nanos, bytesOut: number, attempts: number): void {
    if (this.#tail - this.#head > this.#mask) this.#grow()
    const slot = this.#tail++ & this.#mask
    this.#tokens[slot] = token
    this.#sinks[slot] = sink
    this.#deadlines[slot] = now + this.#deadlineNanos
    this.#bytesOut[slot] = bytesOut
    this.#attempts[slot] = attempts
  }

  /** Everything pushed so far has been handed to the network. */
  markSent(now: Nanos): void {
    for (let at = this.#sent; at < this.#tail; at++) this.#sentNanos[at & this.#mask] = now
    this.#sent = this.#tail
  }

  /** The oldest command's answer. */
  answer(reply: Reply, now: Nanos, bytesIn: number): void {
    const slot = this.#head++ & this.#mask
    if (this.#swept < this.#head) this.#swept = this.#head
    const sink = this.#sinks[slot]
    if (sink === undefined) return
    this.#sinks[slot] = undefined
    const facts = this.#facts
    facts.sentNanos = this.#sentNanos[slot]!
    facts.doneNanos = now
    facts.attempts = this.#attempts[slot]!
    facts.bytesOut = this.#bytesOut[slot]!
    facts.bytesIn = bytesIn
    sink.reply(this.#tokens[slot]!, reply, facts)
  }

  /** Fails what was sent and is past its deadline. */
  expire(now: Nanos, failure: Failure): void {
    while (this.#swept < this.#sent) {
      const slot = this.#swept & this.#mask
      if (this.#deadlines[slot]! > now) return
      this.#swept++
      this.#fail(slot, now, true, failure)
    }
  }

  /** When the next one is due to be expired; deadlines are in the order of submission. Undefined when none is. */
  nextDeadline(): Nanos | undefined {
    const due = this.#swept < this.#tail ? this.#deadlines[this.#swept & this.#mask]! : Number.POSITIVE_INFINITY
    return due < Number.POSITIVE_INFINITY ? due : undefined
  }

  /** Deadline of the oldest command that has expired and whose answer has still not come; undefined when there is none. */
  oldestExpired(): Nanos | undefined {
    return this.#head < this.#swept ? this.#deadlines[this.#head & this.#mask] : undefined
  }

  /** Whether a command has not even been sent within its deadline. */
  unsentLate(now: Nanos): boolean {
    return this.#swept === this.#sent && this.#sent < this.#tail && this.#deadlines[this.#swept & this.#mask]! <= now
  }

  /** The connection is over: tells each command what is known of it. `headFailure` is for the oldest that was sent. */
  failAll(now: Nanos, sentFailure: Failure, unsentFailure: Failure, headFailure = sentFailure): void {
    let failure = headFailure
    for (; this.#head < this.#tail; this.#head++) {
      const sent = this.#head < this.#sent
      this.#fail(this.#head & this.#mask, now, sent, sent ? failure : unsentFailure)
      failure = sentFailure
    }
  }

  #fail(slot: number, now: Nanos, sent: boolean, failure: Failure): void {
    const sink = this.#sinks[slot]
    if (sink === undefined) return
    this.#sinks[slot] = undefined
    const facts = this.#facts
    facts.sentNanos = sent ? this.#sentNanos[slot]! : now
    facts.doneNanos = now
    facts.attempts = sent ? this.#attempts[slot]! : this.#attempts[slot]! - 1
    facts.bytesOut = sent ? this.#bytesOut[slot]! : 0
    facts.bytesIn = 0
    sink.failed(this.#tokens[slot]!, failure, facts)
  }

  #grow(): void {
    const old = this.#mask
    const size = (old + 1) * 2
    const move = <A extends Float64Array | Uint32Array | Uint8Array>(from: A, to: A): A => {
      for (let at = this.#head; at < this.#tail; at++) to[at & (size - 1)] = from[at & old]!
      return to
    }
    const sinks = new Array<ReplySink | undefined>(size).fill(undefined)
    for (let at = this.#head; at < this.#tail; at++) sinks[at & (size - 1)] = this.#sinks[at & old]
    this.#sinks = sinks
    this.#tokens = move(this.#tokens, new Float64Array(size))
    this.#deadlines = move(this.#deadlines, new Float64Array(size))
    this.#sentNanos = move(this.#sentNanos, new Float64Array(size))
    this.#bytesOut = move(this.#bytesOut, new Uint32Array(size))
    this.#attempts = move(this.#attempts, new Uint8Array(size))
    this.#mask = size - 1
  }
}
