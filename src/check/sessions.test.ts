import { fc, test as property } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import type { HistoryRow } from '../measure/history.ts'
import { historyOf, rowsOf } from '../measure/history-row.ts'
import { MILLISECOND, SECOND } from '../runtime/runtime.ts'
import { drawsArbitrary, sessionHistory, spoiled, stepsArbitrary } from './atomic-history.arbitrary.contract.ts'
import { checkedCell, checkerContract, LATE_NANOS, PLANTED_KEY, runChecker } from './checker.contract.ts'
import type { SessionRules } from './session-rules.ts'
import { sessions as checker, checkSessions } from './sessions.ts'

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
    // Of two that are gone one was still under way when the read began.
    expect(check([login(0), update(2, 5), update(3, 10, { done: ms(22) }), found(1, 20, { done: ms(25) })])).toMatchObject({
      ...CLEAN,
      lostUpdates: 1,
    })
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

describe('a logout that finds nothing', () => {
  const found = (sent: number, ret: number, more: Row = {}): Row => logout(sent, { ret, ...more })

  it('is evidence of a loss, unless something else may have ended the session', () => {
    expect(check([login(0), found(10, 0)])).toMatchObject({ ...CLEAN, lostSessions: 1, readsOfLiving: 1 })
    expect(check([login(0), found(10, 1)])).toMatchObject({ ...CLEAN, readsOfLiving: 1 })
    // It is no read of another instance's, whoever wrote last.
    const apart = {
      sharedReads: 0,
      sharedReadsLost: 0,
      sharedReadsBeforeFaults: 0,
      sharedReadsLostBeforeFaults: 0,
      orphanReads: 0,
      orphanReadsLost: 0,
    }
    expect(check([login(0), found(10, 0, { instance: 1 })], { killed: { instance: 0, atNanos: ms(5) } })).toMatchObject({ ...apart, lostSessions: 1 })
    expect(check([login(0), found(10, 0)], { ttlNanos: ms(5) })).toMatchObject(CLEAN)
    expect(check([login(0), found(5, 1), found(10, 0)])).toMatchObject(CLEAN)
    expect(check([login(0), found(5, Number.NaN, info), found(10, 0)])).toMatchObject(CLEAN)
    expect(check([login(0, info), found(10, 0)])).toMatchObject(CLEAN)
  })

  it('is none where the delete was sent twice, or does not say', () => {
    const resent: Row = { layer: 'cache', fn: 'delete', outcome: 'absent', parent: 77, key: 1, attempts: 2, sent: ms(10), done: ms(11) }
    expect(check([login(0), resent, found(10, 0, { op: 77, done: ms(12) })])).toMatchObject(CLEAN)
    expect(check([login(0), logout(10)])).toMatchObject(CLEAN)
  })
})

describe('who wrote a version', () => {
  it('tells two updates of one version apart: one of them is gone', () => {
    const rows = [login(0), update(2, 5, { instance: 0, writer: 1 }), update(2, 6, { instance: 1, writer: 2, ...info })]
    expect(check([...rows, found(2, 20, { writer: 1 })])).toMatchObject(CLEAN)
    expect(check([...rows, found(2, 20, { writer: 2 })])).toMatchObject({ ...CLEAN, lostUpdates: 1 })
    expect(check([...rows, found(2, 20)])).toMatchObject(CLEAN)
  })
})

describe('what could have refuted it', () => {
  it('counts the reads that had to find, and those that must not', () => {
    const rules = { ttlNanos: ms(100) }
    expect(check([login(0), found(1, 5), update(2, 10), found(2, 20)], rules)).toMatchObject({
      readsOfLiving: 2,
      readsAfterUpdate: 1,
      readsAfterLogout: 0,
    })
    expect(check([login(0), logout(5), gone(10), gone(20)], rules)).toMatchObject({ readsOfLiving: 0, readsAfterLogout: 2, readsAfterExpiry: 0 })
    expect(check([login(0), gone(150), gone(160)], rules)).toMatchObject({ readsOfLiving: 0, readsAfterExpiry: 2 })
  })

  it('tells reads of what a killed instance wrote last from the others', () => {
    const killed = { instance: 0, atNanos: ms(50) }
    const rows = [login(0, { instance: 0 }), found(1, 10, { instance: 1 }), found(1, 60, { instance: 1 }), gone(70, { instance: 2 })]
    expect(check(rows, { killed })).toMatchObject({ orphanReads: 2, orphanReadsLost: 1, sharedReads: 3, sharedReadsLost: 1 })
    expect(check([login(0, { instance: 1 }), gone(70, { instance: 2 })], { killed })).toMatchObject({
      orphanReads: 0,
      orphanReadsLost: 0,
      lostSessions: 1,
    })
  })

  it('leaves out of the shared reads what comes after a fault', () => {
    const rows = [login(0, { instance: 0 }), found(1, 10, { instance: 1 }), gone(60, { instance: 1 })]
    expect(check(rows, { firstFaultNanos: ms(50) })).toMatchObject({
      sharedReads: 2,
      sharedReadsLost: 1,
      sharedReadsBeforeFaults: 1,
      sharedReadsLostBeforeFaults: 0,
    })
    expect(check([login(0, { instance: 0 }), gone(10, { instance: 1 })], { firstFaultNanos: ms(50) })).toMatchObject({
      sharedReadsLostBeforeFaults: 1,
    })
  })

  it('tells what a server that came back still had', () => {
    const serverLoss = { goneNanos: ms(50), backNanos: ms(60) }
    const rows = [login(0), found(1, 55), gone(70), { ...login(65), key: 2 }, { ...found(1, 80), key: 2 }]
    expect(check(rows, { serverLoss })).toMatchObject({ readsAfterServerLoss: 1, foundAfterServerLoss: 0 })
    expect(check([login(0), found(1, 70)], { serverLoss })).toMatchObject({ readsAfterServerLoss: 1, foundAfterServerLoss: 1 })
  })
})

describe('what came in between', () => {
  it('takes a login under way, and nothing else, for what a read after a logout saw', () => {
    const seen = [login(0), logout(5), found(1, 10)]
    expect(check([...seen, login(8, { done: ms(20) })])).toMatchObject(CLEAN)
    expect(check([...seen, gone(9, { done: ms(20) })])).toMatchObject({ ...CLEAN, resurrectedSessions: 1 })
    expect(check([...seen, login(12)])).toMatchObject({ ...CLEAN, resurrectedSessions: 1 })
  })

  it('takes an update under way for what a read saw, if it wrote that version', () => {
    const seen = [login(0), update(2, 2), update(3, 5), found(2, 20)]
    const later = { status: 'info', done: ms(30) } as const
    expect(check(seen)).toMatchObject({ ...CLEAN, lostUpdates: 1 })
    expect(check([...seen, update(2, 18, later)])).toMatchObject(CLEAN)
    expect(check([...seen, update(4, 18, later)])).toMatchObject({ ...CLEAN, lostUpdates: 1 })
    // It began when the read was over.
    expect(check([...seen, update(2, 22, later)])).toMatchObject({ ...CLEAN, lostUpdates: 1 })
  })

  it('lets a login that begins later take nothing back, and one of that very instant everything', () => {
    const seen = [login(0), update(2, 5), found(1, 20)]
    expect(check([...seen, login(22)])).toMatchObject({ ...CLEAN, lostUpdates: 1 })
    expect(check([...seen, login(21)])).toMatchObject(CLEAN)
  })

  it('goes by the acknowledged, though one of unknown outcome began later', () => {
    const unknown = { status: 'info', done: ms(12) } as const
    expect(check([login(0), logout(10, unknown), logout(5, { done: ms(15) }), found(1, 20)])).toMatchObject({ ...CLEAN, resurrectedSessions: 1 })
    const touched = [login(0), update(2, 10, unknown), update(3, 5, { done: ms(15) }), gone(103)]
    expect(check(touched, { ttlNanos: ms(100) })).toMatchObject({ lostSessions: 1 })
  })

  it('is the last logout that counts, also of a login that had ended at its instant', () => {
    expect(check([login(0), logout(5), logout(10), found(1, 20)])).toMatchObject({ ...CLEAN, resurrectedSessions: 1, readsAfterLogout: 1 })
    expect(check([login(4), logout(5), found(1, 10)])).toMatchObject({ ...CLEAN, resurrectedSessions: 1 })
  })
})

describe('at the very nanosecond at which another ended, an operation comes after it', () => {
  const LOST = { ...CLEAN, lostUpdates: 1 }

  it('a login after a logout, a read after an update, an update after what was seen', () => {
    expect(check([login(0), logout(4), login(5), gone(10)])).toMatchObject({ lostSessions: 1 })
    expect(check([login(0), update(2, 5), found(1, 6)])).toMatchObject(LOST)
    expect(check([login(0), update(2, 1), found(1, 20)])).toMatchObject(LOST)
    expect(check([login(0), update(2, 1, { done: ms(8) }), update(2, 6, { done: ms(9) })])).toMatchObject(LOST)
  })

  it('a lifetime is over', () => {
    expect(check([login(0), gone(99)], { ttlNanos: ms(100) })).toMatchObject(CLEAN)
  })

  it('a fault disturbs nothing that was over, and what was killed or came back is so', () => {
    const shared = [login(0, { instance: 0 }), found(1, 10, { instance: 1 })]
    expect(check(shared)).toMatchObject({ sharedReads: 1, sharedReadsBeforeFaults: 1 })
    expect(check(shared, { firstFaultNanos: ms(11) })).toMatchObject({ sharedReads: 1, sharedReadsBeforeFaults: 1 })
    expect(check(shared, { firstFaultNanos: ms(10) })).toMatchObject({ sharedReads: 1, sharedReadsBeforeFaults: 0 })
    expect(check(shared, { killed: { instance: 0, atNanos: ms(10) } })).toMatchObject({ orphanReads: 1 })
    expect(check(shared, { serverLoss: { goneNanos: ms(1), backNanos: ms(10) } })).toMatchObject({ readsAfterServerLoss: 1 })
  })
})

describe('whose update is gone', () => {
  const LOST = { ...CLEAN, lostUpdates: 1 }
  const unknown = (done: number) => ({ status: 'info', done: ms(done) }) as const
  const rivals = (from: number) => [
    update(2, from, { op: 50, instance: 0, writer: 1 }),
    update(2, from + 1, { op: 51, instance: 1, writer: 2, ...unknown(from + 4) }),
  ]

  it('shows by who wrote what is there, where two wrote one version', () => {
    expect(check([login(0), ...rivals(5), found(2, 20, { writer: 1 })])).toMatchObject(CLEAN)
    const { examples, ...counts } = check([login(0), ...rivals(5), found(2, 20, { op: 60, writer: 2 })])
    expect(counts).toMatchObject(LOST)
    expect(examples).toEqual([
      'session 1: operation 60 (t=20.000 ms) returned version 2 of instance 1 and not that of operation 50, acknowledged at t=6.000 ms',
    ])
    expect(check([login(4), ...rivals(5), found(2, 20, { writer: 2 })])).toMatchObject(LOST)
    expect(check([login(0), update(2, 5, { writer: 1 }), found(2, 20, { writer: 0 })])).toMatchObject(LOST)
    expect(check([login(0), update(2, 5, { writer: 0 }), found(2, 20, { writer: 1 })])).toMatchObject(LOST)
  })

  it('is nobody’s where a login came in between, or one of the two was not acknowledged', () => {
    expect(check([login(0), update(2, 5), login(10), update(2, 15)])).toMatchObject(CLEAN)
    expect(check([login(0), update(2, 5), login(10), found(2, 20)])).toMatchObject(CLEAN)
    expect(check([login(0), update(2, 5, unknown(7)), update(2, 6, { done: ms(9) })])).toMatchObject(CLEAN)
  })

  it('is nobody’s where a version is read that nobody is known to have written: it is no loss of another instance either', () => {
    expect(check([login(0, { instance: 0 }), found(7, 10, { instance: 1 })])).toMatchObject({ ...CLEAN, sharedReads: 1, sharedReadsLost: 0 })
  })

  it('goes by the last login that was acknowledged, though one of unknown outcome began later', () => {
    expect(check([login(4, unknown(6)), login(2, { done: ms(8) }), gone(20)])).toMatchObject({ lostSessions: 1 })
  })
})

describe('what is no read', () => {
  it('shows no resurrection, and nothing of a server that came back', () => {
    const ended = [login(0), logout(5, { ret: 1 }), logout(10, { ret: 1 })]
    expect(check(ended)).toMatchObject({ ...CLEAN, readsAfterLogout: 0 })
    const serverLoss = { goneNanos: ms(50), backNanos: ms(60) }
    expect(check([login(0), logout(70, { ret: 1 })], { serverLoss })).toMatchObject({ readsOfLiving: 1, readsAfterServerLoss: 0 })
  })

  it('is a read that found nothing: it tells nothing of updates', () => {
    expect(check([login(0), update(2, 5), gone(20)])).toMatchObject({ readsAfterUpdate: 0, lostUpdates: 0, lostSessions: 1 })
  })

  it('is late only beyond what clocks may be off by, and of a session that anything is known of', () => {
    const rules = { ttlNanos: ms(100), toleranceNanos: ms(2) }
    expect(check([login(0), found(1, 103)], rules)).toMatchObject({ servedAfterExpiry: 0, readsAfterExpiry: 0 })
    expect(check([login(0), found(1, 104)], rules)).toMatchObject({ servedAfterExpiry: 1, readsAfterExpiry: 1 })
    expect(check([found(1, 500)], rules)).toMatchObject({ servedAfterExpiry: 0, readsAfterExpiry: 0 })
  })
})

describe('what is said of them', () => {
  const cell = checkedCell({ pattern: 'session-store', settings: { settings: { ttlNanos: ms(100), touch: 'absolute' } } })
  const told = (rows: Row[]) => {
    const { verdicts, measures, findings } = runChecker(checker, cell, [historyOf(rows)])
    const { figures, examples } = checker.table!.line({ ...cell, ...measures })!
    return { verdicts, figures: figures.map(({ text, wrong }) => (wrong ? `${text}!` : text)), examples, incidents: findings?.incidents }
  }

  it('is each thing that was wrong, in order of time', () => {
    const { verdicts, figures, examples, incidents } = told([
      login(0, { op: 1, instance: 0 }),
      gone(5, { op: 2, instance: 1 }),
      login(0, { key: 2, op: 11 }),
      update(2, 3, { key: 2, op: 12 }),
      found(1, 5, { key: 2, op: 13 }),
      login(0, { key: 3, op: 21 }),
      logout(5, { key: 3, op: 22, ret: 1 }),
      found(1, 8, { key: 3, op: 23 }),
      login(0, { key: 4, op: 31 }),
      found(1, 150, { key: 4, op: 32 }),
    ])
    const sentences = [
      'session 1: operation 2 (t=5.000 ms) found nothing; its login was acknowledged at t=1.000 ms',
      'session 2: operation 13 (t=5.000 ms) returned version 1 and not version 2, acknowledged at t=4.000 ms',
      'session 3: operation 23 (t=8.000 ms) found it; its logout was acknowledged at t=6.000 ms',
      'session 4: operation 32 (t=150.000 ms) found it 49 ms after its lifetime had ended',
    ]
    expect(examples).toEqual(sentences)
    expect(verdicts).toMatchObject([
      { id: 'checker/sessions', evidence: '1 of 4 sessions were lost; 3 reads had to find theirs.' },
      { id: 'checker/session-updates', evidence: '1 acknowledged update were lost; 1 reads came after one.' },
      { id: 'checker/session-logouts', evidence: '1 session came back after the logout; 1 reads looked.' },
      { id: 'checker/session-expiry', evidence: '1 of 1 read after the end found the session, the latest by 49 ms.' },
    ])
    for (const [place, { outcome, gates, counterexample }] of verdicts.entries()) {
      expect({ outcome, gates, counterexample }).toEqual({ outcome: 'fails', gates: false, counterexample: [sentences[place]] })
    }
    expect(verdicts.map(({ numbers }) => numbers)).toEqual([
      { loginsAcknowledged: 4, readsOfLiving: 3, lostSessions: 1 },
      { readsAfterUpdate: 1, lostUpdates: 1 },
      { readsAfterLogout: 1, resurrectedSessions: 1 },
      { readsAfterExpiry: 1, servedAfterExpiry: 1, worstLatenessNanos: ms(49) },
    ])
    expect(figures).toEqual(['4', '4', '1', '1!', '1!', '1!', '1 (by 49 ms)!', '1', '1!'])
    expect(incidents).toMatchObject([
      { kind: 'lost session', session: 1, op: 2, atNanos: ms(5), latenessNanos: 0 },
      { kind: 'lost update', session: 2, op: 13, atNanos: ms(5) },
      { kind: 'resurrected session', session: 3, op: 23, atNanos: ms(8) },
      { kind: 'served after expiry', session: 4, op: 32, atNanos: ms(150), latenessNanos: ms(49) },
    ])
  })

  it('is that nothing was found, and what was not tested', () => {
    const { verdicts, figures, examples } = told([
      login(0),
      found(1, 5),
      logout(10, { ret: 1, status: 'info', done: -1 }),
      login(0, { key: 2, ...info }),
    ])
    expect(figures).toEqual(['2', '1', '0', '0', '0', '0', 'not tested', '0', '0'])
    expect(examples).toEqual([])
    expect(verdicts.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
    expect(told([login(0), gone(150)]).figures[6]).toBe('0')
    const many = Array.from({ length: 40 }, (_, key): Row[] => [login(0, { key }), update(2, 2, { key }), found(2, 5, { key })]).flat()
    expect(told(many).verdicts.slice(0, 2)).toMatchObject([
      { outcome: 'holds', evidence: expect.stringMatching(/^Not found: 0 of 40 reads of sessions that had to be there \(/) },
      { outcome: 'holds', evidence: expect.stringMatching(/^Rolled back: 0 of 40 reads after an update \(/) },
    ])
  })

  it('is that nothing came back, and nothing outlived its end', () => {
    const rows = Array.from({ length: 40 }, (_, key): Row[] => [
      ...[login(0, { key }), logout(5, { key, ret: 1 }), gone(10, { key })],
      ...[login(0, { key: 100 + key }), gone(150, { key: 100 + key })],
    ]).flat()
    expect(told(rows).verdicts.slice(2)).toMatchObject([
      { outcome: 'holds', evidence: expect.stringMatching(/^Resurrected: 0 of 40 reads after a logout \(/) },
      { outcome: 'holds', evidence: expect.stringMatching(/^Served after expiry: 0 of 40 reads after the end \(/) },
    ])
  })

  it('counts what the application did, and no call below it', () => {
    const below = { layer: 'database' } as const
    expect(told([login(0), logout(5), login(9, below), logout(9, below)]).figures.slice(0, 3)).toEqual(['1', '1', '1'])
  })

  it('names no more than five, and of two at once the lower session first', () => {
    const lost = [9, 3, 5, 1, 2, 4].flatMap((key) => [login(0, { key }), gone(5, { key })])
    const { examples, verdicts } = told(lost)
    expect(examples.map((one) => one.slice(0, 9))).toEqual([1, 2, 3, 4, 5].map((key) => `session ${key}`))
    expect(verdicts[0]!.counterexample).toHaveLength(5)
  })
})

/** The definitions, word for word, over all that happened to each session. */
function naive(rows: readonly HistoryRow[], rules: SessionRules) {
  const counts = { lostSessions: 0, lostUpdates: 0, resurrectedSessions: 0, servedAfterExpiry: 0 }
  const app = rows.filter(({ layer, status }) => layer === 'app' && status !== 'fail')
  for (const key of new Set(app.map((row) => row.key))) {
    const events = app
      .filter((row) => row.key === key)
      .map((row) => ({
        ...row,
        end: row.done < 0 || row.status === 'info' ? Number.POSITIVE_INFINITY : row.done,
        acknowledged: row.status === 'ok',
        isRead: row.fn === 'read' || (row.fn === 'update' && row.outcome === 'session miss'),
        version: row.fn === 'read' ? row.ret : row.arg,
      }))
    type Event = (typeof events)[number]
    const isWrite = (event: Event) => event.fn === 'login' || (event.fn === 'update' && !event.isRead)
    const foundNothing = (event: Event) =>
      event.acknowledged && (event.isRead ? event.fn === 'update' || Number.isNaN(event.ret) : event.fn === 'logout' && event.ret === 0)
    const touches = events.filter((event) => isWrite(event) || (rules.sliding && event.fn === 'read' && !foundNothing(event)))
    const logins = events.filter(({ fn }) => fn === 'login')
    const logouts = events.filter(({ fn }) => fn === 'logout')
    const latest = (of: readonly Event[], by: number) =>
      of
        .filter(({ acknowledged, end }) => acknowledged && end <= by)
        .reduce<Event | undefined>((last, one) => (last && last.sent >= one.sent ? last : one), undefined)
    const same = (a: Event, b: Event) => a.version === b.version && (a.writer < 0 || b.writer < 0 || a.writer === b.writer)
    const counting = (from: number, until: number) => logins.some((one) => one.sent <= until && one.end > from)
    const lost = new Set<number>()
    const resurrected = new Set<number>()
    const updates = new Set<number>()
    for (const one of events) {
      if (foundNothing(one)) {
        const login = latest(logins, one.sent)
        const excused = login && logouts.some((other) => other !== one && other.sent <= one.end && other.end > login.sent)
        const touch = latest(touches, one.sent)
        if (login && touch && !excused && one.end < touch.sent + rules.ttlNanos! - rules.toleranceNanos) lost.add(login.op)
      }
      if (one.fn !== 'read' || !one.acknowledged || Number.isNaN(one.ret)) continue
      const logout = latest(logouts, one.sent)
      if (logout && !counting(logout.sent, one.end)) resurrected.add(logout.op)
      const keeping = touches.filter((other) => other !== one && other.sent <= one.end)
      if (keeping.length > 0 && one.sent - (Math.max(...keeping.map(({ end }) => end)) + rules.ttlNanos!) > rules.toleranceNanos)
        counts.servedAfterExpiry++
      const seen = events.filter((other) => isWrite(other) && same(other, one) && other.sent <= one.end)
      const over = events.filter((other) => other.fn === 'update' && isWrite(other) && other.acknowledged && other.end <= one.sent)
      const newer = logins.some((other) => other.sent <= one.end && other.end > one.end)
        ? []
        : over.filter((other) => seen.every(({ end }) => other.sent >= end))
      for (const other of seen.length > 0 ? newer : []) updates.add(other.op)
      for (const other of over) if (other.version === one.version && !same(other, one) && !counting(other.sent, one.end)) updates.add(other.op)
    }
    const acknowledged = events.filter((event) => event.fn === 'update' && isWrite(event) && event.acknowledged)
    for (const [place, one] of acknowledged.entries()) {
      const next = acknowledged.slice(place + 1).find(({ version }) => version === one.version)
      if (next && !counting(Math.min(one.sent, next.sent), next.end)) updates.add(one.op)
    }
    counts.lostSessions += lost.size
    counts.resurrectedSessions += resurrected.size
    counts.lostUpdates += updates.size
  }
  return counts
}

describe('against the definitions', () => {
  const ttl = fc.integer({ min: 5_000, max: 500_000 })
  let wrong = 0

  property.prop([stepsArbitrary, drawsArbitrary, ttl, fc.boolean()], { seed: 20261126, numRuns: 400 })(
    'counts the same',
    (steps, given, ttlNanos, sliding) => {
      const rules = { ttlNanos, sliding, toleranceNanos: 0 }
      const columns = historyOf(spoiled(sessionHistory(steps, rules), given))
      const expected = naive(rowsOf(columns), rules)
      if (Object.values(expected).some((count) => count > 0)) wrong++
      expect(checkSessions(columns, rules).sessions).toMatchObject(expected)
    },
  )

  it('was held to both kinds', () => {
    expect(wrong).toBeGreaterThan(150)
    expect(wrong).toBeLessThan(390)
  })
})

const TTL_NANOS = SECOND
const cell = checkedCell({ pattern: 'session-store', settings: { settings: { ttlNanos: TTL_NANOS, touch: 'absolute' } } })
const planted = (sent: number, more: Row): Row => ({ key: PLANTED_KEY, sent: LATE_NANOS + ms(sent), done: LATE_NANOS + ms(sent + 1), ...more })
const PLANTED_LOGIN = planted(0, { op: 9001, fn: 'login', outcome: 'login', arg: 1 })
checkerContract({
  checker,
  cell,
  correct: stepsArbitrary.map((steps) => sessionHistory(steps, { ttlNanos: TTL_NANOS, sliding: false })),
  planted: {
    'a lost session': [PLANTED_LOGIN, planted(10, { op: 9002, fn: 'read', outcome: 'session miss' })],
    'a loss that a logout finds': [PLANTED_LOGIN, planted(10, { op: 9002, fn: 'logout', outcome: 'logout', ret: 0 })],
    'a lost update': [
      PLANTED_LOGIN,
      planted(10, { op: 9002, fn: 'update', outcome: 'update', arg: 2, ret: 1 }),
      planted(20, { op: 9003, fn: 'read', outcome: 'session hit', ret: 1 }),
    ],
    'a resurrected session': [
      PLANTED_LOGIN,
      planted(10, { op: 9002, fn: 'logout', outcome: 'logout', ret: 1 }),
      planted(20, { op: 9003, fn: 'read', outcome: 'return found', ret: 1 }),
    ],
    'a session served after its expiry': [PLANTED_LOGIN, planted(1500, { op: 9003, fn: 'read', outcome: 'return found', ret: 1 })],
  },
  plenty: Array.from({ length: 40 }, (_, session): Row[] => [
    { key: session, fn: 'login', outcome: 'login', arg: 1, sent: 0, done: ms(1) },
    { key: session, fn: 'update', outcome: 'update', arg: 2, ret: 1, sent: ms(2), done: ms(3) },
    { key: session, fn: 'read', outcome: 'session hit', ret: 2, sent: ms(4), done: ms(5) },
    ...(session % 2 === 0 ? [] : [{ key: session, fn: 'read', outcome: 'return gone', sent: ms(1500), done: ms(1501) }]),
    ...(session % 2 === 0 ? [] : [{ key: session, fn: 'read', outcome: 'return gone', sent: ms(1600), done: ms(1601) }]),
    ...(session % 2 === 1 ? [] : [{ key: session, fn: 'logout', outcome: 'logout', ret: 1, sent: ms(6), done: ms(7) }]),
    ...(session % 2 === 1 ? [] : [{ key: session, fn: 'read', outcome: 'return gone', sent: ms(8), done: ms(9) }]),
    ...(session % 2 === 1 ? [] : [{ key: session, fn: 'read', outcome: 'return gone', sent: ms(10), done: ms(11) }]),
  ]).flat(),
})
