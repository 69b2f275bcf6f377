import type { Command, Word } from '../../protocol/command.ts'
import type { Reply } from '../../protocol/reply.ts'
import { ReplyError } from '../../protocol/reply.ts'
import type { Nanos } from '../../runtime/runtime.ts'
import type { Engine, EngineOptions, SessionId } from '../engine.ts'
import { AccessFrequency } from './access-frequency.ts'
import { BLOCKED } from './blocked.ts'
import type { CommandContext, ServerCounters, ServerState } from './command-context.ts'
import type { CommandDefinition, CommandSpec } from './command-spec.ts'
import { CommandTable } from './command-table.ts'
import type { CommandClock } from './database.ts'
import { Database, wordOfKey } from './database.ts'
import { Effects } from './effects.ts'
import { internalError, NO_AUTH, OUT_OF_MEMORY } from './error-texts.ts'
import { makeRoom } from './eviction.ts'
import { HashKeyspace } from './hash-keyspace.ts'
import type { RedisProfile } from './profiles.ts'
import type { Blocking } from './session.ts'
import { Session } from './session.ts'
import type { Settings } from './settings.ts'
import { isEvictionPolicy } from './settings.ts'
import { Timeouts } from './timeouts.ts'
import { needsMemory, queueInTransaction, refuse, refusedInTransaction } from './transaction-queue.ts'
import { isNamed, keptCommand, latin1Of, shownOf } from './words.ts'

const DATABASES = 16
/** Keys deleted by one step of the expiry cycle, so that a wave of them does not hold up everyone. */
const EXPIRE_STEP = 1000
/** Lookup of a command's text in the table; commands and their aliases that only attack a server in disguise. */
const HTTP_WORDS = ['post', 'host:']

/** The reference engine for Redis and Valkey. `extraCommands` extends the table (tests, later families). */
export function createRedisEngine(profile: RedisProfile, options: EngineOptions, extraCommands: readonly CommandDefinition[] = []): Engine {
  return new RedisEngine(profile, options, extraCommands)
}

class RedisEngine implements Engine, CommandContext {
  readonly profile: RedisProfile
  readonly table: CommandTable
  readonly settings: Settings
  readonly databases: Database[] = []
  readonly server: ServerState
  readonly #options: EngineOptions
  readonly #sink: EngineOptions['sink']
  readonly #sessions = new Map<SessionId, Session>()
  readonly #counters: ServerCounters = { commands: 0, connections: 0, expiredKeys: 0, evictedKeys: 0 }
  readonly #effects: Effects
  readonly #timeouts = new Timeouts<Session>()
  /** Sessions with something in their queue that may run now. */
  readonly #runnable: Session[] = []
  readonly #watchers = new Map<string, Set<Session>>()
  readonly #clock: CommandClock
  #nextClientId = 1
  #draws = 0
  readonly #startedMillis: number
  #running = false

  // The running command (CommandContext).
  now: Nanos = 0
  nowMicros = 0
  nowMillis = 0
  session!: Session
  db!: Database
  commandName = ''
  #dirty = false
  #rewritten: readonly Command[] | undefined
  #closeAfter = false
  #inCommand = false
  /** The running command is one of those that EXEC runs. */
  #inTransaction = false

  constructor(profile: RedisProfile, options: EngineOptions, extraCommands: readonly CommandDefinition[]) {
    this.profile = profile
    this.#options = options
    this.#sink = options.sink
    this.#effects = new Effects(options.sink)
    this.table = new CommandTable(profile, extraCommands)
    const policy = options.maxMemoryPolicy ?? 'noeviction'
    if (!isEvictionPolicy(policy)) throw new RangeError(`maxMemoryPolicy: unknown policy "${policy}"`)
    this.settings = {
      maxMemoryBytes: options.maxMemoryBytes ?? 0,
      maxMemoryPolicy: policy,
      maxMemorySamples: 5,
      lfuLogFactor: 10,
      lfuDecayMinutes: 1,
      password: latin1Of(options.password ?? ''),
    }
    const frequency = new AccessFrequency(
      this.settings,
      () => this.nowMillis,
      () => this.random(),
    )
    this.#clock = { nowMillis: 0, access: 0, frequency, reading: false, hits: 0, misses: 0 }
    for (let i = 0; i < DATABASES; i++) {
      const keyspace = new HashKeyspace(options.chance.uint32(i, 1))
      this.databases.push(
        new Database(i, keyspace, this.#clock, { expired: (db, key) => this.#onExpired(db, key), changed: (db, key) => this.#onChanged(db, key) }),
      )
    }
    const counters = this.#counters
    const sessions = this.#sessions
    const used = () => this.#usedMemory()
    this.#startedMillis = Math.floor(options.wallMicros() / 1000)
    let runId = ''
    for (let i = 0; i < 5; i++) runId += options.chance.uint32(i, 2).toString(16).padStart(8, '0')
    this.server = {
      sessions,
      runId,
      startedMicros: options.wallMicros(),
      get usedMemoryBytes() {
        return used()
      },
      counters,
      clock: this.#clock,
    }
    this.#readClock()
  }

  // --- Engine

  connect(id: SessionId): void {
    const session = new Session(id, this.#nextClientId++)
    session.authenticated = this.settings.password === ''
    this.#sessions.set(id, session)
    this.#counters.connections++
  }

  feed(id: SessionId, command: Command): void {
    const session = this.#sessions.get(id)
    if (!session || command.length === 0) return
    if (this.#running || session.blocked || session.queue.length > 0) {
      session.queue.push(keptCommand(command))
      if (this.#running && !session.blocked) this.#runnable.push(session)
      return
    }
    this.#running = true
    try {
      this.#execute(session, command)
      if (this.#runnable.length > 0) this.#drain()
    } finally {
      this.#running = false
    }
  }

  feedError(id: SessionId, text: string): void {
    const session = this.#sessions.get(id)
    if (!session) return
    if (text !== '') this.#sink.reply(id, new ReplyError(text))
    this.#close(session)
  }

  advance(now: Nanos): void {
    if (now > this.now) this.now = now
    if (this.#running) return
    this.#running = true
    try {
      for (let session = this.#timeouts.takeDue(this.now); session; session = this.#timeouts.takeDue(this.now)) {
        const { blocked } = session
        if (!blocked) continue
        session.blocked = undefined
        this.#sink.reply(session.id, this.#giveUp(blocked))
        if (session.queue.length > 0) this.#runnable.push(session)
      }
      this.#drain()
      this.#readClock()
      for (const database of this.databases) {
        if (database.keyspace.volatileCount > 0) database.expireDue(EXPIRE_STEP)
      }
    } finally {
      this.#running = false
    }
  }

  nextDeadline(): Nanos | undefined {
    let deadline = this.#timeouts.first
    let wall: number | undefined
    for (const { keyspace } of this.databases) {
      const entry = keyspace.firstToExpire()
      if (entry < 0) continue
      wall ??= this.#options.wallMicros()
      // A key lives through the millisecond of its expiry.
      const due = this.now + Math.max(1, Math.min((keyspace.expiryAt(entry) + 1) * 1000 - wall, Number.MAX_SAFE_INTEGER / 4000) * 1000)
      if (deadline === undefined || due < deadline) deadline = Math.ceil(due)
    }
    return deadline
  }

  disconnect(id: SessionId): void {
    const session = this.#sessions.get(id)
    if (session) this.#forget(session)
  }

  protocolVersion(id: SessionId): 2 | 3 {
    return this.#sessions.get(id)?.protocol ?? 2
  }

  restart(): void {
    for (const session of [...this.#sessions.values()]) this.#close(session)
    for (const database of this.databases) database.keyspace.clear()
    this.#timeouts.clear()
    this.#runnable.length = 0
    this.#nextClientId = 1
  }

  // --- CommandContext

  random(): number {
    return this.#options.chance.uniform(this.#draws++)
  }

  dirty(): void {
    this.#dirty = true
  }

  rewrite(...commands: Command[]): void {
    this.#rewritten = commands
  }

  closeAfterReply(): void {
    this.#closeAfter = true
  }

  block(blocking: Blocking): Reply | typeof BLOCKED {
    // Nothing waits inside EXEC: the reply is that of a timeout (CLIENT_DENY_BLOCKING in server.h).
    if (this.#inTransaction) return this.#giveUp(blocking)
    const session = this.session
    session.blocked = blocking
    if (blocking.deadline !== undefined) this.#timeouts.add(blocking.deadline, session)
    return BLOCKED
  }

  wake(id: SessionId, reply: Reply): void {
    const session = this.#sessions.get(id)
    if (!session?.blocked) return
    this.#unblock(session)
    this.#sink.reply(id, reply)
    if (session.queue.length > 0) this.#runnable.push(session)
  }

  push(id: SessionId, reply: Reply): void {
    if (this.#sessions.has(id)) this.#sink.push(id, reply)
  }

  call(argv: Command): Reply {
    const spec = this.table.resolve(argv)
    if (spec instanceof ReplyError) return spec
    const outerName = this.commandName
    this.#inTransaction = true
    const reply = this.#run(spec, argv)
    this.#inTransaction = false
    this.commandName = outerName
    this.#dirty = false
    this.#rewritten = undefined
    return reply === BLOCKED ? null : reply
  }

  watch(keys: readonly Word[]): void {
    const { session, db } = this
    for (const word of keys) {
      const key = latin1Of(word)
      if (session.watched.some((watched) => watched.key === key && watched.database === db.index)) continue
      const entry = db.keyspace.find(word)
      session.watched.push({ database: db.index, key, expired: entry >= 0 && db.isOver(entry) })
      const name = `${db.index}:${key}`
      const watchers = this.#watchers.get(name)
      if (watchers) watchers.add(session)
      else this.#watchers.set(name, new Set([session]))
    }
  }

  unwatch(session: Session): void {
    for (const { database, key } of session.watched) {
      const name = `${database}:${key}`
      const watchers = this.#watchers.get(name)
      watchers?.delete(session)
      if (watchers?.size === 0) this.#watchers.delete(name)
    }
    session.watched = []
    session.watchBroken = false
  }

  // --- The command loop

  #execute(session: Session, argv: Command): void {
    this.#readClock()
    this.session = session
    this.#counters.commands++
    let reply: Reply | typeof BLOCKED | undefined
    try {
      reply = this.#answer(session, argv)
    } catch (thrown) {
      reply = this.#failure(thrown, argv)
    }
    this.#inCommand = false
    this.#effects.flush()
    if (reply === undefined) this.#close(session)
    else if (reply !== BLOCKED) this.#sink.reply(session.id, reply)
    if (this.#closeAfter) {
      this.#closeAfter = false
      this.#close(session)
    }
  }

  /** processCommand in server.c. Undefined: the connection ends without a word. */
  #answer(session: Session, argv: Command): Reply | typeof BLOCKED | undefined {
    const spec = this.table.resolve(argv)
    if (spec instanceof ReplyError) {
      if (spec.text.startsWith('ERR unknown command') && HTTP_WORDS.some((word) => isNamed(argv[0]!, word))) return undefined
      return this.#refuse(session, argv, spec)
    }
    if (!session.authenticated && this.settings.password !== '' && !spec.flags.has('no_auth')) return this.#refuse(session, argv, NO_AUTH)
    this.db = this.databases[session.database]!
    this.#inCommand = true
    if (session.transaction) {
      const unfit = refusedInTransaction(session, spec, this.profile)
      if (unfit) return unfit
    }
    // Judged once a unit: what EXEC runs is judged with the EXEC.
    if (this.settings.maxMemoryBytes > 0 && !this.#makeRoom() && needsMemory(session, spec, this.profile)) {
      return this.#refuse(session, argv, OUT_OF_MEMORY)
    }
    return queueInTransaction(session, spec, argv) ?? this.#run(spec, argv)
  }

  #refuse(session: Session, argv: Command, error: ReplyError): ReplyError {
    if (isNamed(argv[0]!, 'exec')) this.unwatch(session)
    return refuse(session, argv, error)
  }

  #run(spec: CommandSpec, argv: Command): Reply | typeof BLOCKED {
    this.commandName = spec.name
    this.#clock.reading = !spec.write
    this.#dirty = false
    this.#rewritten = undefined
    try {
      const reply = spec.run!(this, argv)
      if (this.#dirty) this.#propagate(argv)
      return reply
    } catch (thrown) {
      return this.#failure(thrown, argv)
    }
  }

  /** A refusal is thrown as the reply it is; anything else is a mistake of ours, and an answer to this client alone. */
  #failure(thrown: unknown, argv: Command): ReplyError {
    if (thrown instanceof ReplyError) return thrown
    this.#unblock(this.session)
    this.#options.onInternalError?.(thrown, shownOf(argv[0]!, 64).toLowerCase())
    return internalError(thrown)
  }

  /** What a session that waits no longer is answered. */
  #giveUp(blocking: Blocking): Reply {
    try {
      blocking.onEnd?.()
      return blocking.onTimeout()
    } catch (thrown) {
      this.#options.onInternalError?.(thrown, 'a timeout')
      return internalError(thrown)
    }
  }

  #propagate(argv: Command): void {
    if (!this.#effects.wanted) return
    if (this.#rewritten) for (const command of this.#rewritten) this.#effects.add(this.db.index, command)
    else this.#effects.add(this.db.index, argv)
  }

  /** Runs what waits in queues until nothing can. */
  #drain(): void {
    for (let session = this.#runnable.shift(); session; session = this.#runnable.shift()) {
      while (session.queue.length > 0 && !session.blocked && !session.closed) this.#execute(session, session.queue.shift()!)
    }
  }

  #readClock(): void {
    this.nowMicros = this.#options.wallMicros()
    this.nowMillis = Math.floor(this.nowMicros / 1000)
    this.#clock.nowMillis = this.nowMillis
    this.#clock.access = (this.nowMillis - this.#startedMillis) >>> 0
  }

  #makeRoom(): boolean {
    const used = () => this.#usedMemory()
    if (used() <= this.settings.maxMemoryBytes) return true
    const random = () => this.random()
    return makeRoom(this.databases, this.settings, used, random, (database, key) => {
      this.#counters.evictedKeys++
      this.#effects.add(database.index, [this.profile.expiredAs, wordOfKey(key)])
    })
  }

  #usedMemory(): number {
    let used = 0
    for (const database of this.databases) used += database.keyspace.usedBytes
    return used
  }

  #onExpired(database: number, key: string): void {
    this.#counters.expiredKeys++
    this.#effects.add(database, [this.profile.expiredAs, wordOfKey(key)])
    // Within a command its effects belong to the command's unit; the expiry cycle makes each key a unit.
    if (!this.#inCommand) this.#effects.flush()
  }

  #onChanged(database: number, key: string): void {
    if (this.#watchers.size === 0) return
    const watchers = this.#watchers.get(`${database}:${key}`)
    if (!watchers) return
    for (const session of watchers) session.watchBroken = true
  }

  #unblock(session: Session): void {
    const blocking = session.blocked
    if (!blocking) return
    session.blocked = undefined
    if (blocking.deadline !== undefined) this.#timeouts.remove(session)
    blocking.onEnd?.()
  }

  /** The engine ends the session. */
  #close(session: Session): void {
    if (session.closed) return
    this.#forget(session)
    this.#sink.close(session.id)
  }

  #forget(session: Session): void {
    session.closed = true
    session.queue.length = 0
    this.#unblock(session)
    this.unwatch(session)
    this.#sessions.delete(session.id)
  }
}
