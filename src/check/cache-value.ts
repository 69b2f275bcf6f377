import type { HistoryColumns } from '../measure/history.ts'
import type { CacheValue, Cell, ClassMeasurement } from '../measure/run-result.ts'
import { measuredPhaseCodes } from './measured-phases.ts'
import { isHitClass, isMissClass, isPlain } from './operation-kind.ts'
import { CACHE, codesOf, OK } from './rows.ts'

/** What the recorder counted at the wire over the measured phases, where a history does not hold every row. */
export interface WireTotals {
  readonly bytesOut: number
  readonly bytesIn: number
  /** Bytes of commands that stored a value. */
  readonly storedBytes: number
}

/**
 * What the cache was worth over the measured phases. Counts and latencies come from the classes, which are complete
 * at every history level; bytes and what became of stored values need every row (`columns` of a full history), or at
 * least the recorder's totals. Undefined when bytes can't be known. Stored bytes are those of the storing commands on
 * the wire: key and protocol included.
 */
export function measureCacheValue(
  cell: Pick<Cell, 'classes' | 'events'>,
  columns: HistoryColumns | undefined,
  totals?: WireTotals,
): CacheValue | undefined {
  const wire = columns ? wireTotals(cell, columns) : totals && { ...totals, neverReadBytes: null }
  if (wire === undefined) return undefined
  const app = cell.classes.filter((one) => one.layer === 'app')
  const reads = sum(app.filter((one) => one.kind === 'read'))
  const hits = sum(app.filter((one) => isHitClass(one.name)))
  const misses = sum(app.filter((one) => isMissClass(one.name)))
  const databaseReads = calls(cell.classes, 'database', 'read')
  const databaseWrites = calls(cell.classes, 'database', 'write')
  const operations = app.reduce((total, one) => total + one.ok + one.fail + one.info, 0)
  const cacheCalls = cell.classes.filter((one) => one.layer === 'cache').reduce((total, one) => total + one.ok + one.fail + one.info, 0)
  const hitMean = meanResponse(app.filter((one) => isHitClass(one.name) && isPlain(one.name)))
  const missMean = meanResponse(app.filter((one) => isMissClass(one.name) && isPlain(one.name)))
  const hasDatabase = cell.classes.some((one) => one.layer === 'database')
  return {
    reads,
    hits,
    misses,
    hitRatio: hits + misses === 0 ? null : hits / (hits + misses),
    missPenaltyNanos: hitMean === undefined || missMean === undefined ? null : missMean - hitMean,
    databaseReads,
    databaseWrites,
    databaseOffload: reads === 0 || !hasDatabase ? null : 1 - databaseReads / reads,
    roundTrips: operations === 0 ? 0 : cacheCalls / operations,
    ...wire,
  }
}

/** Mean response time of several classes together; undefined when none has one. Means of counts add up exactly. */
export function meanResponse(classes: readonly ClassMeasurement[]): number | undefined {
  let count = 0
  let total = 0
  for (const { response } of classes) {
    if (response === undefined) continue
    count += response.count
    total += response.count * response.meanNanos
  }
  return count === 0 ? undefined : total / count
}

function sum(classes: readonly ClassMeasurement[]): number {
  return classes.reduce((total, one) => total + one.ok, 0)
}

function calls(classes: readonly ClassMeasurement[], layer: ClassMeasurement['layer'], kind: ClassMeasurement['kind']): number {
  return classes.filter((one) => one.layer === layer && one.kind === kind).reduce((total, one) => total + one.ok + one.fail + one.info, 0)
}

function wireTotals(cell: Pick<Cell, 'events'>, columns: HistoryColumns): WireTotals & { readonly neverReadBytes: number } {
  const { layer, status, fn, outcome, key, phase, bytesOut, bytesIn } = columns
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
    if (layer[row] !== CACHE) continue
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
