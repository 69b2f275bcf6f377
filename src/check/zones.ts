import { callInWords, type KeyRegister, type RegisterCall, type RegisterVerdict } from './register.ts'

/** One operation of a register whose writes are told apart by their value. */
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
}

interface RegisterFindings {
  /** Empty when it is linearizable, as far as can be told. */
  readonly violations: readonly RegisterViolation[]
  /** Values that several writes wrote: which of them a read saw can't be told, so none of it was judged. */
  readonly repeated: readonly number[]
}

/** One value: the write of it and all reads of it. */
interface Zone {
  readonly value: number
  /** Earliest end and latest start over the write and the reads, with the operations that show them. */
  firstEnd: number
  lastStart: number
  first: RegisterCall | undefined
  last: RegisterCall | undefined
  firstReadEnd: number
  writes: number
  failed: boolean
  writeStart: number
  write: RegisterCall | undefined
  acknowledged: boolean
}

/** Everything that is wrong with the history of one key. `initial`: the value before any write; 0 or 1 unless told. */
export function checkRegister(operations: readonly RegisterOperation[], initial?: number): readonly RegisterViolation[] {
  const register = new ZoneRegister(0, initial)
  operations.forEach(({ kind, value, start, end, status }, op) => {
    const call = { op, value, startNanos: start, endNanos: status === 'info' ? Number.POSITIVE_INFINITY : end }
    if (kind === 'read') {
      if (status === 'ok') register.read(call)
    } else if (status === 'fail') register.failed(call)
    else register.write(call)
  })
  return register.findings().violations
}

/**
 * Linearizability of a register whose writes are told apart by their value and by nothing else, by zones: Gibbons and
 * Korach, "Testing shared memories", SIAM J. Comput. 26(4), 1997; Golab, Li and Shah, "Analyzing consistency properties
 * for fun and profit", PODC 2011. Exact, O(n log n), where the general search is exponential; a few numbers a value.
 */
export class ZoneRegister implements KeyRegister {
  operations = 0
  observations = 0
  readonly #key: number
  readonly #zones = new Map<number, Zone>()
  readonly #initial: number | undefined
  /** When writes began of which neither outcome nor value is known. */
  readonly #unknownStarts: number[] = []
  #firstWriteEnd = Number.POSITIVE_INFINITY

  constructor(key: number, initial?: number) {
    this.#key = key
    this.#initial = initial
  }

  read(read: RegisterCall): void {
    this.operations++
    if (this.#firstWriteEnd < read.startNanos) this.observations++
    const zone = this.#zone(read.value)
    zone.firstReadEnd = Math.min(zone.firstReadEnd, read.endNanos)
    include(zone, read)
  }

  write(write: RegisterCall): void {
    this.operations++
    if (Number.isNaN(write.value)) {
      this.#unknownStarts.push(write.startNanos)
      return
    }
    const zone = this.#zone(write.value)
    zone.writes++
    zone.write = write
    zone.writeStart = write.startNanos
    zone.acknowledged = write.endNanos !== Number.POSITIVE_INFINITY
    this.#firstWriteEnd = Math.min(this.#firstWriteEnd, write.endNanos)
    include(zone, write)
  }

  /** A write that certainly had no effect. */
  failed(write: RegisterCall): void {
    if (!Number.isNaN(write.value)) this.#zone(write.value).failed = true
  }

  finish(): RegisterVerdict {
    const { violations, repeated } = this.findings()
    const [violation] = violations
    if (violation) return { kind: 'conflict', steps: this.#stepsOf(violation) }
    return { kind: repeated.length > 0 ? 'ambiguous' : 'linearizable' }
  }

  findings(): RegisterFindings {
    const violations: RegisterViolation[] = []
    const repeated: number[] = []
    const zones: Zone[] = []
    const unwritten: Zone[] = []
    const initial = this.#initialValue()
    for (const zone of this.#zones.values()) {
      const wasRead = zone.firstReadEnd !== Number.POSITIVE_INFINITY
      const origins = zone.writes + (zone.value === initial ? 1 : 0)
      if (origins > 1) repeated.push(zone.value)
      else if (zone.value === initial) zones.push(zone)
      else if (origins === 0) {
        if (!wasRead) continue
        if (zone.failed) violations.push({ kind: 'aborted read', value: zone.value })
        else unwritten.push(zone)
      } else if (zone.firstReadEnd < zone.writeStart) violations.push({ kind: 'future read', value: zone.value })
      else if (zone.acknowledged || wasRead) zones.push(zone)
    }
    this.#assignUnknown(unwritten, zones, violations)
    // It was there before anything began.
    for (const zone of zones) if (zone.value === initial) zone.firstEnd = Number.NEGATIVE_INFINITY
    const conflict = firstConflict(zones)
    if (conflict) violations.push(conflict)
    return { violations, repeated }
  }

  /** One of the writes of unknown value may have written it, each once; that it was the earliest is the most lenient choice. */
  #assignUnknown(unwritten: readonly Zone[], zones: Zone[], violations: RegisterViolation[]): void {
    const starts = [...this.#unknownStarts].sort((a, b) => a - b)
    const byEnd = [...unwritten].sort((a, b) => a.firstReadEnd - b.firstReadEnd)
    for (const [place, zone] of byEnd.entries()) {
      const start = starts[place]
      if (start === undefined) violations.push({ kind: 'phantom', value: zone.value })
      else if (zone.firstReadEnd < start) violations.push({ kind: 'future read', value: zone.value })
      else {
        zone.lastStart = Math.max(zone.lastStart, starts[0]!)
        zones.push(zone)
      }
    }
  }

  /** What is not told is 1, or where that was written, the 0 before it. */
  #initialValue(): number | undefined {
    if (this.#initial !== undefined) return this.#initial
    const isWritten = (value: number) => (this.#zones.get(value)?.writes ?? 0) > 0
    return isWritten(1) ? (isWritten(0) ? undefined : 0) : 1
  }

  #zone(value: number): Zone {
    let zone = this.#zones.get(value)
    if (zone === undefined) {
      zone = emptyZone(value)
      this.#zones.set(value, zone)
    }
    return zone
  }

  #stepsOf({ kind, value, other }: RegisterViolation): string[] {
    const calls = new Map<RegisterCall, 'read' | 'write'>()
    for (const zone of [this.#zones.get(value), other === undefined ? undefined : this.#zones.get(other)]) {
      for (const call of [zone?.write, zone?.first, zone?.last]) if (call) calls.set(call, call === zone?.write ? 'write' : 'read')
    }
    const steps = [...calls].sort(([a], [b]) => a.startNanos - b.startNanos).map(([call, of]) => callInWords(this.#key, of, call))
    return [...steps, other === undefined ? kind : `versions ${value} and ${other} can't be put in any order`]
  }
}

function emptyZone(value: number): Zone {
  return {
    value,
    firstEnd: Number.POSITIVE_INFINITY,
    lastStart: Number.NEGATIVE_INFINITY,
    first: undefined,
    last: undefined,
    firstReadEnd: Number.POSITIVE_INFINITY,
    writes: 0,
    failed: false,
    writeStart: Number.NEGATIVE_INFINITY,
    write: undefined,
    acknowledged: false,
  }
}

function include(zone: Zone, call: RegisterCall): void {
  if (call.endNanos < zone.firstEnd) {
    zone.firstEnd = call.endNanos
    zone.first = call
  }
  if (call.startNanos > zone.lastStart) {
    zone.lastStart = call.startNanos
    zone.last = call
  }
}

/** Two zones conflict iff each ends (first) before the other starts (last): neither value can come wholly first. */
function firstConflict(zones: Zone[]): RegisterViolation | undefined {
  zones.sort((a, b) => a.firstEnd - b.firstEnd)
  // Of the zones before each position the one that starts last. Of two in conflict the one that starts first has the other
  // before its start, and finds that or one that starts later still: both are in conflict with it.
  const best: (Zone | undefined)[] = [undefined]
  for (const [i, zone] of zones.entries()) {
    const top = best[i]
    best.push(top === undefined || zone.lastStart > top.lastStart ? zone : top)
  }
  for (const zone of zones) {
    const later = best[countBelow(zones, zone.lastStart)]
    if (later !== undefined && later !== zone && later.lastStart > zone.firstEnd) return { kind: 'conflict', value: later.value, other: zone.value }
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
