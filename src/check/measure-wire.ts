import type { HistoryColumns } from '../measure/history.ts'
import type { Cell, Wire } from '../measure/run-result.ts'
import { measuredPhaseCodes } from './measured-phases.ts'
import type { Meter } from './meter.ts'
import { CACHE, codesOf, OK } from './rows.ts'

/** What the recorder counted at the wire over the measured phases, where a history does not hold every row. */
export type WireTotals = Omit<Wire, 'neverReadBytes'>

/**
 * Bytes over the measured phases, and what became of stored values, of a history that holds every row. Stored bytes are
 * those of the storing commands on the wire: key and protocol included.
 */
export function wireMeter(cell: Pick<Cell, 'events'>): Meter<Wire> {
  return new WireMeter(cell)
}

class WireMeter implements Meter<Wire> {
  readonly columns = ['layer', 'status', 'fn', 'outcome', 'key', 'parent', 'phase', 'bytesOut', 'bytesIn'] as const
  readonly #cell: Pick<Cell, 'events'>
  readonly #total = { bytesOut: 0, bytesIn: 0, storedBytes: 0, neverReadBytes: 0 }
  /** Bytes of each key's value that nobody has read yet. */
  readonly #unread = new Map<number, number>()

  constructor(cell: Pick<Cell, 'events'>) {
    this.#cell = cell
  }

  accept(rows: HistoryColumns): void {
    const { layer, status, fn, outcome, key, parent, phase, bytesOut, bytesIn } = rows
    const measured = measuredPhaseCodes(this.#cell, rows)
    const stores = codesOf(fn, 'set', 'add', 'replace')
    const takesAway = codesOf(fn, 'delete')
    const stored = codesOf(outcome, 'stored', 'ok')
    const hit = codesOf(outcome, 'hit')
    const total = this.#total
    for (let row = 0; row < rows.length; row++) {
      // What no operation asked for is our own reading back, which no application does.
      if (layer[row] !== CACHE || parent[row]! < 0) continue
      const counts = measured[phase.codes[row]!] === 1
      if (counts) {
        total.bytesOut += bytesOut[row]!
        total.bytesIn += bytesIn[row]!
      }
      if (status[row] !== OK) continue
      const code = fn.codes[row]!
      if (hit[outcome.codes[row]!] === 1) this.#unread.delete(key[row]!)
      else if (takesAway[code] === 1) this.#settle(key[row]!)
      else if (stores[code] === 1 && stored[outcome.codes[row]!] === 1) {
        this.#settle(key[row]!)
        if (!counts) continue
        total.storedBytes += bytesOut[row]!
        this.#unread.set(key[row]!, bytesOut[row]!)
      }
    }
  }

  finish(): Wire {
    for (const key of [...this.#unread.keys()]) this.#settle(key)
    return this.#total
  }

  #settle(key: number): void {
    this.#total.neverReadBytes += this.#unread.get(key) ?? 0
    this.#unread.delete(key)
  }
}
