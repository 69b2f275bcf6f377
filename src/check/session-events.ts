import type { HistoryColumns } from '../measure/history.ts'
import { APP, CACHE, codesOf, codesWhere, endOf, FAIL, OK, PROBE } from './rows.ts'

/** One thing that was done to a session, with what is certain about it. */
export interface SessionEvent {
  readonly kind: 'login' | 'update' | 'logout' | 'read'
  readonly op: number
  readonly instance: number
  readonly startNanos: number
  /** Infinity when the outcome is unknown. */
  readonly endNanos: number
  readonly acknowledged: boolean
  /** Written, or read; NaN for none (a read that found nothing) or not known. */
  readonly version: number
  /** Who wrote that version: instance + 1; -1: not known. */
  readonly writer: number
  /** Of a read, and of a logout that says so: whether the session was there. Undefined: it does not tell. */
  readonly found: boolean | undefined
  /** An operation of the load; false for the read-back after it, which restarts no lifetime. */
  readonly ofLoad: boolean
}

type Visit = (session: number, event: SessionEvent) => void

/** What a call to the cache may have done to a session, when its operation never says. */
interface Change {
  readonly session: number
  readonly event: SessionEvent
}

/**
 * What happened to sessions, from the rows of a history, in order of completion: the application's rows, and those of
 * the read-back. Operations that were killed with their instance left no application row that names the session; what
 * their calls to the cache may have done stands in for them, at the end, as unknown.
 */
export class SessionEvents {
  readonly #visit: Visit
  /** Changes of operations that have not ended. */
  readonly #underWay = new Map<number, Change[]>()
  /** Logouts whose delete was sent more than once: that the last one found nothing says nothing. */
  readonly #resent = new Set<number>()

  constructor(visit: Visit) {
    this.#visit = visit
  }

  accept(rows: HistoryColumns): void {
    const { layer, status, fn, outcome, key, parent, op, sent } = rows
    const named = codesOf(fn, 'login', 'update', 'logout', 'read')
    const changes = codesOf(fn, 'set', 'add', 'replace', 'delete', 'touch', 'getAndTouch')
    const reads = codesOf(fn, 'read')
    // A read-back that got no answer has its failure's code for an outcome.
    const readBack = codesWhere(outcome, (text) => /\b(hit|miss)$/.test(text))
    for (let row = 0; row < rows.length; row++) {
      if (sent[row]! < 0) continue
      const code = fn.codes[row]!
      if (layer[row] === APP && named[code] === 1) {
        const event = eventOf(rows, row, this.#resent.delete(op[row]!))
        this.#underWay.delete(op[row]!)
        if (key[row]! >= 0 && status[row] !== FAIL) this.#visit(key[row]!, event)
        continue
      }
      if (key[row]! < 0 || status[row] === FAIL) continue
      if (layer[row] === PROBE) {
        if (reads[code] === 1 && readBack[outcome.codes[row]!] === 1) this.#visit(key[row]!, eventOf(rows, row, false))
      } else if (layer[row] === CACHE && changes[code] === 1 && parent[row]! >= 0) this.#changed(rows, row)
    }
  }

  /** After the last row. */
  finish(): void {
    for (const changes of this.#underWay.values()) for (const { session, event } of changes) this.#visit(session, event)
    this.#underWay.clear()
  }

  #changed(rows: HistoryColumns, row: number): void {
    const { parent, fn, sent, instance, attempts, key } = rows
    const isDelete = fn.dictionary[fn.codes[row]!] === 'delete'
    if (isDelete && attempts[row]! > 1) this.#resent.add(parent[row]!)
    // Any of a killed operation's calls may have been a login's: the most lenient reading.
    const event: SessionEvent = {
      kind: isDelete ? 'logout' : 'login',
      op: parent[row]!,
      instance: instance[row]!,
      startNanos: sent[row]!,
      endNanos: Number.POSITIVE_INFINITY,
      acknowledged: false,
      version: Number.NaN,
      writer: -1,
      found: undefined,
      ofLoad: true,
    }
    const changes = this.#underWay.get(parent[row]!)
    if (changes) changes.push({ session: key[row]!, event })
    else this.#underWay.set(parent[row]!, [{ session: key[row]!, event }])
  }
}

function eventOf(rows: HistoryColumns, row: number, resent: boolean): SessionEvent {
  const { layer, fn, outcome, sent, status, arg, ret, op, instance, writer } = rows
  const name = fn.dictionary[fn.codes[row]!]! as SessionEvent['kind']
  const acknowledged = status[row] === OK
  // An update that found no session wrote nothing, and says as a read would that there was none.
  const isRead = name === 'read' || (name === 'update' && isMiss(outcome.dictionary[outcome.codes[row]!]!))
  const version = name === 'read' ? ret[row]! : isRead || name === 'logout' ? Number.NaN : arg[row]!
  // A logout answers whether there was a session to end.
  const told = name === 'logout' ? !resent && !Number.isNaN(ret[row]!) : isRead && acknowledged
  const found = name === 'update' && isRead ? false : !told ? undefined : name === 'logout' ? ret[row] !== 0 : !Number.isNaN(version)
  return {
    kind: isRead ? 'read' : name,
    op: op[row]!,
    instance: instance[row]!,
    startNanos: sent[row]!,
    endNanos: endOf(rows, row),
    acknowledged,
    version,
    writer: name === 'read' ? writer[row]! : writer[row]! >= 0 ? writer[row]! : instance[row]! + 1,
    found,
    ofLoad: layer[row] !== PROBE,
  }
}

/** "session miss", "update absent". */
function isMiss(outcome: string): boolean {
  return /\b(absent|miss)$/.test(outcome)
}
