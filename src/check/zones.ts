/**
 * Per-key linearizability of a register whose writes are told apart by their value, by zones: Gibbons and Korach,
 * "Testing shared memories", SIAM J. Comput. 26(4), 1997; Golab, Li and Shah, "Analyzing consistency properties for
 * fun and profit", PODC 2011. Exact, O(n log n), where the general search is exponential.
 */
export interface RegisterOperation {
  readonly kind: 'read' | 'write'
  /** The value written or returned; NaN for a write of unknown outcome whose value is not known either. */
  readonly value: number
  readonly start: number
  /** Infinity for a write of unknown outcome. */
  readonly end: number
  /** Reads are `ok` (others say nothing and are left out). */
  readonly status: 'ok' | 'fail' | 'info'
}

export interface RegisterViolation {
  /**
   * phantom: a value nobody wrote. aborted read: the value of a write that failed for certain. future read: it ended
   * before the write began. conflict: two values each of which has an operation wholly before one of the other.
   */
  readonly kind: 'phantom' | 'aborted read' | 'future read' | 'conflict'
  readonly value: number
  /** Conflicts: the other value. */
  readonly other?: number
  /** The operation that shows it, as an index into the operations. */
  readonly operation: number
}

interface Zone {
  readonly value: number
  /** Earliest end and latest start over the write and the reads of the value. */
  firstEnd: number
  lastStart: number
  /** Which operation started last: where a conflict shows. */
  lastOperation: number
  writeStart: number
  writeStatus: 'ok' | 'fail' | 'info'
  read: boolean
}

/** Everything that is wrong with the history of one key; empty when it is linearizable. `initial`: the value before any write. */
export function checkRegister(operations: readonly RegisterOperation[], initial?: number): RegisterViolation[] {
  const violations: RegisterViolation[] = []
  const zones = new Map<number, Zone>()
  if (initial !== undefined) zones.set(initial, zoneOf(initial, Number.NEGATIVE_INFINITY, 'ok'))
  let unknownWriteStart = Number.POSITIVE_INFINITY
  let unknownWrites = 0
  operations.forEach((operation, index) => {
    if (operation.kind !== 'write') return
    if (Number.isNaN(operation.value)) {
      unknownWrites++
      unknownWriteStart = Math.min(unknownWriteStart, operation.start)
      return
    }
    const zone = zoneOf(operation.value, operation.start, operation.status)
    zone.lastOperation = index
    if (operation.status === 'ok') {
      zone.firstEnd = operation.end
      zone.lastStart = operation.start
    }
    zones.set(operation.value, zone)
  })

  operations.forEach((operation, index) => {
    if (operation.kind !== 'read' || operation.status !== 'ok') return
    let zone = zones.get(operation.value)
    if (zone === undefined && unknownWrites > 0) {
      // One of the writes of unknown value may have written it; the earliest of them is the most lenient choice.
      unknownWrites--
      zone = zoneOf(operation.value, unknownWriteStart, 'info')
      zones.set(operation.value, zone)
    }
    if (zone === undefined) violations.push({ kind: 'phantom', value: operation.value, operation: index })
    else if (zone.writeStatus === 'fail') violations.push({ kind: 'aborted read', value: operation.value, operation: index })
    else if (operation.end < zone.writeStart) violations.push({ kind: 'future read', value: operation.value, operation: index })
    else {
      zone.read = true
      zone.firstEnd = Math.min(zone.firstEnd, operation.end)
      if (operation.start > zone.lastStart) {
        zone.lastStart = operation.start
        zone.lastOperation = index
      }
    }
  })
  const conflict = firstConflict([...zones.values()].filter((zone) => zone.writeStatus === 'ok' || zone.read))
  if (conflict) violations.push(conflict)
  return violations
}

function zoneOf(value: number, writeStart: number, writeStatus: Zone['writeStatus']): Zone {
  const firstEnd = writeStart === Number.NEGATIVE_INFINITY ? writeStart : Number.POSITIVE_INFINITY
  return { value, firstEnd, lastStart: writeStart, lastOperation: -1, writeStart, writeStatus, read: false }
}

/** Two zones conflict iff each ends (first) before the other starts (last): neither value can come wholly first. */
function firstConflict(zones: Zone[]): RegisterViolation | undefined {
  zones.sort((a, b) => a.firstEnd - b.firstEnd)
  // Of the zones before each position the two that start last, so that a zone can be held against the best other one.
  const best: (Zone | undefined)[] = [undefined]
  const second: (Zone | undefined)[] = [undefined]
  for (const [i, zone] of zones.entries()) {
    const top = best[i]
    if (top === undefined || zone.lastStart > top.lastStart) {
      best.push(zone)
      second.push(top)
    } else {
      const next = second[i]
      best.push(top)
      second.push(next === undefined || zone.lastStart > next.lastStart ? zone : next)
    }
  }
  for (const zone of zones) {
    const before = countBelow(zones, zone.lastStart)
    const other = best[before] === zone ? second[before] : best[before]
    if (other !== undefined && other.lastStart > zone.firstEnd) {
      const later = other.lastStart > zone.lastStart ? other : zone
      return { kind: 'conflict', value: later.value, other: (later === zone ? other : zone).value, operation: later.lastOperation }
    }
  }
  return undefined
}

/** How many zones have their first end before the instant; zones are sorted by it. */
function countBelow(zones: readonly Zone[], instant: number): number {
  let low = 0
  let high = zones.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (zones[middle]!.firstEnd < instant) low = middle + 1
    else high = middle
  }
  return low
}
