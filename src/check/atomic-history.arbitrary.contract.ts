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

/** Rows of a database, versions from 1, and nothing in front of it: reads and writes of the application. */
export function registerHistory(steps: readonly Step[]): Partial<HistoryRow>[] {
  const versions = new Map<number, number>()
  const rows: Partial<HistoryRow>[] = []
  for (const { op, user, key, kind, sent, effect, done, lost, dropped, instance } of place(steps)) {
    const app: Partial<HistoryRow> = { op, client: user, key, sent, done, instance }
    if (kind === 'read') {
      const ret = versions.get(key) ?? 1
      rows.push({ ...app, fn: 'read', outcome: 'read', ret, ...(lost && { ...never, ret: Number.NaN }) })
      continue
    }
    const applied = !(lost && dropped)
    const version = (versions.get(key) ?? 1) + 1
    if (applied) versions.set(key, version)
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
    rows.push({ ...app, fn: 'write', outcome: 'write', arg: version, ret: version, ...(lost && { ...never, arg: Number.NaN, ret: Number.NaN }) })
  }
  for (const [key, version] of versions) {
    rows.push({ layer: 'probe', fn: 'committed', outcome: 'found', key, ret: version, sent: 1e8, done: 1e8 })
    rows.push({ layer: 'probe', fn: 'cached', outcome: 'hit', key, ret: version, sent: 1e8, done: 1e8 })
  }
  return rows
}

/** Sessions (a new one after each logout) with a fixed or sliding lifetime; updates change what they find in one instant. */
export function sessionHistory(steps: readonly Step[], rules: { readonly ttlNanos: number; readonly sliding: boolean }): Partial<HistoryRow>[] {
  const sessions = new Map<number, { version: number; expires: number }>()
  const generation = new Map<number, number>()
  const rows: Partial<HistoryRow>[] = []
  for (const { op, user, key: slot, kind, sent, effect, done, lost, dropped, instance } of place(steps)) {
    const key = slot * 1000 + (generation.get(slot) ?? 0)
    const known = sessions.get(key)
    const alive = known !== undefined && effect < known.expires ? known : undefined
    const applied = !(lost && dropped)
    const row: Partial<HistoryRow> = { op, client: user, key, sent, done, instance }
    const outcome = lost ? never : {}
    if (known === undefined) {
      if (applied) sessions.set(key, { version: 1, expires: effect + rules.ttlNanos })
      rows.push({ ...row, fn: 'login', outcome: 'login', arg: 1, ...outcome })
    } else if (kind === 'read') {
      if (alive && applied && rules.sliding) alive.expires = effect + rules.ttlNanos
      const ret = alive && !lost ? alive.version : Number.NaN
      rows.push({ ...row, fn: 'read', outcome: lost ? 'session error' : alive ? 'session hit' : 'session miss', ret, ...outcome })
    } else if (kind === 'write') {
      if (!alive) {
        rows.push({ ...row, fn: 'update', outcome: 'session miss', ...outcome })
        continue
      }
      const arg = alive.version + 1
      if (applied) Object.assign(alive, { version: arg, expires: effect + rules.ttlNanos })
      rows.push({ ...row, fn: 'update', outcome: 'update', arg, ret: alive.version, ...outcome })
    } else {
      if (applied) {
        known.expires = Number.NEGATIVE_INFINITY
        generation.set(slot, (generation.get(slot) ?? 0) + 1)
      }
      rows.push({ ...row, fn: 'logout', outcome: 'logout', ...outcome })
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
