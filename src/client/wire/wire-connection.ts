import type { ConnectionOptions } from 'node:tls'
import { showAddress } from '../../network/address.ts'
import type { Closed, NetworkFailure } from '../../network/closed.ts'
import type { Connection, Network } from '../../network/network.ts'
import type { Command } from '../../protocol/command.ts'
import { CommandError } from '../../protocol/command-error.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import { PushReply, type Reply, ReplyError } from '../../protocol/reply.ts'
import { MILLISECOND, type Nanos, type Runtime, type Timer } from '../../runtime/runtime.ts'
import { BatchedOutput } from '../../server/batched-output.ts'
import type { Failure, ReplySink, WireFacts } from '../client.ts'
import { ReconnectBackoff } from '../reconnect-backoff.ts'
import type { NodeAddress } from '../routing/routing.ts'
import { DeferredFailures } from './deferred-failures.ts'
import { createDialect, type Dialect } from './dialect.ts'
import { handshakeFailure } from './handshake-failure.ts'
import { NO_REPLY } from './no-reply.ts'
import { PendingCalls } from './pending-calls.ts'

export interface WireConnectionOptions {
  readonly runtime: Runtime
  readonly network: Network
  readonly family: 'redis' | 'memcached'
  readonly node: NodeAddress
  readonly deadlineNanos: Nanos
  /** From the beginning of a connect to the end of the handshake. */
  readonly connectDeadlineNanos: Nanos
  /** Sent on every connect, before anything else; an error answer fails the connect. Read anew each time. */
  readonly handshake: () => readonly Command[]
  readonly tls: ConnectionOptions | undefined
  /** Instead of the back-off. */
  readonly reconnectEveryNanos?: Nanos | undefined
}

/** A connection whose oldest answer is this many deadlines late is given up: the reply will not come any more. */
const HOPELESS_DEADLINES = 3

/** What waits unsent behind a full connection may grow to this before commands are refused. */
const MAX_UNSENT_BYTES = 268_435_456

/**
 * One connection to one node: batches what is submitted in one turn into one write, matches answers to commands
 * by their order, keeps deadlines with a single timer, and connects again by itself. Never sends a command twice.
 *
 * What a failure means follows from where the operation stood: handed to the network = unknown (`info`), still in
 * our buffer = definitely not applied (`fail`).
 */
export class WireConnection {
  readonly address: string
  readonly #options: WireConnectionOptions
  readonly #out = new BatchedOutput()
  readonly #deferred: DeferredFailures
  readonly #facts: WireFacts
  readonly #flushSoon = () => {
    this.#flushPlanned = false
    this.#flush()
  }
  #state: 'connecting' | 'up' | 'down' | 'closed' = 'down'
  #connection: Connection | undefined
  /** Who waits for what `close` has destroyed. */
  #closing: { readonly connection: Connection; readonly gone: () => void } | undefined
  #dialect: Dialect | undefined
  #pending: PendingCalls
  /** Sent or to be sent with `noreply`: told as soon as the batch is written. */
  #unanswered: { readonly token: number; readonly sink: ReplySink; readonly bytesOut: number }[] = []
  #flushPlanned = false
  #blocked = false
  #timer: Timer | undefined
  #retryTimer: Timer | undefined
  #connectTimer: Timer | undefined
  readonly #backoff: ReconnectBackoff
  /** Why submits fail while the connection is down. */
  #downFailure: Failure
  #position = 0
  #chunkNanos: Nanos = 0
  #inChunk = false
  #settled: ((error: Error | undefined) => void) | undefined
  #everUp = false

  constructor(options: WireConnectionOptions) {
    this.#options = options
    this.address = showAddress(options.node)
    this.#backoff = new ReconnectBackoff(options.reconnectEveryNanos)
    this.#deferred = new DeferredFailures(() => options.runtime.now())
    this.#pending = new PendingCalls(this.address, options.deadlineNanos)
    this.#facts = { node: this.address, sentNanos: 0, doneNanos: 0, attempts: 1, bytesOut: 0, bytesIn: 0 }
    this.#downFailure = { status: 'fail', code: 'not-sent', message: `not connected to ${this.address}` }
  }

  get up(): boolean {
    return this.#state === 'up'
  }

  /** The first connect: resolves when the handshake is done, rejects with what went wrong; then nothing goes on in the background. */
  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settled = (error) => (error ? reject(error) : resolve())
      this.#open()
    })
  }

  /** Connects in the background, however often it takes. */
  connectInBackground(): void {
    if (this.#state !== 'down' || this.#retryTimer) return
    this.#everUp = true
    this.#open()
  }

  submit(command: Command, token: number, sink: ReplySink, attempts = 1, prelude?: Command): void {
    if (this.#state !== 'up') {
      this.#deferred.add(token, sink, this.#downFailure, this.address)
      return
    }
    if (prelude) this.#enqueue(prelude, 0, DEAF, attempts)
    this.#enqueue(command, token, sink, attempts)
  }

  /** Sends commands of our own, in order, and calls back with the first error answered, or undefined. */
  control(commands: readonly Command[], done: (problem: string | undefined) => void): void {
    let left = commands.length
    let problem: string | undefined
    if (left === 0) {
      done(undefined)
      return
    }
    const finish = (text: string | undefined): void => {
      problem ??= text
      if (--left === 0) done(problem)
    }
    const sink: ReplySink = {
      reply: (_token, reply) => finish(reply instanceof ReplyError ? reply.text : undefined),
      failed: (_token, failure) => finish(failure.message),
    }
    for (const command of commands) this.submit(command, 0, sink)
  }

  /** Idempotent. Resolves when the connection is gone. */
  close(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve()
    const connection = this.#connection
    const closed = new Promise<void>((gone) => {
      if (connection) this.#closing = { connection, gone }
      else gone()
    })
    this.#retryTimer?.cancel()
    this.#end('closed', { status: 'info', code: 'closed', message: `the client closed its connection to ${this.address}` })
    this.#downFailure = { status: 'fail', code: 'not-sent', message: 'the client is closed' }
    this.#settle(new Error('the client was closed while it connected'))
    return closed
  }

  #enqueue(command: Command, token: number, sink: ReplySink, attempts: number): void {
    const pending = this.#pending
    const out = this.#out
    const before = out.length
    if (pending.full || before > MAX_UNSENT_BYTES) {
      const message = `too many commands are under way to ${this.address}`
      this.#deferred.add(token, sink, { status: 'fail', code: 'not-sent', message }, this.address)
      return
    }
    let answered: boolean
    try {
      answered = this.#dialect!.encode(out, command)
    } catch (error) {
      if (!(error instanceof CommandError)) throw error
      this.#deferred.add(token, sink, { status: 'fail', code: 'client', message: error.message }, this.address)
      return
    }
    const bytesOut = out.length - before
    if (answered) {
      // Within a chunk the clock was read at its beginning; a submit made by a sink there needs no reading of its own.
      pending.push(token, sink, this.#inChunk ? this.#chunkNanos : this.#options.runtime.now(), bytesOut, attempts)
      if (!this.#timer) this.#armDeadline()
    } else {
      this.#unanswered.push({ token, sink, bytesOut })
    }
    if (!this.#flushPlanned) {
      this.#flushPlanned = true
      this.#options.runtime.endOfTurn(this.#flushSoon)
    }
  }

  #flush(): void {
    const connection = this.#connection
    if (this.#blocked || !connection || this.#out.length === 0) return
    const now = this.#options.runtime.now()
    this.#pending.markSent(now)
    this.#blocked = !this.#out.flush(connection)
    if (this.#unanswered.length > 0) this.#tellUnanswered(now)
  }

  #tellUnanswered(now: Nanos): void {
    const told = this.#unanswered
    this.#unanswered = []
    const facts = this.#facts
    for (const { token, sink, bytesOut } of told) {
      facts.sentNanos = facts.doneNanos = now
      facts.attempts = 1
      facts.bytesOut = bytesOut
      facts.bytesIn = 0
      sink.reply(token, NO_REPLY, facts)
    }
  }

  #open(): void {
    const { runtime, network, node, tls, family } = this.#options
    this.#state = 'connecting'
    this.#blocked = false
    this.#position = 0
    this.#dialect = createDialect(
      family,
      (reply) => this.#onReply(reply),
      () => this.#pending.isOldestRead,
    )
    const connection = network.dial(
      node,
      {
        connected: () => this.#connection === connection && this.#shakeHands(),
        data: (chunk) => {
          if (this.#connection === connection) this.#onData(chunk)
        },
        drained: () => {
          if (this.#connection !== connection) return
          this.#blocked = false
          this.#flush()
        },
        // Half-open makes no sense here: a server that has ended its side answers nothing more.
        ended: () => this.#connection === connection && this.#onClosed({ why: 'ended', by: 'peer' }),
        closed: (reason) => {
          if (this.#closing?.connection === connection) this.#closing.gone()
          if (this.#connection === connection) this.#onClosed(reason)
        },
      },
      { tls },
    )
    this.#connection = connection
    this.#connectTimer = runtime.after(this.#options.connectDeadlineNanos, () => {
      this.#connectTimer = undefined
      this.#onClosed({ why: 'timed-out', code: 'ETIMEDOUT', message: 'no connection within the deadline' })
    })
  }

  #shakeHands(): void {
    const commands = this.#options.handshake()
    if (commands.length === 0) {
      this.#ready()
      return
    }
    // Only these may be sent yet: `submit` still fails.
    let left = commands.length
    const sink: ReplySink = {
      reply: (_token, reply) => {
        if (this.#state !== 'connecting') return
        if (reply instanceof ReplyError) this.#failConnect(handshakeFailure(this.address, reply, commands))
        else if (--left === 0) this.#ready()
      },
      failed: () => {},
    }
    for (const command of commands) this.#enqueue(command, 0, sink, 1)
  }

  #ready(): void {
    this.#connectTimer?.cancel()
    this.#connectTimer = undefined
    this.#state = 'up'
    this.#everUp = true
    this.#backoff.reset()
    this.#settle(undefined)
  }

  #failConnect(error: Error): void {
    this.#downFailure = { status: 'fail', code: 'refused', message: error.message }
    this.#end('down', { status: 'info', code: 'closed', message: error.message })
    this.#afterFailure(error)
  }

  #onClosed(closed: Closed): void {
    const wasUp = this.#state === 'up'
    const failure: NetworkFailure | undefined = 'code' in closed ? closed : undefined
    const reason = failure ? failure.code || failure.message : 'the server closed it'
    if (wasUp) {
      this.#downFailure = { status: 'fail', code: 'not-sent', message: `the connection to ${this.address} is down (${reason})` }
      this.#end('down', { status: 'info', code: 'closed', message: `the connection to ${this.address} ended: ${reason}` })
      this.#retry()
    } else {
      const message = `can't connect to ${this.address}: ${failure?.message ?? reason}`
      this.#failConnect(Object.assign(new Error(message), { code: failure?.code }))
    }
  }

  /** A connect has failed: the first one ends here, later ones are tried again. */
  #afterFailure(error: Error): void {
    if (this.#everUp) this.#retry()
    this.#settle(error)
  }

  #settle(error: Error | undefined): void {
    const settled = this.#settled
    this.#settled = undefined
    settled?.(error)
  }

  #retry(): void {
    if (this.#state !== 'down') return
    this.#retryTimer = this.#options.runtime.after(this.#backoff.next(), () => {
      this.#retryTimer = undefined
      this.#open()
    })
  }

  #onData(chunk: Buffer): void {
    this.#chunkNanos = this.#options.runtime.now()
    // Whatever sinks submit while the chunk is read goes out in one write at its end.
    const planned = this.#flushPlanned
    this.#flushPlanned = true
    this.#inChunk = true
    try {
      this.#dialect!.feed(chunk)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#onGarbage(error)
    } finally {
      this.#inChunk = false
      this.#flushPlanned = planned
    }
    this.#flush()
  }

  #onReply(reply: Reply): void {
    // Pushes of RESP3 answer nobody.
    if (reply instanceof PushReply) return
    const pending = this.#pending
    if (!pending.awaitsAnswer) {
      // After an end within this very chunk the rest of it is nobody's; otherwise the server says more than it was asked.
      if (this.#connection === undefined) return
      throw new ProtocolError(reply instanceof ReplyError ? reply.text : 'an answer came that nobody asked for')
    }
    const position = this.#dialect!.position
    const bytesIn = position - this.#position
    this.#position = position
    pending.answer(reply, this.#chunkNanos, bytesIn)
  }

  /** Framing is lost: the operation at the head got an answer nobody understands, those behind it get none. */
  #onGarbage(error: ProtocolError): void {
    if (this.#connection === undefined) return
    const message = `${this.address} answered what is no ${this.#options.family === 'redis' ? 'RESP' : 'memcached protocol'}: ${error.message}`
    if (this.#state === 'connecting') {
      this.#failConnect(new Error(message))
      return
    }
    this.#downFailure = {
      status: 'fail',
      code: 'not-sent',
      message: `the connection to ${this.address} is down (its answers could not be understood)`,
    }
    const closed: Failure = {
      status: 'info',
      code: 'closed',
      message: `the connection to ${this.address} was dropped after an answer that could not be understood`,
    }
    this.#end('down', closed, { status: 'info', code: 'protocol', message })
    this.#retry()
  }

  /** Takes the connection out of service and tells every command under way what is known of it. */
  #end(state: 'down' | 'closed', sentFailure: Failure, headFailure = sentFailure): void {
    const pending = this.#pending
    const connection = this.#connection
    const unanswered = this.#unanswered
    this.#state = state
    this.#pending = new PendingCalls(this.address, this.#options.deadlineNanos)
    this.#unanswered = []
    this.#connection = undefined
    this.#out.reset()
    this.#timer?.cancel()
    this.#timer = undefined
    this.#connectTimer?.cancel()
    this.#connectTimer = undefined
    connection?.destroy()
    const now = this.#options.runtime.now()
    const unsent: Failure = { status: 'fail', code: 'not-sent', message: sentFailure.message }
    pending.failAll(now, sentFailure, unsent, headFailure)
    const facts = this.#facts
    for (const { token, sink } of unanswered) {
      facts.sentNanos = facts.doneNanos = now
      facts.attempts = facts.bytesOut = facts.bytesIn = 0
      sink.failed(token, unsent, facts)
    }
  }

  /** One timer for all: only the oldest deadline matters, or the moment from which the oldest late answer is beyond hope. */
  #armDeadline(): void {
    const { runtime, deadlineNanos } = this.#options
    const late = this.#pending.oldestExpired()
    const due = this.#pending.nextDeadline() ?? (late === undefined ? undefined : late + HOPELESS_DEADLINES * deadlineNanos)
    if (due === undefined) return
    this.#timer = runtime.after(Math.max(1, due - runtime.now()), () => {
      this.#timer = undefined
      this.#sweep()
      if (!this.#timer && (this.#state === 'up' || this.#state === 'connecting')) this.#armDeadline()
    })
  }

  #sweep(): void {
    const pending = this.#pending
    const { runtime, deadlineNanos } = this.#options
    const now = runtime.now()
    pending.expire(now, { status: 'info', code: 'timeout', message: `no answer from ${this.address} within ${deadlineNanos / MILLISECOND} ms` })
    // While hands are shaken, the connect has a deadline of its own.
    if (this.#pending !== pending || this.#state !== 'up') return
    // Late beyond hope, or not even sent within its deadline because the connection has been full all the time: start afresh.
    const late = pending.oldestExpired()
    const hopeless = late !== undefined && now - late >= HOPELESS_DEADLINES * deadlineNanos
    if (!hopeless && !pending.unsentLate(now)) return
    this.#downFailure = { status: 'fail', code: 'not-sent', message: `the connection to ${this.address} is down (it had stopped answering)` }
    this.#end('down', { status: 'info', code: 'closed', message: `the connection to ${this.address} was dropped: it had stopped answering` })
    this.#retry()
  }
}

/** Where the answer to a prelude goes. */
const DEAF: ReplySink = { reply() {}, failed() {} }
