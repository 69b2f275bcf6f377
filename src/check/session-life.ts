import { instantInWords, nanosInWords } from '../measure/words.ts'
import { FirstBeyond } from './first-beyond.ts'
import { LateReads } from './late-reads.ts'
import type { SessionEvent } from './session-events.ts'
import type { SessionRules } from './session-rules.ts'
import type { SessionTally } from './session-tally.ts'

/** What a read was besides: claims are made of it. */
interface Circumstances {
  /** By another instance than wrote last. */
  readonly shared: boolean
  /** And over before the first fault. */
  readonly undisturbed: boolean
  /** After the instance that wrote last had been killed. */
  readonly orphan: boolean
}

interface Sight extends Circumstances {
  readonly op: number
  readonly startNanos: number
  /** The login, or the logout, that it is held against. */
  readonly of: number
  readonly ofEndNanos: number
}

interface LateSight {
  readonly op: number
  readonly startNanos: number
  readonly latenessNanos: number
}

interface Write {
  readonly op: number
  readonly isUpdate: boolean
  readonly version: number
  readonly writer: number
  readonly instance: number
  readonly startNanos: number
  readonly endNanos: number
  readonly acknowledged: boolean
}

/** Acknowledged updates that something shows to be gone. */
interface Missed extends Circumstances {
  readonly by: SessionEvent
  readonly updates: readonly Write[]
  readonly how: 'older' | 'another' | 'over'
}

const NONE: Circumstances = { shared: false, undisturbed: false, orphan: false }

/**
 * One session, from what is done to it, in order of completion. What speaks against the cache is kept until the end: an
 * operation that began before a read was over, and is over only later, may be what it saw, and takes it back.
 */
export class SessionLife {
  readonly #session: number
  readonly #rules: SessionRules
  readonly #tally: SessionTally
  /** What was acknowledged, by when it was over: which began last. */
  readonly #logins = new FirstBeyond()
  #logouts: FirstBeyond | undefined
  readonly #touches = new FirstBeyond()
  readonly #lastWrites = new FirstBeyond()
  readonly #writes: Write[] = []
  /** Two writes wrote one version. */
  #contested = false
  /** When the last of what may have happened was over. */
  #loginEndNanos = Number.NEGATIVE_INFINITY
  #logoutEndNanos = Number.NEGATIVE_INFINITY
  #touchEndNanos = Number.NEGATIVE_INFINITY
  #missing: LateReads<Sight> | undefined
  #resurrected: LateReads<Sight> | undefined
  #afterExpiry: LateReads<LateSight> | undefined
  #missed: Missed[] | undefined

  constructor(session: number, rules: SessionRules, tally: SessionTally) {
    this.#session = session
    this.#rules = rules
    this.#tally = tally
  }

  accept(event: SessionEvent): void {
    this.#excuse(event)
    if (event.acknowledged && event.found !== undefined) this.#observe(event)
    if (event.kind === 'login' || event.kind === 'update') this.#write(event)
    if (event.kind === 'logout') {
      this.#logoutEndNanos = Math.max(this.#logoutEndNanos, event.endNanos)
      if (event.acknowledged) {
        this.#logouts ??= new FirstBeyond()
        this.#logouts.add(event.startNanos, event.endNanos, event.op)
      }
    }
    if (!this.#touched(event)) return
    this.#touchEndNanos = Math.max(this.#touchEndNanos, event.endNanos)
    if (event.acknowledged) this.#touches.add(event.startNanos, event.endNanos, event.op)
  }

  finish(): void {
    const tally = this.#tally
    const reported = new Set<number>()
    const once = (op: number) => !reported.has(op) && reported.add(op) !== undefined
    for (const sight of this.#missing?.found() ?? []) {
      tally.missed(sight)
      if (once(sight.of)) this.#incident('lost session', sight, `found nothing; its login was acknowledged at ${instantInWords(sight.ofEndNanos)}`)
    }
    for (const sight of this.#resurrected?.found() ?? []) {
      if (once(sight.of)) this.#incident('resurrected session', sight, `found it; its logout was acknowledged at ${instantInWords(sight.ofEndNanos)}`)
    }
    tally.readsAfterExpiry += this.#afterExpiry?.reads ?? 0
    for (const sight of this.#afterExpiry?.found() ?? []) {
      const what = `found it ${nanosInWords(sight.latenessNanos)} after its lifetime had ended`
      this.#incident('served after expiry', sight, what, sight.latenessNanos)
    }
    for (const missed of this.#missed ?? []) {
      tally.missed(missed)
      for (const update of missed.updates) {
        if (once(update.op)) this.#incident('lost update', missed.by, missedInWords(missed, update))
      }
    }
  }

  /** What may have kept the session alive. */
  #touched({ kind, ofLoad, found }: SessionEvent): boolean {
    if (kind === 'read') return this.#rules.sliding && ofLoad && found !== false
    return kind !== 'logout'
  }

  /** Whatever was under way while somebody looked may be what he saw. */
  #excuse(event: SessionEvent): void {
    const { kind, startNanos } = event
    if (kind === 'logout') this.#missing?.excuse(startNanos)
    if (kind === 'login') this.#resurrected?.excuse(startNanos)
    if (this.#touched(event)) this.#afterExpiry?.excuse(startNanos)
    if (this.#missed && (kind === 'login' || kind === 'update')) {
      this.#missed = this.#missed.filter(({ by, how }) => {
        if (by.endNanos < startNanos) return true
        // A login begins to count anew; an update may be the one whose version was seen.
        return kind === 'update' && (how !== 'older' || !isOf(by, event))
      })
    }
  }

  #observe(event: SessionEvent): void {
    const { startNanos, endNanos, kind, op } = event
    const found = event.found === true
    const isRead = kind === 'read'
    const login = this.#logins.furthestBy(startNanos)
    const last = this.#lastWrites.furthestBy(startNanos)
    const lastWrite = last < 0 ? undefined : this.#writes[this.#lastWrites.operationOf(last)]
    const mustBeThere = login >= 0 && this.#mustBeThere(login, startNanos, endNanos)
    const circumstances = isRead && lastWrite && mustBeThere ? this.#circumstances(event, lastWrite) : NONE
    if (mustBeThere) {
      this.#tally.readsOfLiving++
      this.#tally.hadToFind(circumstances)
      if (isRead && lastWrite) this.#afterServerLoss(startNanos, lastWrite, found)
      if (!found) {
        this.#missing ??= new LateReads()
        const sight = { op, startNanos, of: this.#logins.operationOf(login), ofEndNanos: this.#logins.timeOf(login), ...circumstances }
        this.#missing.add(endNanos, sight)
      }
    }
    if (!isRead) return
    const logout = this.#logouts?.furthestBy(startNanos) ?? -1
    if (logout >= 0 && this.#loginEndNanos <= this.#logouts!.placeOf(logout)) {
      this.#tally.readsAfterLogout++
      if (found) {
        this.#resurrected ??= new LateReads()
        this.#resurrected.add(endNanos, {
          op,
          startNanos,
          of: this.#logouts!.operationOf(logout),
          ofEndNanos: this.#logouts!.timeOf(logout),
          ...NONE,
        })
      }
    }
    const latenessNanos = startNanos - (this.#touchEndNanos + (this.#rules.ttlNanos ?? Number.POSITIVE_INFINITY))
    if (latenessNanos > this.#rules.toleranceNanos && this.#touchEndNanos > Number.NEGATIVE_INFINITY) {
      this.#afterExpiry ??= new LateReads()
      this.#afterExpiry.add(endNanos, found ? { op, startNanos, latenessNanos } : undefined)
    }
    if (found) this.#lostUpdates(event, lastWrite, circumstances)
  }

  /** Logged in, not logged out by anything that may have been, and some lifetime left. */
  #mustBeThere(login: number, startNanos: number, endNanos: number): boolean {
    if (this.#logoutEndNanos > this.#logins.placeOf(login)) return false
    const { ttlNanos, toleranceNanos } = this.#rules
    const touch = this.#touches.furthestBy(startNanos)
    return ttlNanos === undefined || endNanos < this.#touches.placeOf(touch) + ttlNanos - toleranceNanos
  }

  #circumstances({ instance, startNanos, endNanos, ofLoad }: SessionEvent, lastWrite: Write): Circumstances {
    const { firstFaultNanos, killed } = this.#rules
    const shared = ofLoad && lastWrite.instance !== instance
    return {
      shared,
      undisturbed: shared && (firstFaultNanos === undefined || endNanos <= firstFaultNanos),
      orphan: killed !== undefined && lastWrite.instance === killed.instance && startNanos >= killed.atNanos,
    }
  }

  #afterServerLoss(startNanos: number, lastWrite: Write, found: boolean): void {
    const { serverLoss } = this.#rules
    if (serverLoss === undefined || startNanos < serverLoss.backNanos || lastWrite.endNanos > serverLoss.goneNanos) return
    this.#tally.readsAfterServerLoss++
    if (found) this.#tally.foundAfterServerLoss++
  }

  #write(event: SessionEvent): void {
    const { op, kind, version, writer, instance, startNanos, endNanos, acknowledged } = event
    const write: Write = { op, isUpdate: kind === 'update', version, writer, instance, startNanos, endNanos, acknowledged }
    if (write.isUpdate && acknowledged) this.#overwritten(event)
    this.#contested ||= this.#writes.some((other) => other.version === version)
    this.#writes.push(write)
    if (kind === 'login') this.#loginEndNanos = Math.max(this.#loginEndNanos, endNanos)
    if (!acknowledged) return
    this.#lastWrites.add(startNanos, endNanos, this.#writes.length - 1)
    if (kind === 'login') this.#logins.add(startNanos, endNanos, op)
  }

  /** Updates read, change and write: two acknowledged ones of one version both began from the one before, and one change is gone. */
  #overwritten(event: SessionEvent): void {
    const other = this.#writes.findLast((write) => write.isUpdate && write.acknowledged && write.version === event.version)
    // A login in between would have begun to count anew.
    if (other === undefined || this.#loginEndNanos > Math.min(other.startNanos, event.startNanos)) return
    this.#miss('over', event, [other], NONE)
  }

  #lostUpdates(read: SessionEvent, lastWrite: Write | undefined, circumstances: Circumstances): void {
    if (lastWrite === undefined) return
    if (lastWrite.isUpdate) this.#tally.readsAfterUpdate++
    const seenEndNanos = this.#writes.reduce((end, write) => (isOf(write, read) ? Math.max(end, write.endNanos) : end), Number.NEGATIVE_INFINITY)
    const isKnown = seenEndNanos > Number.NEGATIVE_INFINITY
    // The usual case: nothing that was over before the read began after what it saw had ended.
    if (isKnown && lastWrite.startNanos < seenEndNanos && !this.#contested) return
    const over = this.#writes.filter((write) => write.isUpdate && write.acknowledged && write.endNanos <= read.startNanos)
    this.#miss('older', read, isKnown ? over.filter((write) => write.startNanos >= seenEndNanos) : [], circumstances)
    // Two updates of one version both began from the one before: what is there of one is without the other.
    const others = over.filter((write) => write.version === read.version && !isOf(write, read) && this.#loginEndNanos <= write.startNanos)
    this.#miss('another', read, others, circumstances)
  }

  #miss(how: Missed['how'], by: SessionEvent, updates: readonly Write[], circumstances: Circumstances): void {
    if (updates.length === 0) return
    this.#missed ??= []
    this.#missed.push({ by, updates, how, ...circumstances })
  }

  #incident(kind: IncidentKind, { op, startNanos }: { readonly op: number; readonly startNanos: number }, what: string, latenessNanos = 0): void {
    this.#tally.incident({ kind, session: this.#session, atNanos: startNanos, latenessNanos, op, what })
  }
}

function missedInWords({ by, how }: Missed, update: Write): string {
  const acknowledged = `acknowledged at ${instantInWords(update.endNanos)}`
  if (how === 'over') return `wrote version ${by.version} over that of operation ${update.op}, ${acknowledged}`
  if (how === 'another') return `returned version ${by.version} of instance ${by.writer - 1} and not that of operation ${update.op}, ${acknowledged}`
  return `returned version ${by.version} and not version ${update.version}, ${acknowledged}`
}

type IncidentKind = Parameters<SessionTally['incident']>[0]['kind']

/** Whether one is the write of what the other read, or may be: of one version and, where both say so, one writer. */
function isOf(a: { readonly version: number; readonly writer: number }, b: { readonly version: number; readonly writer: number }): boolean {
  return a.version === b.version && (a.writer < 0 || b.writer < 0 || a.writer === b.writer)
}
