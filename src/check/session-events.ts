import type { HistoryColumns } from '../measure/history.ts'
import { forEachKey, groupByKey } from './group-by-key.ts'
import { APP, CACHE, codesOf, codesWhere, endOf, FAIL, OK, PROBE, selectRows } from './rows.ts'

/** One thing that was done to a session, with what is certain about it. */
export interface SessionEvent {
  readonly kind: 'login' | 'update' | 'logout' | 'read'
  readonly row: number
  readonly start: number
  /** Infinity when the outcome is unknown. */
  readonly end: number
  readonly acknowledged: boolean
  /** Written, or read; NaN for none (a read that found nothing) or not known. */
  readonly version: number
  /** An operation of the load; false for the read-back after it, which restarts no lifetime. */
  readonly ofLoad: boolean
}

/**
 * What happened to each session, from the application's rows. Operations that were killed with their instance left no
 * application row that names the session; what their calls to the cache may have done stands in for them, as unknown.
 */
export function forEachSession(columns: HistoryColumns, visit: (session: number, events: readonly SessionEvent[]) => void): void {
  const { layer, status, fn, outcome, key, parent, op } = columns
  const named = codesOf(fn, 'login', 'update', 'logout', 'read')
  const changes = codesOf(fn, 'set', 'add', 'replace', 'delete', 'touch', 'getAndTouch')
  const reads = codesOf(fn, 'read')
  // A read-back that got no answer has its failure's code for an outcome.
  const readBack = codesWhere(outcome, (text) => /\b(hit|miss)$/.test(text))
  const answered = new Set<number>()
  for (let row = 0; row < columns.length; row++) if (layer[row] === APP && named[fn.codes[row]!] === 1) answered.add(op[row]!)
  const rows = selectRows(columns, (row) => {
    if (key[row]! < 0 || status[row] === FAIL) return false
    if (layer[row] === APP) return named[fn.codes[row]!] === 1
    if (layer[row] === PROBE) return reads[fn.codes[row]!] === 1 && readBack[outcome.codes[row]!] === 1
    return layer[row] === CACHE && changes[fn.codes[row]!] === 1 && parent[row]! >= 0 && !answered.has(parent[row]!)
  })
  forEachKey(groupByKey(key, rows), (session, group) => {
    const events: SessionEvent[] = []
    for (const row of group) events.push(eventOf(columns, row))
    visit(session, events)
  })
}

function eventOf(columns: HistoryColumns, row: number): SessionEvent {
  const { layer, fn, outcome, sent, status, arg, ret } = columns
  const name = fn.dictionary[fn.codes[row]!]!
  const start = sent[row]!
  if (layer[row] === CACHE) {
    // Any of the killed operation's calls may have been a login's: the most lenient reading.
    return {
      kind: name === 'delete' ? 'logout' : 'login',
      row,
      start,
      end: Number.POSITIVE_INFINITY,
      acknowledged: false,
      version: Number.NaN,
      ofLoad: true,
    }
  }
  const version = name === 'read' ? ret[row]! : name === 'logout' ? Number.NaN : arg[row]!
  // An update that found no session wrote nothing, and says as a read would that there was none.
  const foundNothing = name === 'update' && isMiss(outcome.dictionary[outcome.codes[row]!]!)
  return {
    kind: foundNothing ? 'read' : (name as SessionEvent['kind']),
    row,
    start,
    end: endOf(columns, row),
    acknowledged: status[row] === OK,
    version: foundNothing ? Number.NaN : version,
    ofLoad: layer[row] !== PROBE,
  }
}

/** "session miss", "update absent". */
function isMiss(outcome: string): boolean {
  return /\b(absent|miss)$/.test(outcome)
}
