import type { ConnectionOptions } from 'node:tls'
import type { Network } from '../../network/network.ts'
import { REAL_NETWORK } from '../../network/real-network.ts'
import type { Command } from '../../protocol/command.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import { type Nanos, type Runtime, SECOND } from '../../runtime/runtime.ts'
import type { Client, ClientOptions, Failure, ReplySink, WireFacts } from '../client.ts'
import type { Routing } from '../routing/routing.ts'
import { TargetError } from '../target-error.ts'
import { WireConnection } from './wire-connection.ts'

export interface WireClientOptions {
  readonly runtime: Runtime
  /** The sockets of the system unless told. */
  readonly network?: Network
  readonly family: 'redis' | 'memcached'
  readonly routing: Routing
  readonly client: ClientOptions
  /** Sent on every connect (AUTH, HELLO, SELECT); an error answer fails the connect. */
  readonly handshake?: readonly Command[]
  /** TLS when given: ca, cert, key, servername, rejectUnauthorized ... */
  readonly tls?: ConnectionOptions
  /** One connect with its handshake, 3 s unless told. */
  readonly connectDeadlineNanos?: Nanos
}

/** A command is sent again at most this often because an answer said that it belongs elsewhere. */
const MAX_REDIRECTS = 5

/**
 * Our own client: pipelining, one write per turn, one timer for all deadlines, no retry behind the caller's back,
 * and outcomes told apart by where an operation stood when its connection failed. Commands that change what a
 * connection is (SUBSCRIBE, MONITOR, CLIENT REPLY OFF) are not sent (`answered-in-order.ts`): answers are matched by order.
 */
export class WireClient implements Client {
  readonly name = 'wire'
  readonly #options: WireClientOptions
  readonly #routing: Routing
  /** By node, then by connection. */
  readonly #nodes: WireConnection[][] = []
  /** Set when there is just one connection: the usual case, without a lookup. */
  #only: WireConnection | undefined
  #handshake: readonly Command[]
  #closed = false

  private constructor(options: WireClientOptions) {
    this.#options = options
    this.#routing = options.routing
    this.#handshake = options.handshake ?? []
  }

  /** Connects to every node; rejects with a `TargetError` when one can't be reached or refuses the handshake. */
  static async open(options: WireClientOptions): Promise<WireClient> {
    const client = new WireClient(options)
    const { nodes } = options.routing
    for (let node = 0; node < nodes.length; node++) client.#addNode(node)
    if (client.#nodes.length === 1 && client.#nodes[0]!.length === 1 && !options.routing.redirect) client.#only = client.#nodes[0]![0]
    const results = await Promise.allSettled(client.#nodes.flat().map((connection) => connection.connect()))
    const failed = results.find((result) => result.status === 'rejected')
    if (failed) {
      await client.close()
      throw asTargetError(failed.reason)
    }
    return client
  }

  get openConnections(): number {
    let open = 0
    for (const connections of this.#nodes) for (const connection of connections) if (connection.up) open++
    return open
  }

  submit(command: Command, token: number, sink: ReplySink, lane = 0): void {
    if (this.#only) {
      this.#only.submit(command, token, sink)
      return
    }
    const node = this.#routing.nodeOf(command)
    if (this.#routing.redirect) this.#pick(node, lane).submit(command, token, new RedirectingSink(this, copyOf(command), sink, lane))
    else this.#pick(node, lane).submit(command, token, sink)
  }

  /** Sends these on every open connection (an AUTH with a fresh token) and uses them as the handshake from now on. Rejects with the server's text. */
  async reauthenticate(commands: readonly Command[]): Promise<void> {
    this.#handshake = commands
    const open = this.#nodes.flat().filter((connection) => connection.up)
    const problems = await Promise.all(open.map((connection) => new Promise<string | undefined>((resolve) => connection.control(commands, resolve))))
    const problem = problems.find((text) => text !== undefined)
    if (problem !== undefined) throw new TargetError('TARGET_AUTH', `re-authentication failed: ${problem}`)
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#nodes.flat().map((connection) => connection.close()))
  }

  /** What an answer says about routing, with the connection to go to. */
  redirect(error: ReplyError, lane: number): { readonly connection: WireConnection; readonly prelude: Command | undefined } | undefined {
    const redirect = this.#closed ? undefined : this.#routing.redirect?.(error)
    return redirect && { connection: this.#pick(redirect.node, lane), prelude: redirect.prelude }
  }

  #pick(node: number, lane: number): WireConnection {
    if (node >= this.#nodes.length) {
      for (let added = this.#nodes.length; added <= node; added++) {
        this.#addNode(added)
        for (const connection of this.#nodes[added]!) connection.connectInBackground()
      }
    }
    const connections = this.#nodes[node]!
    return connections[lane % connections.length]!
  }

  #addNode(index: number): void {
    const { runtime, network = REAL_NETWORK, family, client, tls, connectDeadlineNanos = 3 * SECOND } = this.#options
    const node = this.#routing.nodes[index]!
    const one = (): WireConnection =>
      new WireConnection({
        runtime,
        network,
        family,
        node,
        tls,
        deadlineNanos: client.deadlineNanos,
        connectDeadlineNanos,
        handshake: () => this.#handshake,
        reconnectEveryNanos: client.reconnectEveryNanos,
      })
    this.#nodes[index] = Array.from({ length: Math.max(1, client.connections) }, one)
  }
}

/** Stands before the caller's sink where answers may send a command elsewhere. */
class RedirectingSink implements ReplySink {
  readonly #client: WireClient
  readonly #command: Command
  readonly #sink: ReplySink
  readonly #lane: number
  #attempts = 1

  constructor(client: WireClient, command: Command, sink: ReplySink, lane: number) {
    this.#client = client
    this.#command = command
    this.#sink = sink
    this.#lane = lane
  }

  reply(token: number, reply: Reply, facts: WireFacts): void {
    const redirect = reply instanceof ReplyError && this.#attempts <= MAX_REDIRECTS ? this.#client.redirect(reply, this.#lane) : undefined
    if (!redirect) {
      this.#sink.reply(token, reply, facts)
      return
    }
    this.#attempts++
    redirect.connection.submit(this.#command, token, this, this.#attempts, redirect.prelude)
  }

  failed(token: number, failure: Failure, facts: WireFacts): void {
    this.#sink.failed(token, failure, facts)
  }
}

/** The caller may reuse the array and its bytes; a command that may be sent again must not change meanwhile. */
function copyOf(command: Command): Command {
  return command.map((word) => (typeof word === 'string' ? word : Buffer.from(word)))
}

function asTargetError(reason: unknown): TargetError {
  if (reason instanceof TargetError) return reason
  const error = reason as NodeJS.ErrnoException
  const code = error.code ?? ''
  if (/^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code)) {
    return new TargetError('TARGET_TLS', error.message, "check that the port speaks TLS, and the certificate's authority and name")
  }
  return new TargetError('TARGET_UNREACHABLE', error.message, code === 'ECONNREFUSED' ? 'is the server running, and is the port right?' : '')
}
