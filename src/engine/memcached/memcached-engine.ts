import type { Command } from '../../protocol/command.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { Engine, EngineOptions, EngineSink, SessionId } from '../engine.ts'
import { DEFAULT_ITEM_LIMIT_BYTES, DEFAULT_LIMIT_BYTES, MemcachedCache } from './cache.ts'
import { BAD_LINE, type Call, type CommandEntry, ERROR, type ServerFacts } from './command-entry.ts'
import { findMemcachedCommand } from './command-table.ts'
import { LruMaintainer } from './lru-maintainer.ts'
import type { MemcachedProfile } from './profiles.ts'
import { isText } from './words.ts'

/** What memcached is told on its command line, beside `-m` (`maxMemoryBytes`). */
export interface MemcachedEngineOptions extends EngineOptions {
  /** `-M`: a full cache answers `SERVER_ERROR out of memory storing object` instead of evicting. */
  readonly disableEvictions?: boolean
  /** `-I`: largest item, header included; 1 MiB unless told. */
  readonly maxItemBytes?: number
}

/**
 * memcached as a pure state machine: the text and meta protocols' semantics over `MemcachedCache`. Commands come
 * as words, the data block last and without its byte count; lines whose byte count can't be trusted are the
 * decoder's to refuse.
 *
 * Nothing here blocks, pushes or has effects: memcached has neither replicas nor persistence.
 */
export function createMemcachedEngine(profile: MemcachedProfile, options: MemcachedEngineOptions): Engine {
  return new MemcachedEngine(profile, options)
}

class MemcachedEngine implements Engine, ServerFacts {
  readonly profile: MemcachedProfile
  readonly limitBytes: number
  readonly itemLimitBytes: number
  readonly evict: boolean
  verbosity = 0
  totalConnections = 0
  readonly #sink: EngineSink
  readonly #wallMicros: () => number
  readonly #onInternalError: EngineOptions['onInternalError']
  readonly #sessions = new Set<SessionId>()
  readonly #cache: MemcachedCache
  #maintainer: LruMaintainer
  #now: Nanos = 0
  /** Commands fed from inside a reply, which come after the one under way. */
  readonly #waiting: { session: SessionId; command: Command }[] = []
  #busy = false
  #session: SessionId = 0
  readonly #call: { -readonly [K in keyof Call]: Call[K] }

  constructor(profile: MemcachedProfile, options: MemcachedEngineOptions) {
    this.profile = profile
    this.#sink = options.sink
    this.#wallMicros = options.wallMicros
    this.#onInternalError = options.onInternalError
    this.limitBytes = options.maxMemoryBytes || DEFAULT_LIMIT_BYTES
    this.itemLimitBytes = options.maxItemBytes ?? DEFAULT_ITEM_LIMIT_BYTES
    this.evict = options.disableEvictions !== true
    this.#cache = new MemcachedCache(this)
    this.#maintainer = new LruMaintainer(this.#cache)
    this.#call = { cache: this.#cache, profile, server: this, words: [], lineWords: 0 }
  }

  get sessions(): number {
    return this.#sessions.size
  }

  connect(session: SessionId): void {
    if (this.#sessions.has(session)) return
    this.#sessions.add(session)
    this.totalConnections++
  }

  disconnect(session: SessionId): void {
    this.#sessions.delete(session)
  }

  feed(session: SessionId, command: Command): void {
    if (this.#busy) {
      this.#waiting.push({ session, command })
      return
    }
    this.#busy = true
    try {
      this.#answer(session, command)
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) this.#answer(next.session, next.command)
    } finally {
      this.#busy = false
    }
  }

  feedError(session: SessionId, text: string): void {
    if (!this.#sessions.has(session)) return
    this.#sink.reply(session, new ReplyError(text))
  }

  advance(now: Nanos): void {
    if (now <= this.#now) return
    this.#now = now
    if (!this.#cache.clock.started) this.#cache.clock.start(now, this.#wallMicros())
    this.#cache.clock.advance(now)
    this.#maintainer.advance(now)
  }

  nextDeadline(): Nanos | undefined {
    const deadline = this.#maintainer.deadline()
    return deadline === undefined ? undefined : Math.max(deadline, this.#now + 1)
  }

  protocolVersion(): 2 {
    return 2
  }

  restart(): void {
    this.#waiting.length = 0
    this.#cache.restart(this.#now, this.#wallMicros())
    this.#maintainer = new LruMaintainer(this.#cache)
    this.verbosity = 0
    this.totalConnections = 0
    const closed = [...this.#sessions]
    this.#sessions.clear()
    for (const session of closed) this.#sink.close(session)
  }

  /** Ends the session of the command under way. */
  close(): void {
    this.#sessions.delete(this.#session)
    this.#sink.close(this.#session)
  }

  #answer(session: SessionId, command: Command): void {
    if (!this.#sessions.has(session)) return
    this.#session = session
    const reply = this.#run(command)
    if (reply !== undefined) this.#sink.reply(session, reply)
  }

  #run(command: Command): Reply | undefined {
    const name = command[0]
    const entry = name === undefined ? undefined : findMemcachedCommand(name)
    if (entry === undefined) return ERROR
    const lineWords = entry.carriesData ? command.length - 1 : command.length
    if (lineWords < entry.minWords || lineWords > entry.maxWords) return this.#arityError()
    if (breaksLine(command, lineWords)) return BAD_LINE
    let reply: Reply | undefined
    try {
      if (!this.#cache.clock.started) this.#cache.clock.start(this.#now, this.#wallMicros())
      const call = this.#call
      call.words = command
      call.lineWords = lineWords
      reply = entry.run(call)
    } catch (thrown) {
      // A mistake of ours, and of this command alone.
      this.#onInternalError?.(thrown, entry.name)
      reply = new ReplyError(`SERVER_ERROR internal error: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
    return isSilent(entry, command, lineWords) ? undefined : reply
  }

  #arityError(): Reply {
    return this.profile.arityError === ERROR.text ? ERROR : BAD_LINE
  }
}

/** `noreply` is honoured as a word of its own: where it stands for an obligatory one it is just a bad number. */
function isSilent(entry: CommandEntry, command: Command, lineWords: number): boolean {
  if (!entry.noreply) return false
  if (lineWords === entry.minWords && (entry.carriesData || entry.name === 'delete')) return false
  return isText(command[lineWords - 1], 'noreply')
}

/** A word that could not have come over the wire as one: empty, or with a blank, a line end or a NUL in it. */
function breaksLine(command: Command, lineWords: number): boolean {
  for (let i = 1; i < lineWords; i++) {
    const word = command[i]!
    if (word.length === 0) return true
    for (let at = 0; at < word.length; at++) {
      const byte = typeof word === 'string' ? word.charCodeAt(at) : word[at]!
      if (byte === 0x20 || byte === 0x0a || byte === 0x00) return true
    }
  }
  return false
}
