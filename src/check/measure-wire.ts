import type { HistoryColumns } from '../measure/history.ts'
import type { Cell, Wire } from '../measure/run-result.ts'
import { measuredPhaseCodes } from './measured-phases.ts'
import { CACHE, codesOf, OK } from './rows.ts'

/** What the recorder counted at the wire over the measured phases, where a history does not hold every row. */
export type WireTotals = Omit<Wire, 'neverReadBytes'>

/**
 * Bytes over the measured phases, and what became of stored values, which needs every row (a full history). Undefined
 * when bytes can't be known. Stored bytes are those of the storing commands on the wire: key and protocol included.
 */
export function measureWire(cell: Pick<Cell, 'events'>, columns: HistoryColumns | undefined, totals?: WireTotals): Wire | undefined {
  return columns ? wireOf(cell, columns) : totals && { ...totals, neverReadBytes: null }
}

function wireOf(cell: Pick<Cell, 'events'>, columns: HistoryColumns): Wire {
  const { layer, status, fn, outcome, key, parent, phase, bytesOut, bytesIn } = columns
  const measured = measuredPhaseCodes(cell, columns)
  const stores = codesOf(fn, 'set', 'add', 'replace')
  const takesAway = codesOf(fn, 'delete')
  const stored = codesOf(outcome, 'stored', 'ok')
  const hit = codesOf(outcome, 'hit')
  const total = { bytesOut: 0, bytesIn: 0, storedBytes: 0, neverReadBytes: 0 }
  /** Bytes of each key's value that nobody has read yet. */
  const unread = new Map<number, number>()
  const settle = (of: number) => {
    total.neverReadBytes += unread.get(of) ?? 0
    unread.delete(of)
  }
  for (let row = 0; row < columns.length; row++) {
    // What no operation asked for is our own reading back, which no application does.
    if (layer[row] !== CACHE || parent[row]! < 0) continue
    const counts = measured[phase.codes[row]!] === 1
    if (counts) {
      total.bytesOut += bytesOut[row]!
      total.bytesIn += bytesIn[row]!
    }
    if (status[row] !== OK) continue
    const code = fn.codes[row]!
    if (hit[outcome.codes[row]!] === 1) unread.delete(key[row]!)
    else if (takesAway[code] === 1) settle(key[row]!)
    else if (stores[code] === 1 && stored[outcome.codes[row]!] === 1) {
      settle(key[row]!)
      if (!counts) continue
      total.storedBytes += bytesOut[row]!
      unread.set(key[row]!, bytesOut[row]!)
    }
  }
  for (const of of [...unread.keys()]) settle(of)
  return total
}
