import type { ClientOptions, Failure, ReplySink, WireFacts } from '../../client/client.ts'
import { ReconnectBackoff } from '../../client/reconnect-backoff.ts'
import { createDialect, type Dialect } from '../../client/wire/dialect.ts'
import { NO_REPLY } from '../../client/wire/no-reply.ts'
import { PendingCalls } from '../../client/wire/pending-calls.ts'
import type { SessionId } from '../../engine/engine.ts'
import { ByteWriter } from '../../protocol/byte-writer.ts'
import type { Command } from '../../protocol/command.ts'
import { CommandError } from '../../protocol/command-error.ts'
import { encodeMemcachedReply } from '../../protocol/memcached-reply-encoder.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import { PushReply, type Reply } from '../../protocol/reply.ts'
import { encodeRespReply } from '../../protocol/resp-reply-encoder.ts'
import { MICROSECOND, MILLISECOND, type Nanos, type Timer } from '../../runtime/runtime.ts'
import type { EngineHost, EngineSession } from './engine-host.ts'
import { TravelLine } from './travel-line.ts'

/** What travels back: an answer, one that can't be understood, or the news that the connection has ended. */
type News = Answer | { readonly garbage: string } | 'engine' | 'kill'

const NODE = 'engine'
const TOO_MANY: Failure = { status: 'fail', code: 'not-sent', message: 'too many commands are under way to the engine' }
const CLOSED: Failure = { status: 'fail', code: 'not-sent', message: 'the client is closed' }
const DOWN: Failure = { status: 'fail', code: 'not-sent', message: 'the connection to the engine is down' }
const REFUSED: Failure = { status: 'fail', code: 'refused', message: 'the engine is not running' }

/** Written by one operation at a time and kept by nobody. */
const scratch = new ByteWriter()

/**
 * One connection to an embedded engine. Commands travel to it and answers travel back, in order in each direction,
 * with delays drawn by client and command number. Commands and answers go through the wire codecs on the way: what
 * a client is given, what it is refused and how many bytes it costs is the same as over a socket.
 */
export class EngineConnection implements EngineSession {
  readonly #host: EngineHost
  readonly #client: ClientOptions
  /** Numbers the client's commands over all its connections. */
  readonly #numberNext: () => number
  readonly #facts: WireFacts = { node: NODE, sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 0, bytesIn: 0 }
  readonly #backoff: ReconnectBackoff
  #session: SessionId | undefined
  #state: 'up' | 'down' | 'closed' = 'down'
  #downFailure: Failure = DOWN
  #dialect: Dialect
  #pending: PendingCalls
  #requests: TravelLine<Command>
  #news: TravelLine<News>
  /** How long the answers take on their way that the engine has yet to give. */
  #replyDelays: Nanos[] = []
  #answered = 0
  #decoded: Reply | undefined
  /** Something came that can't be understood: whatever the engine says behind it is nobody's. */
  #garbled = false
  #deadlineTimer: Timer | undefined
  #retryTimer: Timer | undefined

  constructor(host: EngineHost, client: ClientOptions, numberNext: () => number) {
    this.#host = host
    this.#client = client
    this.#numberNext = numberNext
    this.#backoff = new ReconnectBackoff(client.reconnectEveryNanos)
    this.#pending = this.#newPending()
    this.#dialect = this.#newDialect()
    this.#requests = this.#newRequests()
    this.#news = this.#newNews()
    this.#open()
  }

  get up(): boolean {
    return this.#state === 'up'
  }

  submit(command: Command, token: number, sink: ReplySink): void {
    const { runtime } = this.#host
    if (this.#state !== 'up' || this.#pending.full) {
      this.#failLater(token, sink, this.#state === 'up' ? TOO_MANY : this.#downFailure)
      return
    }
    scratch.reset()
    let answered: boolean
    try {
      answered = this.#dialect.encode(scratch, command)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.#failLater(token, sink, { status: 'fail', code: 'client', message: error.message })
      return
    }
    const now = runtime.now()
    const { delays } = this.#host
    delays.draw(this.#client.id, this.#numberNext())
    const bytesOut = scratch.length
    if (answered) {
      this.#pending.push(token, sink, now, bytesOut, 1)
      this.#pending.markSent(now)
      this.#replyDelays.push(delays.replyNanos)
      if (!this.#deadlineTimer) this.#armDeadline()
    } else {
      runtime.after(MICROSECOND, () => {
        this.#setFacts(now, runtime.now(), 1, bytesOut, 0)
        sink.reply(token, NO_REPLY, this.#facts)
      })
    }
    this.#requests.send(copyOf(command), delays.requestNanos)
  }

  close(): void {
    if (this.#state === 'closed') return
    const session = this.#session
    this.#end('closed', CLOSED, { status: 'info', code: 'closed', message: 'the client closed its connection to the engine' })
    this.#retryTimer?.cancel()
    if (session !== undefined) this.#host.leave(session)
  }

  /** The engine answers: the bytes leave for the client. */
  reply(reply: Reply): void {
    if (this.#garbled) return
    scratch.reset()
    try {
      if (this.#host.family === 'memcached') encodeMemcachedReply(scratch, reply)
      else encodeRespReply(scratch, reply, this.#host.engine.protocolVersion(this.#session!))
    } catch (error) {
      // No buffer holds it: on a socket it would come in pieces, for which there is no place here.
      if (!(error instanceof RangeError)) throw error
      this.#garble(`it is too large for this process (${error.message})`)
      return
    }
    const bytes = scratch.length
    this.#decoded = undefined
    try {
      this.#dialect.feed(scratch.bytes.subarray(0, bytes))
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#garble(error.message)
      return
    }
    const decoded = this.#decoded as Reply | undefined
    if (decoded === undefined) throw new Error('an answer of the engine did not survive the codec')
    if (decoded instanceof PushReply) return
    const delayNanos = this.#replyDelays[this.#answered++]
    if (delayNanos === undefined) {
      this.#garble('an answer came that nobody asked for')
      return
    }
    if (this.#answered > 1_024 && this.#answered * 2 > this.#replyDelays.length) {
      this.#replyDelays = this.#replyDelays.slice(this.#answered)
      this.#answered = 0
    }
    this.#news.send(new Answer(decoded, bytes), delayNanos)
  }

  /** The session has ended at the engine's side: the news travels like an answer. */
  ended(by: 'engine' | 'kill'): void {
    this.#session = undefined
    this.#requests.cut()
    this.#news.send(by, this.#drawReply())
  }

  /** As on a wire, the client sees it when it arrives, behind the answers that were sent before. */
  #garble(garbage: string): void {
    this.#garbled = true
    this.#news.send({ garbage }, this.#drawReply())
  }

  /** For news that answers no command. */
  #drawReply(): Nanos {
    const { delays } = this.#host
    delays.draw(this.#client.id, this.#numberNext())
    return delays.replyNanos
  }

  #open(): void {
    this.#session = this.#host.open(this)
    if (this.#session === undefined) {
      this.#downFailure = REFUSED
      this.#retry()
      return
    }
    this.#backoff.reset()
    this.#state = 'up'
  }

  #retry(): void {
    this.#retryTimer = this.#host.runtime.after(this.#backoff.next(), () => {
      this.#retryTimer = undefined
      this.#open()
    })
  }

  #arrive(command: Command): void {
    if (this.#session !== undefined) this.#host.feed(this.#session, command)
  }

  #hear(news: News): void {
    if (news instanceof Answer) {
      this.#pending.answer(news.reply, this.#host.runtime.now(), news.bytes)
      return
    }
    if (typeof news !== 'string') {
      this.#onGarbage(news.garbage)
      return
    }
    this.#end('down', news === 'kill' ? REFUSED : DOWN, { status: 'info', code: 'closed', message: 'the connection to the engine ended' })
    this.#retry()
  }

  /** Nobody knows any more whose answer comes next: this connection is over, and another is made. */
  #onGarbage(garbage: string): void {
    const session = this.#session
    const message = `the engine answered what could not be understood: ${garbage}`
    const closed: Failure = { status: 'info', code: 'closed', message: 'the connection was dropped after an answer that could not be understood' }
    this.#end('down', DOWN, closed, { status: 'info', code: 'protocol', message })
    if (session !== undefined) this.#host.leave(session)
    if (this.#state === 'down') this.#retry()
  }

  #end(state: 'down' | 'closed', downFailure: Failure, failure: Failure, headFailure = failure): void {
    const pending = this.#pending
    this.#state = state
    this.#downFailure = downFailure
    this.#session = undefined
    this.#requests.cut()
    this.#news.cut()
    this.#deadlineTimer?.cancel()
    this.#deadlineTimer = undefined
    this.#pending = this.#newPending()
    this.#replyDelays = []
    this.#answered = 0
    this.#garbled = false
    this.#dialect = this.#newDialect()
    this.#requests = this.#newRequests()
    this.#news = this.#newNews()
    // On this network what was submitted is on its way at once: nothing is ever unsent.
    pending.failAll(this.#host.runtime.now(), failure, failure, headFailure)
  }

  #armDeadline(): void {
    const due = this.#pending.nextDeadline()
    if (due === undefined) return
    const { runtime } = this.#host
    this.#deadlineTimer = runtime.after(Math.max(1, due - runtime.now()), () => {
      this.#deadlineTimer = undefined
      const message = `no answer from the engine within ${this.#client.deadlineNanos / MILLISECOND} ms`
      this.#pending.expire(runtime.now(), { status: 'info', code: 'timeout', message })
      if (!this.#deadlineTimer && this.#state === 'up') this.#armDeadline()
    })
  }

  #failLater(token: number, sink: ReplySink, failure: Failure): void {
    const { runtime, delays } = this.#host
    // Being refused takes a round trip; without that, a closed loop would fail a million times a second through an outage.
    runtime.after(failure === REFUSED ? 2 * delays.medianNanos : MICROSECOND, () => {
      this.#setFacts(runtime.now(), runtime.now(), 0, 0, 0)
      sink.failed(token, failure, this.#facts)
    })
  }

  #setFacts(sent: Nanos, done: Nanos, attempts: number, bytesOut: number, bytesIn: number): void {
    const facts = this.#facts
    facts.sentNanos = sent
    facts.doneNanos = done
    facts.attempts = attempts
    facts.bytesOut = bytesOut
    facts.bytesIn = bytesIn
  }

  #newPending(): PendingCalls {
    return new PendingCalls(NODE, this.#client.deadlineNanos)
  }

  #newDialect(): Dialect {
    return createDialect(this.#host.family, (reply) => {
      this.#decoded = reply
    })
  }

  #newRequests(): TravelLine<Command> {
    // What the engine has to say goes on a line itself, and wakes no program here.
    return new TravelLine(this.#host.runtime, (command) => this.#arrive(command), true)
  }

  #newNews(): TravelLine<News> {
    return new TravelLine(this.#host.runtime, (news) => this.#hear(news))
  }
}

/** The caller may reuse the array and its bytes as soon as `submit` returns. */
function copyOf(command: Command): Command {
  return command.map((word) => (typeof word === 'string' ? word : Buffer.from(word)))
}

/** A class, not a literal: see `CallUnderWay`. */
class Answer {
  readonly reply: Reply
  readonly bytes: number

  constructor(reply: Reply, bytes: number) {
    this.reply = reply
    this.bytes = bytes
  }
}
