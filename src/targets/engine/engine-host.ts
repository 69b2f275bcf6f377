import type { Engine, EngineOptions, EngineSink, SessionId } from '../../engine/engine.ts'
import type { Command } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import type { Runtime } from '../../runtime/runtime.ts'
import { EngineAlarm } from '../../server/engine-alarm.ts'
import type { TargetControl } from '../target.ts'
import { NetworkDelays, type NetworkModel } from './network-model.ts'

export interface EngineHostOptions {
  readonly runtime: Runtime
  /** Makes the engine; called once. `engine: 'memcached'` in its profile chooses the protocol. */
  readonly createEngine: (options: EngineOptions) => Engine
  /** Handed on to the engine beside sink, wall clock and chance. */
  readonly engineOptions?: Pick<EngineOptions, 'maxMemoryBytes' | 'maxMemoryPolicy'>
  readonly network: NetworkModel
}

/** What the engine says to one session, as the host hands it on. */
export interface EngineSession {
  reply(reply: Reply): void
  /** The engine ended the session, or died. */
  ended(by: 'engine' | 'kill'): void
}

/**
 * One embedded engine in this process, shared by many clients behind a modelled network: the in-process driver of
 * the engine contract. The same on real and on virtual time. As a `TargetControl` it can be killed and started
 * again; a dead host refuses connections.
 */
export class EngineHost implements TargetControl {
  readonly engine: Engine
  readonly runtime: Runtime
  readonly delays: NetworkDelays
  readonly #alarm: EngineAlarm
  readonly #sessions = new Map<SessionId, EngineSession>()
  #nextSession = 1
  #up = true
  /** What arrived while frozen; undefined when it is not. */
  #frozen: { readonly session: SessionId; readonly command: Command }[] | undefined

  constructor(options: EngineHostOptions) {
    const { runtime } = options
    this.runtime = runtime
    this.delays = new NetworkDelays(options.network, runtime.chance.stream('network'))
    const sink: EngineSink = {
      reply: (session, reply) => this.#sessions.get(session)?.reply(reply),
      // Nobody listens: a client matches answers by their order, and pushes answer nothing.
      push: () => {},
      close: (session) => {
        const ended = this.#sessions.get(session)
        this.#sessions.delete(session)
        ended?.ended('engine')
      },
    }
    this.engine = options.createEngine({
      sink,
      wallMicros: () => runtime.wall.nowMicros(),
      chance: runtime.chance.stream('engine'),
      ...options.engineOptions,
    })
    this.#alarm = new EngineAlarm(this.engine, runtime, () => {})
    this.engine.advance(runtime.now())
    this.#alarm.arm()
  }

  get family(): 'redis' | 'memcached' {
    return this.engine.profile.engine === 'memcached' ? 'memcached' : 'redis'
  }

  get up(): boolean {
    return this.#up
  }

  /** A connection reaches the engine. Undefined: nobody listens. */
  open(session: EngineSession): SessionId | undefined {
    if (!this.#up) return undefined
    const id = this.#nextSession++
    this.#sessions.set(id, session)
    this.engine.advance(this.runtime.now())
    this.engine.connect(id)
    if (!this.#frozen) this.#alarm.arm()
    return id
  }

  /** A command reaches the engine. */
  feed(session: SessionId, command: Command): void {
    if (!this.#sessions.has(session)) return
    if (this.#frozen) {
      this.#frozen.push({ session, command })
      return
    }
    this.engine.advance(this.runtime.now())
    this.engine.feed(session, command)
    this.#alarm.arm()
  }

  /** The client's side ended the session. */
  leave(session: SessionId): void {
    if (!this.#sessions.delete(session)) return
    this.engine.advance(this.runtime.now())
    this.engine.disconnect(session)
    if (!this.#frozen) this.#alarm.arm()
  }

  kill(done: (error?: Error) => void): void {
    if (this.#up) {
      this.#up = false
      this.#frozen = undefined
      this.#alarm.cancel()
      const sessions = [...this.#sessions.values()]
      this.#sessions.clear()
      for (const session of sessions) session.ended('kill')
    }
    done()
  }

  start(done: (error?: Error) => void): void {
    if (!this.#up) {
      this.engine.restart()
      this.engine.advance(this.runtime.now())
      this.#up = true
      this.#alarm.arm()
    }
    done()
  }

  /** As SIGSTOP: connections stand and nothing is answered. Idempotent. */
  freeze(): void {
    if (!this.#up || this.#frozen) return
    this.#frozen = []
    this.#alarm.cancel()
  }

  /** As SIGCONT: what has arrived meanwhile is answered now. */
  thaw(): void {
    const waiting = this.#frozen
    this.#frozen = undefined
    for (const { session, command } of waiting ?? []) this.feed(session, command)
    if (this.#up) this.#alarm.arm()
  }

  pid(): undefined {
    return undefined
  }

  /** Ends the engine's own timers. Clients are closed by whoever opened them. */
  close(): void {
    this.kill(() => {})
  }
}
