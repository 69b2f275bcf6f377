import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import type { Engine, EngineOptions, EngineSink, SessionId } from '../engine/engine.ts'
import type { Command } from '../protocol/command.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { EngineAlarm } from './engine-alarm.ts'
import { type ConnectionLimits, ServerConnection } from './server-connection.ts'

export interface EngineServerOptions {
  readonly runtime: Runtime
  /** Makes the engine; called once. `engine: 'memcached'` in its profile chooses the protocol. */
  readonly createEngine: (options: EngineOptions) => Engine
  /** Handed on to the engine beside sink, wall clock and chance. */
  readonly engineOptions?: Pick<EngineOptions, 'maxMemoryBytes' | 'maxMemoryPolicy' | 'password'>
  /** Loopback unless told. */
  readonly host?: string
  /** Speaks TLS when given: key and cert, and ca + requestCert for mutual TLS. */
  readonly tls?: TlsOptions
  /** Told once of each thing that went wrong for a reason of our own; the client was answered with an error. */
  readonly onInternalError?: (thrown: unknown) => void
  readonly limits?: Partial<ConnectionLimits & { readonly maxConnections: number }>
}

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** Sessions of connections count from 1. */
const NOBODY: SessionId = 0
/** Redis' default `maxclients`. */
const MAX_CONNECTIONS = 10_000
const LIMITS: ConnectionLimits = { pauseAboveBytes: 1_048_576, cutAboveBytes: 268_435_456 }

/**
 * A reference engine behind a TCP or TLS socket: the socket driver of the engine contract. Time, timers and
 * chance are the runtime's. `kill` is what `kill -9` is to a process; `start` after it brings the same engine
 * back with what it persisted (`Engine.restart`), on the same port if asked to.
 */
export class EngineServer {
  readonly engine: Engine
  readonly #options: EngineServerOptions
  readonly #limits: ConnectionLimits
  readonly #connections = new Map<SessionId, ServerConnection>()
  /** Connections with answers that wait for the end of the batch. */
  readonly #dirty = new Set<ServerConnection>()
  readonly #sockets = new Set<Socket>()
  #server: Server | undefined
  #nextSession = 1
  #killed = false
  readonly #alarm: EngineAlarm
  /** The session last answered: most answers go to the one that was just fed. */
  #last: ServerConnection | undefined

  constructor(options: EngineServerOptions) {
    this.#options = options
    this.#limits = { ...LIMITS, ...options.limits }
    const sink: EngineSink = {
      reply: (session, reply) => this.#find(session)?.reply(reply),
      push: (session, reply) => this.#find(session)?.push(reply),
      close: (session) => this.#close(session),
    }
    this.engine = options.createEngine({
      sink,
      wallMicros: () => options.runtime.wall.nowMicros(),
      chance: options.runtime.chance.stream('engine'),
      onInternalError: (thrown) => options.onInternalError?.(thrown),
      ...options.engineOptions,
    })
    this.#alarm = new EngineAlarm(this.engine, options.runtime, () => this.#flush())
  }

  /** Clients connected now. */
  get connections(): number {
    return this.#connections.size
  }

  /** Listens; port 0 lets the system choose, `path` is a Unix socket instead. Rejects with the system's error (EADDRINUSE ...). */
  async start(address: { readonly port?: number; readonly path?: string } = {}): Promise<ServerAddress> {
    if (this.#server) throw new Error('EngineServer.start: already started')
    const { tls, host = '127.0.0.1' } = this.#options
    const server = tls ? createTlsServer(tls, (socket) => this.#accept(socket)) : createServer({ noDelay: true }, (socket) => this.#accept(socket))
    server.maxConnections = this.#options.limits?.maxConnections ?? MAX_CONNECTIONS
    // Also those that are still shaking hands, which `kill` has to cut too.
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.on('close', () => this.#sockets.delete(socket))
    })
    // A failed handshake is the peer's affair.
    server.on('tlsClientError', () => {})
    this.#server = server
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(address.path === undefined ? { port: address.port ?? 0, host } : { path: address.path }, resolve)
      })
    } catch (error) {
      this.#server = undefined
      throw error
    }
    if (this.#killed) this.engine.restart()
    this.#killed = false
    this.engine.advance(this.#options.runtime.now())
    this.#alarm.arm()
    return address.path === undefined ? { host, port: (server.address() as AddressInfo).port } : { host: address.path, port: 0 }
  }

  /** To be called when the runtime's clock was moved: what is due by now happens before this returns. */
  catchUp(): void {
    this.engine.advance(this.#options.runtime.now())
    this.#settle()
  }

  /** Runs commands as a client of nobody's, whose answers are not heard: to empty the engine, say. Connections stay. */
  run(commands: readonly Command[]): void {
    this.engine.advance(this.#options.runtime.now())
    this.engine.connect(NOBODY)
    for (const command of commands) this.engine.feed(NOBODY, command)
    this.engine.disconnect(NOBODY)
    this.#settle()
  }

  /** Cuts every connection and stops listening, without a word to anybody. Idempotent; resolves when the port is free. */
  async kill(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    this.#killed = true
    this.#alarm.cancel()
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    const connections = [...this.#connections.values()]
    this.#connections.clear()
    this.#dirty.clear()
    this.#last = undefined
    for (const connection of connections) {
      connection.gone()
      connection.socket.destroy()
    }
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    if (!this.#server) {
      socket.destroy()
      return
    }
    socket.setNoDelay(true)
    const session = this.#nextSession++
    const connection = new ServerConnection(session, socket, this.engine, this.#limits, (thrown) => this.#options.onInternalError?.(thrown))
    this.#connections.set(session, connection)
    this.engine.advance(this.#options.runtime.now())
    this.engine.connect(session)
    socket.on('data', (chunk: Buffer) => {
      // One reading of the clock a chunk: its commands arrived together.
      this.engine.advance(this.#options.runtime.now())
      this.#dirty.add(connection)
      connection.receive(chunk)
      this.#settle()
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      if (!this.#connections.delete(session)) return
      if (this.#last === connection) this.#last = undefined
      this.#dirty.delete(connection)
      this.engine.advance(this.#options.runtime.now())
      connection.gone()
      this.#settle()
    })
    this.#settle()
  }

  #find(session: SessionId): ServerConnection | undefined {
    const last = this.#last
    if (last && last.session === session) return last
    const found = this.#connections.get(session)
    if (found) {
      this.#last = found
      this.#dirty.add(found)
    }
    return found
  }

  #close(session: SessionId): void {
    this.#connections.get(session)?.close()
  }

  /** After anything that may have made the engine speak: writes what it said, and wakes up when it next has to. */
  #settle(): void {
    this.#flush()
    if (this.#server) this.#alarm.arm()
  }

  #flush(): void {
    for (const connection of this.#dirty) connection.flush()
    this.#dirty.clear()
    this.#last = undefined
  }
}
