import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { type SessionEvent, SessionEvents } from './session-events.ts'

type Row = Partial<HistoryRow>
const NEVER = Number.POSITIVE_INFINITY

/** What the rows come to, in the order in which it is told, each with its session. */
function told(...rows: Row[]): (SessionEvent & { readonly session: number })[] {
  const all: (SessionEvent & { readonly session: number })[] = []
  const events = new SessionEvents((session, event) => all.push({ session, ...event }))
  events.accept(historyOf(rows))
  events.finish()
  return all
}
const row = (fn: string, more: Row = {}): Row => ({ op: 7, fn, key: 3, instance: 1, sent: 10, done: 20, ...more })
const only = (...rows: Row[]) => {
  const all = told(...rows)
  expect(all).toHaveLength(1)
  return all[0]!
}

describe('what the application did to a session', () => {
  it('is told with all that is certain of it', () => {
    expect(only(row('login', { arg: 1, outcome: 'login', writer: 9 }))).toEqual({
      ...{ session: 3, kind: 'login', op: 7, instance: 1, startNanos: 10, endNanos: 20, acknowledged: true },
      ...{ version: 1, writer: 9, found: undefined, ofLoad: true },
    })
    expect(only(row('update', { arg: 2, ret: 1, outcome: 'update' }))).toMatchObject({ kind: 'update', version: 2, found: undefined })
    expect(only(row('read', { ret: 2, writer: 4, outcome: 'session hit' }))).toMatchObject({ kind: 'read', version: 2, writer: 4, found: true })
    expect(only(row('read', { outcome: 'session miss' }))).toMatchObject({ kind: 'read', version: Number.NaN, found: false })
    expect(only(row('logout', { arg: 5, ret: 1 }))).toMatchObject({ kind: 'logout', version: Number.NaN, found: true })
    expect(only(row('logout', { ret: 0 }))).toMatchObject({ found: false })
    expect(only(row('logout'))).toMatchObject({ found: undefined })
  })

  it('has no end, and tells of nothing found, where its outcome is not known', () => {
    expect(only(row('read', { ret: 2, status: 'info', done: 30 }))).toMatchObject({ acknowledged: false, endNanos: NEVER, found: undefined })
    expect(only(row('login', { arg: 1, status: 'info', done: -1 }))).toMatchObject({ acknowledged: false, endNanos: NEVER, version: 1 })
  })

  it('is a read where an update found no session', () => {
    for (const outcome of ['session miss', 'update absent']) {
      expect(only(row('update', { arg: 2, outcome }))).toMatchObject({ kind: 'read', version: Number.NaN, found: false })
    }
    for (const outcome of ['update', 'absent once', 'dismiss']) expect(only(row('update', { arg: 2, outcome })).kind).toBe('update')
    // A read, or a login, is what it is.
    expect(only(row('login', { arg: 1, outcome: 'login miss' }))).toMatchObject({ kind: 'login', version: 1 })
  })

  it('was written by the instance that did it, unless it says by whom', () => {
    expect(only(row('update', { arg: 2, outcome: 'update' })).writer).toBe(2)
    expect(only(row('update', { arg: 2, outcome: 'update', writer: 0 })).writer).toBe(0)
    expect(only(row('read', { ret: 2 })).writer).toBe(-1)
  })

  it('is nothing where it failed, never began, names no session or is another kind of operation', () => {
    for (const not of [{ status: 'fail' }, { sent: -1 }, { key: -1 }, { fn: 'rank' }, { layer: 'database' }] as Row[]) {
      expect(told(row('login', { arg: 1, ...not })), JSON.stringify(not)).toEqual([])
    }
    expect(told(row('read', { key: 0, ret: 1 }))).toHaveLength(1)
  })
})

describe('what was read back after the load', () => {
  const readBack = (outcome: string, more: Row = {}) => told(row('read', { layer: 'probe', outcome, ...more }))

  it('is a read that is none of the load, where it was answered', () => {
    expect(readBack('session hit', { ret: 1 })).toMatchObject([{ session: 3, kind: 'read', found: true, ofLoad: false }])
    expect(readBack('miss')).toMatchObject([{ found: false, ofLoad: false }])
    expect(readBack('hit', { key: 0, ret: 1 })).toHaveLength(1)
    for (const outcome of ['timeout', 'hit refused', 'white']) expect(readBack(outcome), outcome).toEqual([])
    for (const not of [{ status: 'fail' }, { key: -1 }, { sent: -1 }, { fn: 'committed' }] as Row[]) {
      expect(readBack('hit', not), JSON.stringify(not)).toEqual([])
    }
  })
})

describe('what calls to the cache may have done for an operation that never says', () => {
  const call = (fn: string, more: Row = {}): Row => row(fn, { op: 99, parent: 7, layer: 'cache', ...more })

  it('stands in for it at the end, as unknown', () => {
    expect(
      told(call('set', { sent: 11, done: 12 }), call('delete', { key: 4, sent: 13, done: 14 }), row('read', { op: 8, ret: 1, sent: 15, done: 16 })),
    ).toEqual([
      expect.objectContaining({ kind: 'read', op: 8 }),
      {
        ...{ session: 3, kind: 'login', op: 7, instance: 1, startNanos: 11, endNanos: NEVER, acknowledged: false },
        ...{ version: Number.NaN, writer: -1, found: undefined, ofLoad: true },
      },
      expect.objectContaining({ session: 4, kind: 'logout', op: 7, startNanos: 13, endNanos: NEVER, acknowledged: false }),
    ])
    for (const fn of ['add', 'replace', 'touch', 'getAndTouch']) expect(only(call(fn))).toMatchObject({ kind: 'login', op: 7 })
    expect(only(call('set', { parent: 0 })).op).toBe(0)
  })

  it('is nothing once it says, or where the call failed, changed nothing, or is of no operation', () => {
    expect(told(call('set'), row('login', { arg: 1, sent: 10, done: 30 }))).toMatchObject([{ kind: 'login', acknowledged: true }])
    for (const not of [{ status: 'fail' }, { key: -1 }, { fn: 'get' }, { parent: -1 }, { layer: 'database' }, { sent: -1 }] as Row[]) {
      expect(told(call('set', not)), JSON.stringify(not)).toEqual([])
    }
  })

  it('leaves open what a logout found whose delete was sent more than once', () => {
    const logout = row('logout', { ret: 0, sent: 9, done: 30 })
    expect(only(call('delete', { attempts: 2 }), logout).found).toBeUndefined()
    expect(only(call('delete', { attempts: 1 }), logout).found).toBe(false)
    expect(only(call('set', { attempts: 2 }), logout).found).toBe(false)
  })
})
