import type { Reply } from '../../protocol/reply.ts'
import type { Nanos, Runtime, Timer } from '../../runtime/runtime.ts'
import type { Failure, ReplySink, WireFacts } from '../client.ts'

/**
 * One command handed to a client library: its sink hears of it exactly once, at the latest at the deadline, whatever
 * the library does later. Also counts what the library did on the wire for it.
 */
export class Call {
  /** How often its bytes were handed to the socket; 0 = never, so it can't have been applied. */
  attempts = 0
  bytesOut = 0
  bytesIn = 0
  node: string
  /** When it was first handed to the socket; until then, when it was submitted. */
  private sentNanos: Nanos
  private settled = false
  private timer: Timer | undefined
  private readonly calls: Calls
  private readonly token: number
  private readonly sink: ReplySink

  constructor(calls: Calls, node: string, token: number, sink: ReplySink) {
    this.calls = calls
    this.node = node
    this.token = token
    this.sink = sink
    this.sentNanos = calls.runtime.now()
  }

  /** `expired` is told after the sink. */
  startDeadline(deadlineNanos: Nanos, expired?: () => void): void {
    this.timer = this.calls.runtime.after(deadlineNanos, () => {
      // Unknown even if nothing was sent yet: the library still has it in a queue and may send it.
      this.fail({ status: 'info', code: 'timeout', message: `no answer within ${deadlineNanos / 1e6} ms` })
      expired?.()
    })
  }

  wrote(bytes: number): void {
    if (this.attempts === 0) this.sentNanos = this.calls.runtime.now()
    this.attempts++
    this.bytesOut += bytes
  }

  reply(reply: Reply): void {
    if (this.settle()) this.sink.reply(this.token, reply, this.facts())
  }

  fail(failure: Failure): void {
    if (this.settle()) this.sink.failed(this.token, failure, this.facts())
  }

  get open(): boolean {
    return !this.settled
  }

  private settle(): boolean {
    if (this.settled) return false
    this.settled = true
    this.timer?.cancel()
    this.calls.forget(this)
    return true
  }

  private facts(): WireFacts {
    const { facts, runtime } = this.calls
    facts.node = this.node
    facts.sentNanos = this.sentNanos
    facts.doneNanos = runtime.now()
    facts.attempts = this.attempts
    facts.bytesOut = this.bytesOut
    facts.bytesIn = this.bytesIn
    return facts
  }
}

/** The calls of one client that are under way. */
export class Calls {
  readonly runtime: Runtime
  /** Reused from call to call, as the client's contract allows. */
  readonly facts: WireFacts = { node: '', sentNanos: 0, doneNanos: 0, attempts: 0, bytesOut: 0, bytesIn: 0 }
  private readonly open = new Set<Call>()

  constructor(runtime: Runtime) {
    this.runtime = runtime
  }

  begin(node: string, token: number, sink: ReplySink): Call {
    const call = new Call(this, node, token, sink)
    this.open.add(call)
    return call
  }

  forget(call: Call): void {
    this.open.delete(call)
  }

  /** The client closes: what has no answer yet will have none. */
  failAll(): void {
    for (const call of [...this.open]) {
      if (call.attempts === 0) call.fail({ status: 'fail', code: 'not-sent', message: 'the client was closed before it was sent' })
      else call.fail({ status: 'info', code: 'closed', message: 'the client was closed before the answer' })
    }
  }
}
