import type { Nanos } from '../../runtime/runtime.ts'
import type { Failure, ReplySink, WireFacts } from '../client.ts'

/**
 * Failures that are known while `submit` still runs, and must not be told before it has returned. They go out in
 * one `setImmediate`, not in `process.nextTick`: a closed loop that submits again at once must not keep the event
 * loop from the very I/O that would end the outage.
 */
export class DeferredFailures {
  #waiting: { readonly token: number; readonly sink: ReplySink; readonly failure: Failure; readonly node: string }[] = []
  readonly #now: () => Nanos
  readonly #facts: WireFacts = { node: '', sentNanos: 0, doneNanos: 0, attempts: 0, bytesOut: 0, bytesIn: 0 }

  constructor(now: () => Nanos) {
    this.#now = now
  }

  add(token: number, sink: ReplySink, failure: Failure, node: string): void {
    this.#waiting.push({ token, sink, failure, node })
    if (this.#waiting.length === 1) setImmediate(() => this.#tell())
  }

  #tell(): void {
    const told = this.#waiting
    this.#waiting = []
    const facts = this.#facts
    for (const { token, sink, failure, node } of told) {
      facts.node = node
      facts.sentNanos = facts.doneNanos = this.#now()
      sink.failed(token, failure, facts)
    }
  }
}
