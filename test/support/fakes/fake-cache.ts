import type { Engine, EngineOptions } from '../../../src/engine/engine.ts'
import { createMemcachedEngine } from '../../../src/engine/memcached/memcached-engine.ts'
import { DEFAULT_MEMCACHED_PROFILE } from '../../../src/engine/memcached/profiles.ts'
import { findRedisProfile } from '../../../src/engine/redis/profiles.ts'
import { createRedisEngine } from '../../../src/engine/redis/redis-engine.ts'
import type { Command } from '../../../src/protocol/command.ts'
import type { Reply } from '../../../src/protocol/reply.ts'
import { createRealRuntime, type RealRuntime } from '../../../src/runtime/real-runtime.ts'
import type { Nanos } from '../../../src/runtime/runtime.ts'
import { EngineAlarm } from '../../../src/server/engine-alarm.ts'
import { FakeServer } from '../fake-server.ts'
import type { Behaviour, FakeHost } from './behaviour.ts'
import { Exchange, isLoadCommand } from './exchange.ts'
import { FakeConnection } from './fake-connection.ts'

export interface FakeCacheOptions {
  readonly family: 'redis' | 'memcached'
  readonly behaviours?: readonly Behaviour[]
  /** Of what behaviours draw. */
  readonly seed?: number
}

/** What a fake saw since it was started. */
export interface FakeCounts {
  /** Accepted so far, open now, and open at once at the most. */
  readonly connections: number
  readonly open: number
  readonly mostOpen: number
  /** Pieces of input: about one a system call of whoever wrote. */
  readonly reads: number
  /** By name, whether or not they were carried out. */
  readonly commands: Readonly<Record<string, number>>
}

/**
 * A cache on a loopback port that is right in everything but what its behaviours say: behind it is a reference engine,
 * so each command of a pattern, of `describe` and of a clean-up is known to it, and it keeps what it is told.
 */
export class FakeCache implements FakeHost {
  readonly family: 'redis' | 'memcached'
  readonly #server: FakeServer
  readonly #runtime: RealRuntime
  readonly #engine: Engine
  readonly #alarm: EngineAlarm
  readonly #behaviours: Behaviour[] = []
  readonly #connections = new Map<number, FakeConnection>()
  readonly #commands = new Map<string, number>()
  #heldUntilNanos: Nanos = 0
  #deafUntilNanos: Nanos = 0
  #accepted = 0
  #mostOpen = 0
  #loads = 0
  #closed = false

  private constructor(server: FakeServer, options: FakeCacheOptions) {
    this.family = options.family
    this.#server = server
    this.#runtime = createRealRuntime({ seed: options.seed ?? 1 })
    const engineOptions: EngineOptions = {
      sink: {
        reply: (session, reply) => this.#replied(session, reply),
        push: (session, reply) => this.#pushed(session, reply),
        close: (session) => this.#connections.get(session)?.depart([{ dueNanos: this.now(), over: 'end' }]),
      },
      wallMicros: () => this.#runtime.wall.nowMicros(),
      chance: this.#runtime.chance.stream('engine'),
    }
    this.#engine =
      options.family === 'memcached'
        ? createMemcachedEngine(DEFAULT_MEMCACHED_PROFILE, engineOptions)
        : createRedisEngine(findRedisProfile('redis')!, engineOptions)
    this.#alarm = new EngineAlarm(this.#engine, this.#runtime, () => {})
    for (const behaviour of options.behaviours ?? []) this.add(behaviour)
  }

  static async start(options: FakeCacheOptions): Promise<FakeCache> {
    let fake: FakeCache | undefined
    const server = await FakeServer.start((socket) => fake!.#accept(socket), { keepsReceived: false })
    fake = new FakeCache(server, options)
    return fake
  }

  get port(): number {
    return this.#server.port
  }

  get url(): string {
    return `${this.family}://127.0.0.1:${this.port}`
  }

  get counts(): FakeCounts {
    return {
      connections: this.#accepted,
      open: this.#connections.size,
      mostOpen: this.#mostOpen,
      reads: this.#server.reads.reduce((sum, reads) => sum + reads, 0),
      commands: Object.fromEntries(this.#commands),
    }
  }

  /** From now on; it is asked after those that are there. */
  add(behaviour: Behaviour): void {
    this.#behaviours.push(behaviour)
    behaviour.begin?.(this)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#runtime.close()
    await this.#server.close()
  }

  now(): Nanos {
    return this.#runtime.now()
  }

  after(delayNanos: Nanos, fire: () => void): void {
    this.#runtime.after(delayNanos, fire)
  }

  draw(concern: string, index: number): number {
    return this.#runtime.chance.stream(concern).uniform(index)
  }

  holdAnswers(forNanos: Nanos): void {
    this.#heldUntilNanos = Math.max(this.#heldUntilNanos, this.now() + forNanos)
  }

  stopReading(forNanos: Nanos): void {
    this.holdAnswers(forNanos)
    this.#deafUntilNanos = Math.max(this.#deafUntilNanos, this.now() + forNanos)
    for (const { socket } of this.#connections.values()) socket.pause()
    this.after(forNanos, () => {
      if (this.now() >= this.#deafUntilNanos) for (const { socket } of this.#connections.values()) socket.resume()
    })
  }

  refuseConnections(forNanos: Nanos): void {
    const closed = this.#server.close()
    this.after(forNanos, async () => {
      await closed
      if (!this.#closed) await this.#server.listen()
    })
  }

  #accept(socket: FakeConnection['socket']): void {
    const index = this.#accepted++
    const over = this.#overAtOnce(index)
    if (over !== undefined) {
      if (over === 'reset') socket.resetAndDestroy()
      else socket.end()
      return
    }
    const connection = new FakeConnection(index, socket, {
      family: this.family,
      now: () => this.now(),
      after: (delayNanos, fire) => this.#runtime.after(delayNanos, fire),
      heldUntil: () => this.#heldUntilNanos,
      command: (from, command) => this.#command(from, command),
    })
    this.#connections.set(index, connection)
    this.#mostOpen = Math.max(this.#mostOpen, this.#connections.size)
    this.#engine.connect(index)
    socket.on('close', () => {
      this.#connections.delete(index)
      this.#engine.disconnect(index)
    })
    if (this.now() < this.#deafUntilNanos) socket.pause()
  }

  #overAtOnce(nth: number): 'end' | 'reset' | undefined {
    for (const behaviour of this.#behaviours) {
      const over = behaviour.accept?.(nth)
      if (over !== undefined) return over
    }
    return undefined
  }

  #command(connection: FakeConnection, command: Command): void {
    const word = Buffer.from(command[0]!).toString('latin1')
    const name = this.family === 'redis' ? word.toUpperCase() : word
    this.#commands.set(name, (this.#commands.get(name) ?? 0) + 1)
    const isLoad = isLoadCommand(name)
    const exchange = new Exchange({
      family: this.family,
      name,
      command,
      arrivedNanos: this.now(),
      connection: connection.index,
      nth: isLoad ? this.#loads++ : -1,
      nthOfConnection: isLoad ? connection.loads++ : -1,
    })
    const instead = this.#instead(exchange)
    if (instead === undefined) {
      this.#carryOut(connection, exchange)
      return
    }
    if (instead !== null) exchange.answer(instead)
    this.#settle(connection, exchange)
  }

  #instead(exchange: Exchange): Buffer | null | undefined {
    for (const behaviour of this.#behaviours) {
      const instead = behaviour.instead?.(exchange)
      if (instead !== undefined) return instead
    }
    return undefined
  }

  #carryOut(connection: FakeConnection, exchange: Exchange): void {
    connection.awaiting.push(exchange)
    this.#engine.advance(exchange.arrivedNanos)
    this.#engine.feed(connection.index, exchange.command)
    this.#alarm.arm()
    // Memcached never blocks: what is not answered by now is asked to be silent.
    if (this.family === 'memcached' && connection.awaiting.pop() !== undefined) this.#settle(connection, exchange)
  }

  #replied(session: number, reply: Reply): void {
    const connection = this.#connections.get(session)
    if (!connection) return
    const exchange = connection.awaiting.shift()
    if (!exchange) {
      this.#pushed(session, reply)
      return
    }
    if (this.family === 'redis') connection.protocolVersion = this.#engine.protocolVersion(session)
    exchange.answer(connection.encode(reply))
    this.#settle(connection, exchange)
  }

  #pushed(session: number, reply: Reply): void {
    const connection = this.#connections.get(session)
    connection?.depart([{ dueNanos: this.now(), bytes: connection.encode(reply) }])
  }

  #settle(connection: FakeConnection, exchange: Exchange): void {
    for (const behaviour of this.#behaviours) behaviour.shape?.(exchange)
    connection.depart(exchange.departures)
  }
}
