import type { Socket } from 'node:net'
import type { MemjsClient, MemjsOptions } from 'memjs'
import { hostPort } from '../../network/address.ts'
import type { Command } from '../../protocol/command.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import type { Client, ClientOptions, Failure, ReplySink } from '../client.ts'
import { type Call, Calls } from '../library/call.ts'
import { boundAnswers } from './bounded-answers.ts'
import { type MemjsCommand, memjsCommand, NotForMemjs, serverAnswer } from './memjs-command.ts'

type Nodes = readonly { readonly host: string; readonly port: number }[]

/** In words, for the report. */
export function memjsSettings(defaults: boolean): Record<string, string> {
  const settings = defaults
    ? "the library's own defaults: 0.5 s timeout, every command is tried twice"
    : 'one attempt, a deadline of our own, the client is discarded after any error'
  return { library: 'memjs 1.3', protocol: 'binary', settings }
}

/**
 * As many memjs clients for these nodes as connections are asked for: one of the library's has one connection to each
 * node. Resolves when all stand or have failed; what could not be made is tried again on use, as the library does it.
 * Keys are spread over the nodes by the library's own hash.
 */
export async function connectMemjs(nodes: Nodes, options: ClientOptions, runtime: Runtime, defaults: boolean): Promise<Client> {
  const library = (await import('memjs')).default
  const servers = nodes.map(({ host, port }) => hostPort(host, port)).join(',')
  const settings: MemjsOptions = { logger: { log: () => undefined }, ...(defaults ? {} : measuringOptions(options)) }
  const client = new MemjsAdapter(() => library.Client.create(servers, { ...settings }), options, runtime, defaults)
  await client.connected()
  return client
}

/** The library's own timeout comes after our deadline: ours fails one command, its own would fail all of that server. */
function measuringOptions(options: ClientOptions): MemjsOptions {
  const seconds = (2 * options.deadlineNanos) / 1e9
  return { retries: 0, timeout: seconds, conntimeout: seconds }
}

/** One memjs client, and what is needed to tell what it did. */
class Instance {
  readonly client: MemjsClient
  /** Its place among those in use: commands of the lanes that belong there go to it. */
  readonly place: number
  /** How often each server has been connected to. */
  readonly connections = new Map<string, number>()
  /** Calls under way; a discarded instance is closed when there are none. */
  pending = 0
  discarded = false
  /** Those the library has opened and that still stand: after an error it may lose sight of one. */
  private readonly sockets = new Set<Socket>()
  /** For whom `perform` is being called right now, and for whom each sequence number was. */
  private starting: Call | undefined
  private readonly callOf = new Map<number, Call>()

  constructor(client: MemjsClient, place: number) {
    this.client = client
    this.place = place
    for (const server of client.servers) {
      boundAnswers(server)
      // The server object emits this on every connection, with or without SASL.
      const sock = server.sock
      server.sock = (sasl, go) => {
        sock.call(server, sasl, go)
        this.keep(server._socket)
      }
      server.on('authenticated', () => this.connections.set(addressOf(server), this.connectionsOf(addressOf(server)) + 1))
    }
    const perform = client.perform
    client.perform = (key, request, seq, callback, retries) => {
      const call = this.starting ?? this.callOf.get(seq)
      if (call !== undefined) {
        this.callOf.set(seq, call)
        call.wrote(request.length)
      }
      perform.call(
        client,
        key,
        request,
        seq,
        (error, response) => {
          this.callOf.delete(seq)
          if (call !== undefined && response !== null) call.bytesIn += HEADER_BYTES + response.header.totalBodyLength
          callback(error, response)
        },
        retries,
      )
    }
  }

  /** One round trip for this call: memjs hands its bytes out while its method runs, so that is when it is known for whom. */
  use<T>(call: Call, run: (client: MemjsClient) => Promise<T>): Promise<T> {
    this.starting = call
    try {
      return run(this.client)
    } finally {
      this.starting = undefined
    }
  }

  /** Whatever it opened would keep the process alive. */
  close(): void {
    this.client.close()
    for (const socket of this.sockets) socket.destroySoon()
  }

  private keep(socket: Socket | undefined): void {
    if (socket === undefined || this.sockets.has(socket)) return
    this.sockets.add(socket)
    socket.once('close', () => this.sockets.delete(socket))
  }

  connectionsOf(address: string): number {
    return this.connections.get(address) ?? 0
  }

  /** Connects to every server, as the library does before its first command. Resolves when each stands or has failed. */
  async connect(): Promise<void> {
    await Promise.all(
      this.client.servers.map(
        (server) =>
          new Promise<void>((resolve) => {
            server.sock(false, () => resolve())
            server._socket?.once('close', () => resolve())
          }),
      ),
    )
  }
}

const HEADER_BYTES = 24

class MemjsAdapter implements Client {
  readonly name: string
  private readonly inUse: Instance[]
  private readonly make: () => MemjsClient
  private readonly calls: Calls
  private readonly deadlineNanos: number
  private readonly defaults: boolean
  private readonly live = new Set<Instance>()
  private closed = false

  constructor(make: () => MemjsClient, options: ClientOptions, runtime: Runtime, defaults: boolean) {
    this.name = defaults ? 'memjs:defaults' : 'memjs'
    this.make = make
    this.calls = new Calls(runtime)
    this.deadlineNanos = options.deadlineNanos
    this.defaults = defaults
    this.inUse = Array.from({ length: Math.max(1, options.connections) }, (_, place) => this.newInstance(place))
  }

  async connected(): Promise<void> {
    await Promise.all(this.inUse.map((instance) => instance.connect()))
  }

  get openConnections(): number {
    let open = 0
    for (const { client } of this.inUse) for (const { connected } of client.servers) if (connected) open++
    return open
  }

  submit(command: Command, token: number, sink: ReplySink, lane = 0): void {
    const call = this.calls.begin('memjs', token, sink)
    if (this.closed) {
      this.refuse(call, { status: 'fail', code: 'not-sent', message: 'the client is closed' })
      return
    }
    let request: MemjsCommand
    try {
      request = memjsCommand(command)
    } catch (error) {
      if (!(error instanceof NotForMemjs)) throw error
      this.refuse(call, { status: 'fail', code: 'client', message: error.message })
      return
    }
    this.send(request, call, this.inUse[lane % this.inUse.length]!)
  }

  async close(): Promise<void> {
    if (this.closed) return
    this.closed = true
    this.calls.failAll()
    for (const instance of this.live) instance.close()
    this.live.clear()
  }

  private send(request: MemjsCommand, call: Call, instance: Instance): void {
    const server = instance.client.server(request.key)
    if (server !== null) call.node = addressOf(server)
    const before = { connected: server?.connected === true, connections: instance.connectionsOf(call.node) }
    call.startDeadline(this.deadlineNanos, () => this.discard(instance))
    instance.pending++
    request
      .run((use) => instance.use(call, use))
      .then(
        (reply) => this.answered(instance, call, reply),
        (thrown: unknown) => {
          // What memjs says of a server that wants a login is a text.
          const error: NodeJS.ErrnoException = thrown instanceof Error ? thrown : new Error(String(thrown))
          const answer = serverAnswer(error.message)
          if (answer !== undefined) this.answered(instance, call, answer)
          else {
            // memjs fails all commands of a server with the error that one of them met, also those sent long before.
            const neverSent = !this.defaults && !before.connected && instance.connectionsOf(call.node) === before.connections
            call.fail(failureOf(error, neverSent))
            this.discard(instance)
            this.done(instance)
          }
        },
      )
  }

  private answered(instance: Instance, call: Call, reply: Reply): void {
    call.reply(reply)
    this.done(instance)
  }

  private done(instance: Instance): void {
    instance.pending--
    if (instance.discarded && instance.pending === 0) this.end(instance)
  }

  /** After an error or a missing answer memjs may give the next caller the bytes of this one. */
  private discard(instance: Instance): void {
    if (this.defaults || instance.discarded) return
    instance.discarded = true
    this.inUse[instance.place] = this.newInstance(instance.place)
    // What is still under way on it is bounded by its own deadline.
    this.calls.runtime.after(this.deadlineNanos, () => this.end(instance))
  }

  private end(instance: Instance): void {
    if (this.live.delete(instance)) instance.close()
  }

  private newInstance(place: number): Instance {
    const instance = new Instance(this.make(), place)
    this.live.add(instance)
    return instance
  }

  /** Not within `submit`. */
  private refuse(call: Call, failure: Failure): void {
    setImmediate(() => call.fail(failure))
  }
}

function failureOf(error: NodeJS.ErrnoException, neverSent: boolean): Failure {
  if (neverSent) return { status: 'fail', code: 'refused', message: error.message }
  if (error.message.startsWith('No servers available')) return { status: 'fail', code: 'not-sent', message: error.message }
  if (error instanceof ProtocolError) return { status: 'info', code: 'protocol', message: error.message }
  return { status: 'info', code: /timed out/.test(error.message) ? 'timeout' : 'closed', message: error.message }
}

function addressOf(server: { readonly host: string; readonly port: number }): string {
  return hostPort(server.host, server.port)
}
