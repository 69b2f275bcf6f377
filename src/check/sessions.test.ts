import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf } from '../measure/history-row.ts'
import { MILLISECOND } from '../runtime/runtime.ts'
import { checkSessions, type SessionRules } from './sessions.ts'

type Row = Partial<HistoryRow>
const ms = (value: number) => value * MILLISECOND
const at = (sent: number, done = sent + 1): Row => ({ key: 1, sent: ms(sent), done: ms(done) })
const login = (sent: number, more: Row = {}): Row => ({ fn: 'login', outcome: 'login', arg: 1, ...at(sent), ...more })
const update = (version: number, sent: number, more: Row = {}): Row => ({
  fn: 'update',
  outcome: 'update',
  arg: version,
  ret: version - 1,
  ...at(sent),
  ...more,
})
const logout = (sent: number, more: Row = {}): Row => ({ fn: 'logout', outcome: 'logout', ...at(sent), ...more })
const found = (version: number, sent: number, more: Row = {}): Row => ({ fn: 'read', outcome: 'session hit', ret: version, ...at(sent), ...more })
const gone = (sent: number, more: Row = {}): Row => ({ fn: 'read', outcome: 'session miss', ...at(sent), ...more })
const info: Row = { status: 'info', done: -1 }

const RULES: SessionRules = { sliding: false, toleranceNanos: 0 }
const check = (rows: Row[], rules: Partial<SessionRules> = {}) => checkSessions(historyOf(rows), { ...RULES, ...rules }).sessions
const CLEAN = { lostSessions: 0, lostUpdates: 0, resurrectedSessions: 0, servedAfterExpiry: 0 }

describe('lost sessions', () => {
  it('counts a session once that a read no longer finds', () => {
    const sessions = check([login(0), found(1, 5), gone(10), gone(12)])
    expect(sessions).toMatchObject({ ...CLEAN, lostSessions: 1, logins: 1, loginsAcknowledged: 1 })
    expect(sessions.examples[0]).toContain('session 1')
  })

  it('counts the update that finds no session, and the read-back after the load', () => {
    expect(check([login(0), { fn: 'update', outcome: 'session miss', ...at(5) }])).toMatchObject({ ...CLEAN, lostSessions: 1 })
    expect(check([login(0), { layer: 'probe', fn: 'read', outcome: 'session miss', ...at(50) }])).toMatchObject({ lostSessions: 1, sharedReads: 0 })
    expect(check([login(0), { layer: 'probe', fn: 'read', outcome: 'timeout', ...at(50) }])).toMatchObject(CLEAN)
  })

  it('is silent when the session may have ended, or may not have begun', () => {
    expect(check([login(0), logout(5), gone(10)])).toMatchObject({ ...CLEAN, logouts: 1 })
    expect(check([login(0), logout(5, info), gone(10)])).toMatchObject(CLEAN)
    expect(check([login(0), gone(5, { done: ms(9) }), logout(8)])).toMatchObject(CLEAN)
    expect(check([login(0, info), gone(10)])).toMatchObject(CLEAN)
    expect(check([login(0, { done: ms(6) }), gone(5)])).toMatchObject(CLEAN)
    expect(check([login(0, { status: 'fail' }), gone(10)])).toMatchObject(CLEAN)
  })

  it('takes the delete of an operation that was killed for a logout that may have happened', () => {
    const killed: Row = { op: 99, fn: '', key: -1, status: 'info', done: -1, sent: ms(5) }
    const itsDelete: Row = { layer: 'cache', fn: 'delete', parent: 99, key: 1, status: 'info', done: -1, sent: ms(5) }
    expect(check([login(0), killed, itsDelete, gone(10)])).toMatchObject(CLEAN)
    expect(check([login(0), killed, gone(10)])).toMatchObject({ lostSessions: 1 })
  })

  it('is silent once the lifetime may be over, and counts from the last touch when it slides', () => {
    const rules = { ttlNanos: ms(100) }
    expect(check([login(0), gone(98)], rules)).toMatchObject({ lostSessions: 1 })
    expect(check([login(0), gone(98)], { ...rules, toleranceNanos: ms(2) })).toMatchObject(CLEAN)
    expect(check([login(0), gone(101)], rules)).toMatchObject(CLEAN)
    expect(check([login(0), found(1, 60), gone(120)], rules)).toMatchObject(CLEAN)
    expect(check([login(0), found(1, 60), gone(120)], { ...rules, sliding: true })).toMatchObject({ lostSessions: 1 })
  })
})

describe('lost updates', () => {
  it('counts each acknowledged update once that a later read goes back behind', () => {
    const rows = [login(0), update(2, 5), update(3, 10), found(1, 20), found(1, 30)]
    expect(check(rows)).toMatchObject({ ...CLEAN, lostUpdates: 2 })
  })

  it('counts the update that another one, begun from the same version, wrote over', () => {
    const sessions = check([login(0), update(2, 5, { done: ms(8), op: 10 }), update(2, 6, { done: ms(9), op: 11 }), found(2, 20)])
    expect(sessions).toMatchObject({ ...CLEAN, lostUpdates: 1 })
    expect(sessions.examples[0]).toContain('over that of operation 10')
  })

  it('is silent on updates under way, of unknown outcome, or seen', () => {
    expect(check([login(0), update(2, 5, { done: ms(25) }), found(1, 20)])).toMatchObject(CLEAN)
    expect(check([login(0), update(2, 5, info), found(1, 20), found(2, 30)])).toMatchObject(CLEAN)
    expect(check([login(0), update(2, 5), found(2, 20)])).toMatchObject(CLEAN)
  })
})

describe('resurrected sessions', () => {
  it('counts a session once that is found after its acknowledged logout', () => {
    expect(check([login(0), logout(5), found(1, 10), found(1, 20)])).toMatchObject({ ...CLEAN, resurrectedSessions: 1 })
  })

  it('is silent when the logout was under way or unknown, or another login followed', () => {
    expect(check([login(0), logout(5, { done: ms(15) }), found(1, 10)])).toMatchObject(CLEAN)
    expect(check([login(0), logout(5, info), found(1, 10)])).toMatchObject(CLEAN)
    expect(check([login(0), logout(5), login(8), found(1, 10)])).toMatchObject(CLEAN)
  })
})

describe('sessions served after expiry', () => {
  const rules = { ttlNanos: ms(100) }

  it('counts every read that came too late, and by how much at the most', () => {
    const sessions = check([login(0), found(1, 111), found(1, 131)], rules)
    expect(sessions).toMatchObject({ ...CLEAN, servedAfterExpiry: 2, worstLatenessNanos: ms(30) })
  })

  it('counts from the last touch when it slides, but not from the read-back', () => {
    expect(check([login(0), found(1, 60), found(1, 150)], { ...rules, sliding: true })).toMatchObject(CLEAN)
    expect(check([login(0), found(1, 60), found(1, 170)], { ...rules, sliding: true })).toMatchObject({
      servedAfterExpiry: 1,
      worstLatenessNanos: ms(9),
    })
    const readBack = (sent: number): Row => ({ ...found(1, sent), layer: 'probe' })
    expect(check([login(0), readBack(60), readBack(150)], { ...rules, sliding: true })).toMatchObject({ servedAfterExpiry: 1 })
  })

  it('is silent while a touch of unknown outcome may have kept it alive', () => {
    expect(
      check([login(0), { fn: 'read', outcome: 'session error', ...at(60), status: 'info', done: ms(80) }, found(1, 170)], {
        ...rules,
        sliding: true,
      }),
    ).toMatchObject(CLEAN)
    expect(check([login(0), update(2, 50, info), found(1, 170)], rules)).toMatchObject(CLEAN)
  })
})

describe('sessions shared between instances', () => {
  it('counts reads by another instance than wrote last, and those of them that missed something', () => {
    const rows = [login(0, { instance: 0 }), found(1, 5, { instance: 1 }), found(1, 7, { instance: 0 }), gone(9, { instance: 1 })]
    expect(check(rows)).toMatchObject({ sharedReads: 2, sharedReadsLost: 1, lostSessions: 1 })
  })
})
