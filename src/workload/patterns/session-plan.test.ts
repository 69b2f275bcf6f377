import { describe, expect, test } from 'vitest'
import { createChance } from '../../runtime/chance.ts'
import { createSessionPlan, type SessionPlanOptions } from './session-plan.ts'

const options: SessionPlanOptions = { active: 100, login: 0.05, update: 0.15, abandoned: 0.3 }
const make = (changes: Partial<SessionPlanOptions> = {}) => {
  const chance = createChance(31)
  return createSessionPlan({ ...options, ...changes }, (concern) => chance.stream(concern))
}
const OPERATIONS = 40_000

describe('session plan', () => {
  test('the shares are those asked for', () => {
    const plan = make()
    const counts = { login: 0, read: 0, update: 0, logout: 0, return: 0 }
    const from = plan.active * plan.operationsPerSession
    for (let index = from; index < from + OPERATIONS; index++) counts[plan.step(index).kind]++
    expect(counts.login / OPERATIONS).toBeCloseTo(0.05, 2)
    expect(counts.update / OPERATIONS).toBeCloseTo(0.15, 2)
    expect(counts.logout / counts.login).toBeCloseTo(0.7, 1)
    expect(counts.return / counts.login).toBeCloseTo(1, 1)
  })

  test('a session begins with its only login, and nothing but a return comes after its logout', () => {
    const plan = make()
    const seen = new Map<number, 'open' | 'closed'>()
    const misfits: string[] = []
    for (let index = 0; index < OPERATIONS; index++) {
      const { kind, session } = plan.step(index)
      const state = seen.get(session)
      const fits = kind === 'login' ? state === undefined : kind === 'return' ? state !== undefined : state === 'open'
      if (!fits) misfits.push(`operation ${index}: ${kind} of session ${session}, which is ${state}`)
      if (kind === 'login') seen.set(session, 'open')
      if (kind === 'logout') seen.set(session, 'closed')
    }
    expect(misfits).toEqual([])
    expect([...seen.values()].filter((state) => state === 'closed').length).toBeGreaterThan(500)
  })

  test('operations on one session are apart, but for the one who comes back', () => {
    const plan = make()
    const last = new Map<number, number>()
    let closest = Number.POSITIVE_INFINITY
    for (let index = 0; index < OPERATIONS; index++) {
      const { session } = plan.step(index)
      closest = Math.min(closest, index - (last.get(session) ?? Number.NEGATIVE_INFINITY))
      last.set(session, index)
    }
    expect(closest).toBeGreaterThanOrEqual(plan.active - 15)
  })

  test.each([2, 3, 4, 8])('every session is served by more than one of %i instances', (instances) => {
    const plan = make({ active: 96 })
    const servedBy = new Map<number, Set<number>>()
    for (let index = 0; index < OPERATIONS; index++) {
      const { session } = plan.step(index)
      const set = servedBy.get(session) ?? new Set()
      servedBy.set(session, set.add(index % instances))
    }
    const shared = [...servedBy.values()].filter((set) => set.size > 1).length
    expect(shared / servedBy.size).toBeGreaterThan(0.98)
  })

  test('somebody comes back to abandoned sessions and to logged out ones', () => {
    const plan = make()
    const loggedOut = new Set<number>()
    const returned = { loggedOut: 0, abandoned: 0 }
    for (let index = 0; index < OPERATIONS; index++) {
      const { kind, session } = plan.step(index)
      if (kind === 'logout') loggedOut.add(session)
      if (kind === 'return') returned[loggedOut.has(session) ? 'loggedOut' : 'abandoned']++
    }
    expect(returned.loggedOut / (returned.loggedOut + returned.abandoned)).toBeCloseTo(0.7, 1)
  })

  test.each([1000, 23_456, 30_000])('what it calls alive after operation %i has begun and not ended', (index) => {
    const plan = make()
    const state = new Map<number, 'open' | 'closed'>()
    // To the end of the round under way: operations at its end may have begun, too.
    const end = (Math.floor((index + 1) / plan.active) + 1) * plan.active
    for (let at = 0; at < end; at++) {
      const { kind, session } = plan.step(at)
      if (kind === 'login' && at <= index) state.set(session, 'open')
      if (kind === 'logout') state.set(session, 'closed')
    }
    const alive = plan.alive(index)
    expect(alive.length).toBeGreaterThan(plan.active / 2)
    for (const session of alive) expect(state.get(session)).toBe('open')
  })

  test('nothing is alive before the first round is over', () => {
    expect(make().alive(-1)).toEqual([])
    expect(make().alive(10)).toEqual([])
  })

  test('the number of active sessions is rounded up to whole groups', () => {
    expect(make({ active: 100 }).active).toBe(112)
    expect(make({ active: 16 }).active).toBe(16)
  })
})
