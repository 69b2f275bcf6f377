import type { Engine, EngineOptions, SessionId } from '../../src/engine/engine.ts'
import type { Command } from '../../src/protocol/command.ts'
import { MapReply, MemcachedValues, type Reply, ReplyError, SimpleString } from '../../src/protocol/reply.ts'
import type { Nanos } from '../../src/runtime/runtime.ts'

/**
 * Just enough of an engine to test drivers without the real ones: SET, GET, DEL, INCR, PING, HELLO, QUIT, BIG n (a
 * reply of n bytes), BLOCK nanos (answers later), SHOUT text (a push to everybody); for memcached set, get, incr.
 */
export class TinyEngine implements Engine {
  readonly profile: Engine['profile']
  readonly fed: { readonly session: SessionId; readonly command: string[] }[] = []
  readonly sessions = new Set<SessionId>()
  restarts = 0
  #now: Nanos = 0
  readonly #options: EngineOptions
  readonly #values = new Map<string, Uint8Array>()
  readonly #versions = new Map<SessionId, 2 | 3>()
  #blocked: { readonly session: SessionId; readonly due: Nanos }[] = []

  constructor(options: EngineOptions, engine: 'redis' | 'memcached' = 'redis') {
    this.#options = options
    this.profile = { engine, version: '0.0.1' }
  }

  connect(session: SessionId): void {
    this.sessions.add(session)
  }

  disconnect(session: SessionId): void {
    this.sessions.delete(session)
    this.#blocked = this.#blocked.filter((one) => one.session !== session)
  }

  protocolVersion(session: SessionId): 2 | 3 {
    return this.#versions.get(session) ?? 2
  }

  restart(): void {
    this.restarts++
    this.#values.clear()
    this.#versions.clear()
    this.#blocked = []
    for (const session of [...this.sessions]) this.#options.sink.close(session)
    this.sessions.clear()
  }

  advance(now: Nanos): void {
    if (now < this.#now) throw new Error('time went backward')
    this.#now = now
    const due = this.#blocked.filter((one) => one.due <= now)
    this.#blocked = this.#blocked.filter((one) => one.due > now)
    for (const one of due) this.#options.sink.reply(one.session, new SimpleString('UNBLOCKED'))
  }

  nextDeadline(): Nanos | undefined {
    return this.#blocked.length === 0 ? undefined : Math.min(...this.#blocked.map((one) => one.due))
  }

  feed(session: SessionId, command: Command): void {
    const words = command.map((word) => Buffer.from(word as Uint8Array))
    const text = words.map((word) => word.toString('latin1'))
    this.fed.push({ session, command: text })
    const { sink } = this.#options
    const reply = this.profile.engine === 'memcached' ? this.#memcached(text, words) : this.#redis(session, text, words)
    if (reply !== undefined) sink.reply(session, reply)
    if (/^quit$/i.test(text[0]!)) {
      this.sessions.delete(session)
      sink.close(session)
    }
  }

  #redis(session: SessionId, text: string[], words: Buffer[]): Reply | undefined {
    const key = text[1] ?? ''
    switch (text[0]!.toUpperCase()) {
      case 'PING':
        return new SimpleString('PONG')
      case 'SET':
        this.#values.set(key, words[2]!)
        return SimpleString.ok
      case 'GET':
        return this.#values.get(key) ?? null
      case 'DEL':
        return this.#values.delete(key) ? 1 : 0
      case 'INCR': {
        const value = Number(Buffer.from(this.#values.get(key) ?? Buffer.from('0')).toString()) + 1
        this.#values.set(key, Buffer.from(String(value)))
        return value
      }
      case 'HELLO':
        this.#versions.set(session, 3)
        return new MapReply([Buffer.from('proto'), 3])
      case 'QUIT':
        return SimpleString.ok
      case 'BIG':
        return Buffer.alloc(Number(text[1]), 'x')
      case 'BLOCK':
        this.#blocked.push({ session, due: this.#now + Number(text[1]) })
        return undefined
      case 'SHOUT':
        for (const one of this.sessions) this.#options.sink.push(one, [words[1]!])
        return this.sessions.size
      default:
        return new ReplyError(`ERR unknown command '${text[0]}'`)
    }
  }

  #memcached(text: string[], words: Buffer[]): Reply | undefined {
    const key = text[1] ?? ''
    switch (text[0]) {
      case 'set': {
        this.#values.set(key, words.at(-1)!)
        return text.at(-2) === 'noreply' ? undefined : new SimpleString('STORED')
      }
      case 'get': {
        const value = this.#values.get(key)
        return new MemcachedValues(value ? [{ key: words[1]!, flags: 0, value }] : [])
      }
      case 'delete':
        return new SimpleString(this.#values.delete(key) ? 'DELETED' : 'NOT_FOUND')
      case 'version':
        return new SimpleString('VERSION 0.0.1')
      case 'quit':
        return undefined
      default:
        return new ReplyError('ERROR')
    }
  }
}
