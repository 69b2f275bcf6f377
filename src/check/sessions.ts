import type { HistoryColumns } from '../measure/history.ts'
import type { Sessions } from '../measure/run-result.ts'
import { instantInWords, nanosInWords } from '../measure/words.ts'
import { PrefixBest } from './prefix-best.ts'
import { APP, codesOf, OK } from './rows.ts'
import { forEachSession, type SessionEvent } from './session-events.ts'

/** How long sessions live, as the workload says. */
export interface SessionRules {
  /** Absent: without end. */
  readonly ttlNanos?: number
  /** A read that finds the session restarts its lifetime. */
  readonly sliding: boolean
  /** What the engine's clock may be off by: 1 s for an engine that counts whole seconds. */
  readonly toleranceNanos: number
}

export interface SessionIncident {
  readonly kind: 'lost session' | 'lost update' | 'resurrected session' | 'served after expiry'
  readonly session: number
  /** When the read that shows it began. */
  readonly atNanos: number
  /** Served after expiry: by how much. Else 0. */
  readonly latenessNanos: number
  readonly sentence: string
}

export interface SessionFindings {
  readonly sessions: Sessions
  /** In order of time. */
  readonly incidents: readonly SessionIncident[]
}

const MAX_EXAMPLES = 5

/**
 * What became of sessions: each finding is one for certain, whatever was under way at the time.
 * - lost session: the login was acknowledged, no logout can have ended it, lifetime was left, and a read found nothing.
 *   Once a login.
 * - lost update: acknowledged before the read began, begun after the write of what the read returned had ended; or
 *   overwritten by an update that began from the same version. Once an update.
 * - resurrected: found by a read that began after the acknowledged logout, with no login since. Once a logout.
 * - served after expiry: found later than the last write or touch could have kept it alive. Every such read.
 * An operation that begins at the nanosecond another ended came after it (usual on virtual time): every operation takes
 * time, so the first took effect before that instant and the second after it. O(n log n).
 */
export function checkSessions(columns: HistoryColumns, rules: SessionRules): SessionFindings {
  const incidents: SessionIncident[] = []
  let sharedReads = 0
  let sharedReadsLost = 0
  forEachSession(columns, (session, events) => {
    const judge = new SessionJudge(columns, session, events, rules)
    judge.overwrittenUpdates(incidents)
    for (const event of events) if (event.kind === 'read' && event.acknowledged) judge.read(event, incidents)
    sharedReads += judge.sharedReads
    sharedReadsLost += judge.sharedReadsLost
  })
  incidents.sort((a, b) => a.atNanos - b.atNanos || a.session - b.session)
  const count = (kind: SessionIncident['kind']) => incidents.filter((incident) => incident.kind === kind).length
  return {
    sessions: {
      ...countOperations(columns),
      lostSessions: count('lost session'),
      lostUpdates: count('lost update'),
      resurrectedSessions: count('resurrected session'),
      servedAfterExpiry: count('served after expiry'),
      worstLatenessNanos: incidents.reduce((worst, incident) => Math.max(worst, incident.latenessNanos), 0),
      sharedReads,
      sharedReadsLost,
      examples: incidents.slice(0, MAX_EXAMPLES).map((incident) => incident.sentence),
    },
    incidents,
  }
}

class SessionJudge {
  sharedReads = 0
  sharedReadsLost = 0
  readonly #columns: HistoryColumns
  readonly #session: number
  readonly #rules: SessionRules
  readonly #writeOf = new Map<number, SessionEvent>()
  readonly #acknowledgedWrites: readonly SessionEvent[]
  /** Acknowledged logins and writes that were over, by when they began; the same of logouts. */
  readonly #lastLogin: LatestEvent
  readonly #lastWrite: LatestEvent
  readonly #lastLogout: LatestEvent
  /** All that may have happened, by when it ended. */
  readonly #latestLoginEnd: LatestEvent
  readonly #latestLogoutEnd: LatestEvent
  /** What kept the session alive: for certain, by when it began; possibly, by when it ended. */
  readonly #lastCertainTouch: LatestEvent
  readonly #latestTouchEnd: LatestEvent
  readonly #reported = new Set<number>()

  constructor(columns: HistoryColumns, session: number, events: readonly SessionEvent[], rules: SessionRules) {
    this.#columns = columns
    this.#session = session
    this.#rules = rules
    const logins = events.filter((event) => event.kind === 'login')
    const logouts = events.filter((event) => event.kind === 'logout')
    const writes = events.filter((event) => event.kind === 'login' || event.kind === 'update')
    const touches = rules.sliding ? [...writes, ...events.filter((event) => event.kind === 'read' && event.ofLoad && !isNotFound(event))] : writes
    for (const write of writes) {
      if (Number.isNaN(write.version)) continue
      // Two writes of one version can't be told apart by what a read returns: the later end is the more lenient.
      const same = this.#writeOf.get(write.version)
      if (same === undefined || write.end > same.end) this.#writeOf.set(write.version, write)
    }
    this.#acknowledgedWrites = writes.filter((write) => write.acknowledged)
    this.#lastLogin = whichBeganLast(logins)
    this.#lastWrite = whichBeganLast(writes)
    this.#lastLogout = whichBeganLast(logouts)
    this.#latestLoginEnd = whichEndsLast(logins)
    this.#latestLogoutEnd = whichEndsLast(logouts)
    this.#lastCertainTouch = whichBeganLast(touches)
    this.#latestTouchEnd = whichEndsLast(touches)
  }

  /** Updates read, change and write: two acknowledged ones that wrote the same version both began from the one before, and one change is gone. */
  overwrittenUpdates(incidents: SessionIncident[]): void {
    const byVersion = new Map<number, SessionEvent>()
    for (const write of this.#acknowledgedWrites) {
      if (write.kind !== 'update' || Number.isNaN(write.version)) continue
      const other = byVersion.get(write.version)
      byVersion.set(write.version, write)
      if (other === undefined) continue
      this.#reported.add(other.row)
      const what = `wrote version ${write.version} over that of operation ${this.#columns.op[other.row]}, acknowledged at ${instantInWords(other.end)}`
      incidents.push(this.#incident('lost update', write, what))
    }
  }

  read(read: SessionEvent, incidents: SessionIncident[]): void {
    const before = incidents.length
    if (isNotFound(read)) this.#notFound(read, incidents)
    else this.#found(read, incidents)
    const writer = this.#lastWrite.upTo(read.start)
    if (writer === undefined || !read.ofLoad || this.#instance(writer.row) === this.#instance(read.row)) return
    this.sharedReads++
    if (incidents.slice(before).some((incident) => incident.kind === 'lost session' || incident.kind === 'lost update')) this.sharedReadsLost++
  }

  #notFound(read: SessionEvent, incidents: SessionIncident[]): void {
    const login = this.#lastLogin.upTo(read.start)
    if (login === undefined || this.#reported.has(login.row)) return
    const logoutEnd = this.#latestLogoutEnd.upTo(read.end)?.end ?? Number.NEGATIVE_INFINITY
    if (logoutEnd > login.start) return
    const alive = this.#lastCertainTouch.upTo(read.start)!
    const { ttlNanos, toleranceNanos } = this.#rules
    if (ttlNanos !== undefined && read.end >= alive.start + ttlNanos - toleranceNanos) return
    this.#reported.add(login.row)
    incidents.push(this.#incident('lost session', read, `found nothing; its login was acknowledged at ${instantInWords(login.end)}`))
  }

  #found(read: SessionEvent, incidents: SessionIncident[]): void {
    const logout = this.#lastLogout.upTo(read.start)
    const loginEnd = this.#latestLoginEnd.upTo(read.end)?.end ?? Number.NEGATIVE_INFINITY
    if (logout !== undefined && !this.#reported.has(logout.row) && loginEnd <= logout.start) {
      this.#reported.add(logout.row)
      incidents.push(this.#incident('resurrected session', read, `found it; its logout was acknowledged at ${instantInWords(logout.end)}`))
    }
    this.#servedLate(read, incidents)
    this.#lostUpdates(read, incidents)
  }

  #servedLate(read: SessionEvent, incidents: SessionIncident[]): void {
    const { ttlNanos, toleranceNanos } = this.#rules
    if (ttlNanos === undefined) return
    const touched = this.#latestTouchEnd.upTo(read.end, read)
    if (touched === undefined) return
    const lateness = read.start - (touched.end + ttlNanos)
    if (lateness <= toleranceNanos) return
    incidents.push(this.#incident('served after expiry', read, `found it ${nanosInWords(lateness)} after its lifetime had ended`, lateness))
  }

  #lostUpdates(read: SessionEvent, incidents: SessionIncident[]): void {
    const seen = this.#writeOf.get(read.version)
    if (seen === undefined) return
    // The usual case in O(log n): nothing that was over before the read began after what it saw had ended.
    const last = this.#lastWrite.upTo(read.start)
    if (last === undefined || last.start < seen.end) return
    for (const write of this.#acknowledgedWrites) {
      if (write.start < seen.end || write.end > read.start || this.#reported.has(write.row)) continue
      this.#reported.add(write.row)
      const what = `version ${write.version}, acknowledged at ${instantInWords(write.end)}`
      incidents.push(this.#incident('lost update', read, `returned version ${read.version} and not ${what}`))
    }
  }

  #incident(kind: SessionIncident['kind'], read: SessionEvent, what: string, latenessNanos = 0): SessionIncident {
    const sentence = `session ${this.#session}: operation ${this.#columns.op[read.row]} (${instantInWords(read.start)}) ${what}`
    return { kind, session: this.#session, atNanos: read.start, latenessNanos, sentence }
  }

  #instance(row: number): number {
    return this.#columns.instance[row]!
  }
}

function isNotFound(event: SessionEvent): boolean {
  return event.kind === 'read' && event.acknowledged && Number.isNaN(event.version)
}

/** The event that began, or ended, last among those up to an instant. */
class LatestEvent {
  readonly #events: readonly SessionEvent[]
  readonly #best: PrefixBest

  constructor(events: readonly SessionEvent[], at: 'start' | 'end', score: 'start' | 'end') {
    this.#events = events
    const places = new Float64Array(events.length)
    const scores = new Float64Array(events.length)
    for (let i = 0; i < events.length; i++) {
      places[i] = events[i]![at]
      scores[i] = events[i]![score]
    }
    this.#best = new PrefixBest(places, scores)
  }

  upTo(limit: number, except?: SessionEvent): SessionEvent | undefined {
    const entry = this.#best.upTo(limit, except && ((one) => this.#events[one] === except))
    return entry < 0 ? undefined : this.#events[entry]
  }
}

/** Of what was certainly over by an instant, the one that began last. */
function whichBeganLast(events: readonly SessionEvent[]): LatestEvent {
  return new LatestEvent(
    events.filter((event) => event.acknowledged),
    'end',
    'start',
  )
}

/** Of what may have begun by an instant, the one that ended last. */
function whichEndsLast(events: readonly SessionEvent[]): LatestEvent {
  return new LatestEvent(events, 'start', 'end')
}

function countOperations(columns: HistoryColumns): Pick<Sessions, 'logins' | 'loginsAcknowledged' | 'logouts'> {
  const { layer, status, fn } = columns
  const login = codesOf(fn, 'login')
  const logout = codesOf(fn, 'logout')
  let logins = 0
  let loginsAcknowledged = 0
  let logouts = 0
  for (let row = 0; row < columns.length; row++) {
    if (layer[row] !== APP) continue
    const code = fn.codes[row]!
    if (login[code] === 1) {
      logins++
      if (status[row] === OK) loginsAcknowledged++
    } else if (logout[code] === 1 && status[row] === OK) logouts++
  }
  return { logins, loginsAcknowledged, logouts }
}
