import type { HistoryColumns } from '../measure/history.ts'
import type { Sessions } from '../measure/run-result.ts'
import type { Verdict } from '../measure/verdict.ts'
import { countInWords, nanosInWords, plural } from '../measure/words.ts'
import type { Checker, CheckerContext, CheckerResult, RunningChecker } from './checker.ts'
import { checkerTable } from './checker-table.ts'
import { checkerVerdict, type Judged } from './checker-verdict.ts'
import { ttlTooLong } from './expiry.ts'
import { APP, codesOf, OK } from './rows.ts'
import { noneOf } from './rule-of-three.ts'
import { SessionEvents } from './session-events.ts'
import { SessionLife } from './session-life.ts'
import { type SessionRules, sessionRulesOf } from './session-rules.ts'
import { examplesOf, type SessionIncident, SessionTally } from './session-tally.ts'

export interface SessionFindings {
  readonly sessions: Sessions
  /** In order of time. */
  readonly incidents: readonly SessionIncident[]
}

/**
 * What became of sessions that live in the cache alone, from the application's rows "login" (`arg` 1), "read" (`ret` the
 * version, NaN for none), "update" (`arg` the version written) and "logout" (`ret` 0: there was none to end), and probe
 * rows "read". Each finding is one for certain, whatever was under way at the time.
 * - lost session: the login was acknowledged, no logout can have ended it, lifetime was left, and it was not there. Once
 *   a login.
 * - lost update: acknowledged before the read began, begun after the write of what the read returned had ended; or
 *   overwritten by an update that began from the same version. Once an update.
 * - resurrected: found by a read that began after the acknowledged logout, with no login since. Once a logout.
 * - served after expiry: found later than the last write or touch could have kept it alive. Every such read.
 * An operation that begins at the nanosecond another ended came after it (usual on virtual time): every operation takes
 * time, so the first took effect before that instant and the second after it.
 */
export const sessions: Checker = {
  id: 'sessions',
  sentence: 'Sessions live from their login to their logout or expiry, with every acknowledged update.',
  columns: ['op', 'parent', 'layer', 'instance', 'key', 'fn', 'outcome', 'arg', 'ret', 'writer', 'sent', 'done', 'status', 'attempts'],
  table: checkerTable<Sessions>({
    title: 'Sessions',
    lead: 'A session lives from its acknowledged login to its logout or expiry, whichever instance is asked.',
    measures: (cell) => cell.sessions,
    examples: ({ examples }) => examples,
    columns: [
      { title: 'logins', text: (one) => countInWords(one.logins) },
      { title: 'acknowledged', text: (one) => countInWords(one.loginsAcknowledged) },
      { title: 'logouts', text: (one) => countInWords(one.logouts) },
      { title: 'lost', text: (one) => countInWords(one.lostSessions), wrong: (one) => one.lostSessions > 0 },
      { title: 'lost updates', text: (one) => countInWords(one.lostUpdates), wrong: (one) => one.lostUpdates > 0 },
      { title: 'resurrected', text: (one) => countInWords(one.resurrectedSessions), wrong: (one) => one.resurrectedSessions > 0 },
      { title: 'served late', text: servedLateInWords, wrong: (one) => one.servedAfterExpiry > 0 },
      { title: 'read elsewhere', text: (one) => countInWords(one.sharedReads) },
      { title: 'missed there', text: (one) => countInWords(one.sharedReadsLost), wrong: (one) => one.sharedReadsLost > 0 },
    ],
  }),
  create: (context) => new RunningSessions(sessionRulesOf(context.cell, context.settings), context),
}

/** The same on columns in memory, without a cell. */
export function checkSessions(columns: HistoryColumns, rules: SessionRules): SessionFindings {
  const running = new RunningSessions(rules)
  running.accept(columns)
  return running.findings()
}

class RunningSessions implements RunningChecker {
  readonly #rules: SessionRules
  readonly #context: CheckerContext | undefined
  readonly #tally = new SessionTally()
  readonly #lives = new Map<number, SessionLife>()
  readonly #events: SessionEvents
  readonly #operations = { logins: 0, loginsAcknowledged: 0, logouts: 0 }

  constructor(rules: SessionRules, context?: CheckerContext) {
    this.#rules = rules
    this.#context = context
    this.#events = new SessionEvents((session, event) => this.#life(session).accept(event))
  }

  accept(rows: HistoryColumns): void {
    this.#count(rows)
    this.#events.accept(rows)
  }

  finish(): CheckerResult {
    const { sessions: measured, incidents } = this.findings()
    const { cell } = this.#context!
    const verdicts = verdictsOn(measured, incidents, this.#context!).map((judged): Verdict => checkerVerdict(cell, judged))
    return { verdicts, measures: { sessions: measured }, findings: { incidents } }
  }

  findings(): SessionFindings {
    this.#events.finish()
    for (const life of this.#lives.values()) life.finish()
    return { sessions: this.#tally.measures(this.#operations), incidents: this.#tally.incidents() }
  }

  #count({ layer, status, fn, sent, length }: HistoryColumns): void {
    const login = codesOf(fn, 'login')
    const logout = codesOf(fn, 'logout')
    for (let row = 0; row < length; row++) {
      if (layer[row] !== APP || sent[row]! < 0) continue
      const code = fn.codes[row]!
      if (login[code] === 1) {
        this.#operations.logins++
        if (status[row] === OK) this.#operations.loginsAcknowledged++
      } else if (logout[code] === 1 && status[row] === OK) this.#operations.logouts++
    }
  }

  #life(session: number): SessionLife {
    let life = this.#lives.get(session)
    if (life === undefined) {
      life = new SessionLife(session, this.#rules, this.#tally)
      this.#lives.set(session, life)
    }
    return life
  }
}

/** One sentence a kind of finding: each has observations of its own. */
function verdictsOn(measured: Sessions, incidents: readonly SessionIncident[], context: CheckerContext): Judged[] {
  const { loginsAcknowledged, lostSessions, lostUpdates, resurrectedSessions, servedAfterExpiry, worstLatenessNanos } = measured
  const { readsOfLiving = 0, readsAfterUpdate = 0, readsAfterLogout = 0, readsAfterExpiry = 0 } = measured
  // What a fault costs the users gates only where the workload expects something of it.
  const common = { gates: false, testedBy: 'session-store' }
  return [
    {
      ...common,
      id: 'checker/sessions',
      sentence: 'A session that was logged in, and was neither logged out nor expired, is found.',
      observations: readsOfLiving,
      of: 'reads of sessions that had to be there',
      fails: lostSessions > 0,
      evidence:
        lostSessions > 0
          ? `${countInWords(lostSessions)} of ${plural(loginsAcknowledged, 'session')} were lost; ${countInWords(readsOfLiving)} reads had to find theirs`
          : `Not found: ${noneOf(readsOfLiving, 'reads of sessions that had to be there')}`,
      numbers: { loginsAcknowledged, readsOfLiving, lostSessions },
      counterexample: examplesOf(incidents, 'lost session'),
    },
    {
      ...common,
      id: 'checker/session-updates',
      sentence: 'A session has every update that was acknowledged.',
      observations: readsAfterUpdate,
      of: 'reads of a session after an acknowledged update of it',
      fails: lostUpdates > 0,
      evidence:
        lostUpdates > 0
          ? `${plural(lostUpdates, 'acknowledged update')} were lost; ${countInWords(readsAfterUpdate)} reads came after one`
          : `Rolled back: ${noneOf(readsAfterUpdate, 'reads after an update')}`,
      numbers: { readsAfterUpdate, lostUpdates },
      counterexample: examplesOf(incidents, 'lost update'),
    },
    {
      ...common,
      id: 'checker/session-logouts',
      sentence: 'A session that was logged out is not found again.',
      observations: readsAfterLogout,
      of: 'reads of a session after its logout',
      fails: resurrectedSessions > 0,
      evidence:
        resurrectedSessions > 0
          ? `${plural(resurrectedSessions, 'session')} came back after the logout; ${countInWords(readsAfterLogout)} reads looked`
          : `Resurrected: ${noneOf(readsAfterLogout, 'reads after a logout')}`,
      numbers: { readsAfterLogout, resurrectedSessions },
      counterexample: examplesOf(incidents, 'resurrected session'),
    },
    {
      ...common,
      id: 'checker/session-expiry',
      sentence: 'A session is not served after its lifetime.',
      observations: readsAfterExpiry,
      of: 'reads of a session after its lifetime had ended',
      fails: servedAfterExpiry > 0,
      evidence:
        servedAfterExpiry > 0
          ? `${countInWords(servedAfterExpiry)} of ${plural(readsAfterExpiry, 'read')} after the end found the session, the latest by ${nanosInWords(worstLatenessNanos)}`
          : `Served after expiry: ${noneOf(readsAfterExpiry, 'reads after the end')}`,
      numbers: { readsAfterExpiry, servedAfterExpiry, worstLatenessNanos },
      counterexample: examplesOf(incidents, 'served after expiry'),
      notTested: ttlTooLong(context),
    },
  ]
}

function servedLateInWords({ servedAfterExpiry, worstLatenessNanos, readsAfterExpiry }: Sessions): string {
  if (servedAfterExpiry > 0) return `${countInWords(servedAfterExpiry)} (by ${nanosInWords(worstLatenessNanos)})`
  return readsAfterExpiry === 0 ? 'not tested' : '0'
}
