import fc from 'fast-check'
import type { HistoryRow } from '../measure/history.ts'

/**
 * For tests: histories of concurrent users of stores that take effect at one instant between call and answer. They are
 * correct by construction, so that whatever a checker says of them is a false alarm. All times are different integers.
 */
export interface Step {
  readonly user: number
  readonly key: number
  readonly kind: 'read' | 'write' | 'leave'
  readonly before: number
  readonly take: number
  readonly answer: number
  /** The answer never comes; the operation takes effect all the same (or, `dropped`, does not). */
  readonly lost: boolean
  readonly dropped: boolean
  readonly instance: number
}

export const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  user: fc.integer({ min: 0, max: 3 }),
  key: fc.integer({ min: 0, max: 2 }),
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant('read' as const) },
    { weight: 4, arbitrary: fc.constant('write' as const) },
    { weight: 1, arbitrary: fc.constant('leave' as const) },
  ),
  before: fc.integer({ min: 1, max: 30 }),
  take: fc.integer({ min: 1, max: 20 }),
  answer: fc.integer({ min: 1, max: 20 }),
  lost: fc.integer({ min: 0, max: 9 }).map((draw) => draw === 0),
  dropped: fc.boolean(),
  instance: fc.integer({ min: 0, max: 1 }),
})

interface Placed extends Step {
  readonly op: number
  readonly sent: number
  readonly effect: number
  readonly done: number
}

/** Users do one thing after another; what they do takes effect in the order of the instants. */
function place(steps: readonly Step[]): Placed[] {
  const freeAt = new Map<number, number>()
  const placed = steps.map((step, op): Placed => {
    // Whole thousands apart, with the operation's number below, so that no two instants are ever the same.
    const sent = (freeAt.get(step.user) ?? 0) + step.before * 1000
    const effect = sent + step.take * 1000
    const done = effect + step.answer * 1000
    freeAt.set(step.user, done)
    return { ...step, op, sent: sent + op, effect: effect + op, done: done + op }
  })
  return placed.sort((a, b) => a.effect - b.effect)
}

const never = { done: -1, status: 'info' } as const

/**
 * Rows of a database, versions from 1, and nothing in front of it: reads and writes of the application. Keys from 100 on
 * are of rows that are not there.
 */
export function registerHistory(steps: readonly Step[]): Partial<HistoryRow>[] {
  const versions = new Map<number, { readonly version: number; readonly writer: number }>()
  const rows: Partial<HistoryRow>[] = []
  for (const { op, user, key, kind, sent, effect, done, lost, dropped, instance } of place(steps)) {
    const app: Partial<HistoryRow> = { op, client: user, key, sent, done, instance }
    const current = versions.get(key) ?? { version: 1, writer: 0 }
    if (kind === 'leave') {
      rows.push({ ...app, key: key + 100, fn: 'read', outcome: 'read absent', ...(lost && never) })
      continue
    }
    if (kind === 'read') {
      rows.push({ ...app, fn: 'read', outcome: 'read', ret: current.version, writer: current.writer, ...(lost && { ...never, ret: Number.NaN }) })
      continue
    }
    const applied = !(lost && dropped)
    const version = current.version + 1
    if (applied) versions.set(key, { version, writer: instance + 1 })
    const commit: Partial<HistoryRow> = {
      op: 1e6 + op,
      parent: op,
      layer: 'database',
      client: user,
      key,
      instance,
      fn: 'write',
      sent: sent + 100,
      done: Math.max(effect, done - 100),
    }
    rows.push({ ...commit, ret: version, ...(lost && { ...never, ret: Number.NaN }) })
    const answer = { arg: version, ret: version, writer: instance + 1 }
    rows.push({ ...app, fn: 'write', outcome: 'write', ...answer, ...(lost && { ...never, arg: Number.NaN, ret: Number.NaN, writer: -1 }) })
  }
  for (const [key, { version, writer }] of versions) {
    rows.push({ layer: 'probe', fn: 'committed', outcome: 'found', key, ret: version, writer, sent: 1e8, done: 1e8 })
    rows.push({ layer: 'probe', fn: 'cached', outcome: 'hit', key, ret: version, writer, sent: 1e8, done: 1e8 })
  }
  return rows
}

/** Entries of a cache, each with the same time to live from its store or touch on, as the calls to it tell. */
export function cacheHistory(steps: readonly Step[], ttlNanos: number): Partial<HistoryRow>[] {
  const expires = new Map<number, number>()
  const rows: Partial<HistoryRow>[] = []
  for (const { op, user, key, kind, sent, effect, done, lost, dropped, instance, take } of place(steps)) {
    const call: Partial<HistoryRow> = { op: 1e6 + op, parent: op, layer: 'cache', client: user, key, sent, done, instance }
    const applied = !(lost && dropped)
    const isThere = effect < (expires.get(key) ?? Number.NEGATIVE_INFINITY)
    const isTouch = take % 2 === 0
    if (kind === 'read') {
      if (applied && isThere && isTouch) expires.set(key, effect + ttlNanos)
      rows.push({ ...call, fn: isTouch ? 'getAndTouch' : 'get', outcome: isThere ? 'hit' : 'miss', ...(lost && { ...never, outcome: '' }) })
    } else if (kind === 'write') {
      if (applied) expires.set(key, effect + ttlNanos)
      rows.push({ ...call, fn: 'set', outcome: 'stored', ...(lost && { ...never, outcome: '' }) })
    } else {
      if (applied) expires.delete(key)
      rows.push({ ...call, fn: 'delete', outcome: isThere ? 'deleted' : 'absent', ...(lost && { ...never, outcome: '' }) })
    }
  }
  return rows
}

/** Sessions (a new one after each logout) with a fixed or sliding lifetime; updates change what they find in one instant. */
export function sessionHistory(steps: readonly Step[], rules: { readonly ttlNanos: number; readonly sliding: boolean }): Partial<HistoryRow>[] {
  const sessions = new Map<number, { version: number; writer: number; expires: number }>()
  const generation = new Map<number, number>()
  const rows: Partial<HistoryRow>[] = []
  for (const { op, user, key: slot, kind, sent, effect, done, lost, dropped, instance } of place(steps)) {
    const key = slot * 1000 + (generation.get(slot) ?? 0)
    const known = sessions.get(key)
    const alive = known !== undefined && effect < known.expires ? known : undefined
    const applied = !(lost && dropped)
    const row: Partial<HistoryRow> = { op, client: user, key, sent, done, instance }
    const outcome = lost ? never : {}
    const writer = instance + 1
    if (known === undefined) {
      if (applied) sessions.set(key, { version: 1, writer, expires: effect + rules.ttlNanos })
      rows.push({ ...row, fn: 'login', outcome: 'login', arg: 1, writer, ...outcome })
    } else if (kind === 'read') {
      if (alive && applied && rules.sliding) alive.expires = effect + rules.ttlNanos
      const answer = alive && !lost ? { ret: alive.version, writer: alive.writer } : {}
      rows.push({ ...row, fn: 'read', outcome: lost ? 'session error' : alive ? 'session hit' : 'session miss', ...answer, ...outcome })
    } else if (kind === 'write') {
      if (!alive) {
        rows.push({ ...row, fn: 'update', outcome: 'session miss', ...outcome })
        continue
      }
      const arg = alive.version + 1
      const ret = alive.version
      if (applied) Object.assign(alive, { version: arg, writer, expires: effect + rules.ttlNanos })
      rows.push({ ...row, fn: 'update', outcome: 'update', arg, ret, writer, ...outcome })
    } else {
      if (applied) {
        known.expires = Number.NEGATIVE_INFINITY
        generation.set(slot, (generation.get(slot) ?? 0) + 1)
      }
      rows.push({ ...row, fn: 'logout', outcome: 'logout', ret: lost ? Number.NaN : alive ? 1 : 0, ...outcome })
    }
  }
  return rows
}

/** Increments of members' scores, and what the board held at the end. */
export function boardHistory(steps: readonly Step[]): Partial<HistoryRow>[] {
  const scores = new Map<number, number>([0, 1, 2].map((member) => [member, 0]))
  const rows: Partial<HistoryRow>[] = []
  for (const { op, user, key, sent, done, take, lost, dropped } of place(steps)) {
    const score = scores.get(key)! + take
    if (!(lost && dropped)) scores.set(key, score)
    rows.push({
      op,
      client: user,
      key,
      sent,
      done,
      fn: 'submit',
      outcome: 'submit',
      arg: take,
      ret: score,
      ...(lost && { ...never, ret: Number.NaN }),
    })
  }
  for (const [member, score] of scores)
    rows.push({ layer: 'probe', fn: 'final score', outcome: 'found', key: member, ret: score, sent: 1e8, done: 1e8 })
  return rows
}

export const stepsArbitrary: fc.Arbitrary<readonly Step[]> = fc.array(stepArbitrary, { minLength: 1, maxLength: 60, size: 'max' })

/** What `spoiled` draws from. */
export const drawsArbitrary: fc.Arbitrary<readonly number[]> = fc.noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 29, maxLength: 31 }))

/**
 * The same of stores that are wrong now and then: some reads return another version, or find nothing, or something; some
 * writes are told another version. Whatever a checker says of them is compared with the definition, word for word.
 */
export function spoiled(rows: readonly Partial<HistoryRow>[], draws: readonly number[]): Partial<HistoryRow>[] {
  let next = 0
  const draw = (below: number) => (draws.length === 0 ? 1 : draws[next++ % draws.length]! % below)
  return rows.map((row): Partial<HistoryRow> => {
    if (row.layer === 'probe' || row.done === -1) return row
    const change = draw(4) === 0 ? (draw(2) === 0 ? 1 : -1) : 0
    if (change === 0) return row
    const { ret, outcome = '' } = row
    if (row.fn === 'read' || row.fn === 'update') {
      if (ret === undefined || Number.isNaN(ret)) return { ...row, ret: 1 + draw(3), outcome: row.fn === 'read' ? 'session hit' : outcome }
      if (row.fn === 'read' && change > 0 && draw(3) === 0) return { ...row, ret: Number.NaN, writer: -1, outcome: 'session miss' }
      return row.fn === 'read' ? { ...row, ret: Math.max(1, ret + change) } : row
    }
    if (row.layer === 'cache' && (row.fn === 'get' || row.fn === 'getAndTouch')) return { ...row, outcome: outcome === 'hit' ? 'miss' : 'hit' }
    return row
  })
}
