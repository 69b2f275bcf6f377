import { z } from 'zod'
import type { CacheKey } from '../../client/cache/cache.ts'
import { MILLISECOND, type Nanos } from '../../runtime/runtime.ts'
import { count, duration, ratio } from '../file/fields.ts'
import type { OperationIntent, OperationResult, PatternContext, PatternDefinition, World } from '../pattern.ts'
import type { ValueIdentity } from '../values/value-maker.ts'
import { inBatches } from './in-batches.ts'
import { createSessionPlan, type SessionPlanOptions } from './session-plan.ts'
import { statusOf } from './status-of.ts'

export interface SessionStoreSettings extends SessionPlanOptions {
  readonly ttlNanos: Nanos
  /** Sliding: a read that finds the session restarts its lifetime. Absolute: only login and update do. */
  readonly touch: 'sliding' | 'absolute'
}

/**
 * Sessions that live in the cache and nowhere else, shared by all instances. Key of the history = session; `arg` =
 * version written (1 by the login, +1 by each update), `ret` = version read (NaN: there was none).
 */
export const sessionStore: PatternDefinition<SessionStoreSettings> = {
  kind: 'pattern',
  name: 'session-store',
  summary: 'Sessions shared by all instances, kept in the cache alone: login, reads, updates, logout, and users who just leave.',
  settings: z
    .strictObject({
      ttl: duration({ min: '1ms' }).prefault('30m').describe('Lifetime of a session.'),
      touch: z
        .enum(['sliding', 'absolute'])
        .default('sliding')
        .describe('sliding: a read restarts the lifetime. absolute: it counts from the last login or update.'),
      login: ratio({ min: '0.01%', max: '25%' }).prefault('5%').describe('Share of operations that are logins: 5% makes 20 operations a session.'),
      update: ratio({ max: '75%' }).prefault('15%').describe('Share of operations that change the session (read, then write).'),
      abandoned: ratio().prefault('30%').describe('Share of sessions whose user leaves without a logout.'),
      active: count({ min: '16', max: '1M' })
        .prefault('1000')
        .describe('Sessions alive at once. Operations on one session are about this many operations apart: enough that one is over before the next.'),
    })
    .transform((given): SessionStoreSettings => {
      const { ttl, ...rest } = given
      return { ttlNanos: ttl, ...rest }
    }),
  needs: ['ttl'],
  usesCache: true,
  // An update reads before it writes, and the read-back must not keep alive what it reads.
  calls: ({ touch }) => (touch === 'sliding' ? ['get', 'getAndTouch', 'set', 'delete'] : ['get', 'set', 'delete']),
  // Each slot begins somewhere in a life, and the round under way is not over.
  names: ({ active, login }, { operations }) => [
    { stem: 'session:', count: Math.ceil(operations / Math.max(4, Math.round(1 / login))) + 3 * (active + 16) },
  ],
  usesDatabase: true,
  classes: [
    { name: 'session hit', kind: 'read', cache: 'hit' },
    /** A session that should be there is not. Also of an update that found none. */
    { name: 'session miss', kind: 'read', cache: 'miss' },
    /** No answer: there is no second place to look. */
    { name: 'session error', kind: 'read' },
    /** Somebody comes back with the cookie of a session that was left or logged out: no part of the hit ratio. */
    { name: 'return found', kind: 'read' },
    { name: 'return gone', kind: 'read' },
    { name: 'login', kind: 'write' },
    { name: 'update', kind: 'write' },
    { name: 'logout', kind: 'write' },
  ],
  indicators: ['hit_ratio', 'evictions'],
  checks: ['sessions', 'values', 'expiry'],
  // Login (user's row, then the session); read found or not; update found or not; logout.
  codePaths: 6,
  create: (context) => new SessionStore(context),
}

/** Sessions read back at the most. */
const MOST_READ_BACK = 1000

class SessionStore {
  readonly #context: PatternContext<SessionStoreSettings>
  readonly #plan: ReturnType<typeof createSessionPlan>
  readonly #ttlMillis: number

  constructor(context: PatternContext<SessionStoreSettings>) {
    this.#context = context
    this.#plan = createSessionPlan(context.settings, (concern) => context.stream(concern))
    this.#ttlMillis = Math.max(1, Math.round(context.settings.ttlNanos / MILLISECOND))
  }

  *rows(): Iterable<{ readonly key: string; readonly value: Uint8Array }> {
    const { keys, values } = this.#context
    for (let user = 0; user < keys.count; user++) yield { key: userKey(user), value: values.make(user, 1, 0) }
  }

  intent(index: number): OperationIntent {
    const { kind, session: key } = this.#plan.step(index)
    if (kind === 'read' || kind === 'return') return { fn: 'read', key, kind: 'read' }
    // An update that finds no session is a miss.
    return kind === 'update' ? { fn: kind, key, kind: 'write' } : { fn: kind, key, kind: 'write', class: kind }
  }

  operation(index: number, world: World): Promise<OperationResult> {
    const { kind, session } = this.#plan.step(index)
    switch (kind) {
      case 'login':
        return this.#login(session, world)
      case 'update':
        return this.#update(session, world)
      case 'logout':
        return this.#logout(session, world)
      case 'read':
        return this.#read(session, world, 'session hit', 'session miss')
      case 'return':
        return this.#read(session, world, 'return found', 'return gone')
    }
  }

  /** The sessions that are alive, whoever made them. */
  async verify(world: World, lastIndex: number): Promise<void> {
    await inBatches(this.#plan.alive(lastIndex).slice(0, MOST_READ_BACK), async (session) => {
      // Without a touch: reading back must not keep alive what is read.
      const found = await world.cache.get(this.#key(session))
      if (found.status !== 'ok') return world.probe({ fn: 'read', key: session, outcome: found.failure.code })
      if (found.value === null) return world.probe({ fn: 'read', key: session, outcome: 'session miss' })
      const identity = this.#identity(session, found.value)
      if (typeof identity === 'string') world.probe({ fn: 'read', key: session, outcome: identity })
      else world.probe({ fn: 'read', key: session, outcome: 'session hit', ret: identity.version, writer: identity.writer })
    })
  }

  /** The user's row is looked up in the database, then the session is made. */
  async #login(session: number, world: World): Promise<OperationResult> {
    const user = this.#context.keys.key(session)
    const row = await world.database.read(user, userKey(user))
    if (row.status !== 'ok') return { class: 'login', fn: 'login', key: session, arg: 1, status: 'fail', error: row.failure.code }
    const stored = await world.cache.set(this.#key(session), this.#value(session, 1), this.#ttlMillis)
    return { class: 'login', fn: 'login', key: session, arg: 1, writer: this.#context.instance + 1, ...statusOf(stored) }
  }

  async #read(session: number, world: World, foundClass: string, missingClass: string): Promise<OperationResult> {
    const key = this.#key(session)
    const sliding = this.#context.settings.touch === 'sliding'
    const found = await (sliding ? world.cache.getAndTouch(key, this.#ttlMillis) : world.cache.get(key))
    if (found.status !== 'ok') return { class: 'session error', fn: 'read', key: session, ...statusOf(found) }
    if (found.value === null) return { class: missingClass, fn: 'read', key: session, status: 'ok' }
    const identity = this.#identity(session, found.value)
    if (typeof identity === 'string') return { class: 'session error', fn: 'read', key: session, status: 'fail', error: identity }
    return { class: foundClass, fn: 'read', key: session, ret: identity.version, writer: identity.writer, status: 'ok' }
  }

  /** Read, change, write: two of them at once lose one change, which the check can see in the versions. */
  async #update(session: number, world: World): Promise<OperationResult> {
    const key = this.#key(session)
    const found = await world.cache.get(key)
    // Nothing was written yet: whatever the read's outcome, the update did not happen.
    if (found.status !== 'ok') return { class: 'update', fn: 'update', key: session, status: 'fail', error: found.failure.code }
    if (found.value === null) return { class: 'session miss', fn: 'update', key: session, status: 'ok' }
    const identity = this.#identity(session, found.value)
    if (typeof identity === 'string') return { class: 'update', fn: 'update', key: session, status: 'fail', error: identity }
    const { version } = identity
    const stored = await world.cache.set(key, this.#value(session, version + 1), this.#ttlMillis)
    return { class: 'update', fn: 'update', key: session, arg: version + 1, ret: version, writer: this.#context.instance + 1, ...statusOf(stored) }
  }

  async #logout(session: number, world: World): Promise<OperationResult> {
    const deleted = await world.cache.delete(this.#key(session))
    const ret = deleted.status === 'ok' ? Number(deleted.value) : Number.NaN
    return { class: 'logout', fn: 'logout', key: session, ret, ...statusOf(deleted) }
  }

  #key(session: number): CacheKey {
    return { id: session, name: this.#context.keyName(`session:${session}`) }
  }

  #value(session: number, version: number): Uint8Array {
    return this.#context.values.make(session, version, this.#context.instance + 1)
  }

  /** What is torn, or another session's, is refused: to be let into that would be worse than to be turned away. */
  #identity(session: number, value: Uint8Array): ValueIdentity | 'torn' | 'foreign' {
    const identity = this.#context.values.read(value)
    if (!identity) return 'torn'
    return identity.keyId === session ? identity : 'foreign'
  }
}

function userKey(user: number): string {
  return `user:${user}`
}
