import type { TlsOptions } from 'node:tls'
import type { Engine, EngineOptions, EngineSink, SessionId } from '../engine/engine.ts'
import type { NetworkFailure } from '../network/closed.ts'
import type { Connection, ConnectionEvents, Listener, Listening, Network } from '../network/network.ts'
import { REAL_NETWORK } from '../network/real-network.ts'
import type { Command } from '../protocol/command.ts'
import { type Reply, ReplyError } from '../protocol/reply.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { EngineAlarm } from './engine-alarm.ts'
import { type ConnectionLimits, ServerConnection } from './server-connection.ts'

export interface EngineServerOptions {
  readonly runtime: Runtime
  /** The sockets of the system unless told. */
  readonly network?: Network
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
const NOBODYS_SESSION: SessionId = 0
/** Redis' default `maxclients`. */
const MAX_CONNECTIONS = 10_000
const LIMITS: ConnectionLimits = { pauseAboveBytes: 1_048_576, cutAboveBytes: 268_435_456 }

/**
 * A reference engine at an address of a network: the driver of the engine contract that carries bytes. Time, timers and
 * chance are the runtime's. `kill` is what `kill -9` is to a process; `start` after it brings the same engine
 * back with what it persisted (`Engine.restart`), on the same port if asked to.
 */
export class EngineServer {
  readonly engine: Engine
  readonly #options: EngineServerOptions
  readonly #limits: ConnectionLimits
  /** What `run` was answered. */
  readonly #answered: Reply[] = []
  readonly #connections = new Map<SessionId, ServerConnection>()
  /** Connections with answers that wait for the end of the batch. */
  readonly #dirty = new Set<ServerConnection>()
  #listener: Listener | undefined
  #nextSession = 1
  #killed = false
  readonly #alarm: EngineAlarm
  /** The session last answered: most answers go to the one that was just fed. */
  #last: ServerConnection | undefined

  constructor(options: EngineServerOptions) {
    this.#options = options
    this.#limits = { ...LIMITS, ...options.limits }
    const sink: EngineSink = {
      reply: (session, reply) => (session === NOBODYS_SESSION ? this.#answered.push(reply) : this.#find(session)?.reply(reply)),
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
    if (this.#listener) throw new Error('EngineServer.start: already started')
    const { tls, host = '127.0.0.1', network = REAL_NETWORK } = this.#options
    const result = await new Promise<Listening | NetworkFailure>((resolve) => {
      const where = address.path === undefined ? { host, port: address.port ?? 0 } : { path: address.path }
      this.#listener = network.listen(where, (connection) => this.#accept(connection), resolve, { tls })
    })
    if (result.why !== undefined) {
      this.#listener = undefined
      throw Object.assign(new Error(result.message), { code: result.code })
    }
    if (this.#killed) this.engine.restart()
    this.#killed = false
    this.engine.advance(this.#options.runtime.now())
    this.#alarm.arm()
    return 'path' in result.address ? { host: result.address.path, port: 0 } : { host, port: result.address.port }
  }

  /** To be called when the runtime's clock was moved: what is due by now happens before this returns. */
  catchUp(): void {
    this.engine.advance(this.#options.runtime.now())
    this.#settle()
  }

  /** Runs commands as a client of nobody's: to empty the engine, say. Connections stay. Throws what the engine refuses. */
  run(commands: readonly Command[]): void {
    this.engine.advance(this.#options.runtime.now())
    this.engine.connect(NOBODYS_SESSION)
    for (const command of commands) this.engine.feed(NOBODYS_SESSION, command)
    this.engine.disconnect(NOBODYS_SESSION)
    this.#settle()
    const refused = this.#answered.splice(0).find((reply) => reply instanceof ReplyError)
    if (refused) throw new Error(`the engine answered: ${refused.text}`)
  }

  /** Cuts every connection and stops listening, without a word to anybody. Idempotent; resolves when the port is free. */
  async kill(): Promise<void> {
    const listener = this.#listener
    if (!listener) return
    this.#listener = undefined
    this.#killed = true
    this.#alarm.cancel()
    const closed = new Promise<void>((resolve) => listener.close(resolve))
    const connections = [...this.#connections.values()]
    this.#connections.clear()
    this.#dirty.clear()
    this.#last = undefined
    for (const connection of connections) {
      connection.gone()
      connection.destroy()
    }
    await closed
  }

  #accept(connection: Connection): ConnectionEvents {
    const { maxConnections = MAX_CONNECTIONS } = this.#options.limits ?? {}
    if (!this.#listener || this.#connections.size >= maxConnections) {
      connection.destroy()
      return NOBODY
    }
    const session = this.#nextSession++
    const served: ServerConnection = new ServerConnection(
      session,
      connection,
      this.engine,
      this.#limits,
      (thrown) => this.#options.onInternalError?.(thrown),
      () => this.#receive(served, EMPTY),
    )
    this.#connections.set(session, served)
    this.engine.advance(this.#options.runtime.now())
    this.engine.connect(session)
    this.#settle()
    return {
      // What an engine says goes on a line itself.
      quiet: true,
      data: (chunk) => this.#receive(served, chunk),
      drained: () => served.drained(),
      ended: () => this.#depart(() => served.peerEnded()),
      closed: () => {
        if (!this.#connections.delete(session)) return
        if (this.#last === served) this.#last = undefined
        this.#dirty.delete(served)
        this.#depart(() => served.gone())
      },
    }
  }

  #receive(connection: ServerConnection, chunk: Buffer): void {
    // One reading of the clock a chunk: its commands arrived together.
    this.engine.advance(this.#options.runtime.now())
    this.#dirty.add(connection)
    connection.receive(chunk)
    this.#settle()
  }

  #depart(leave: () => void): void {
    this.engine.advance(this.#options.runtime.now())
    leave()
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
    if (this.#listener) this.#alarm.arm()
  }

  #flush(): void {
    for (const connection of this.#dirty) connection.flush()
    this.#dirty.clear()
    this.#last = undefined
  }
}

const EMPTY = Buffer.alloc(0)

/** Of a connection that is not served. */
const NOBODY: ConnectionEvents = { data() {}, ended() {}, closed() {} }
