import { latencyOf, mergedHistogram } from '../../measure/latency.ts'
import type { Cell, ClassMeasurement, Latency } from '../../measure/run-result.ts'
import type { CellGroup } from './cell-group.ts'

/** What a row of the headline table says of a group's blocks together. Null: not measured, or it does not apply. */
export interface Figures {
  readonly achievedPerSecond: number
  readonly offeredPerSecond: number | null
  readonly read: Latency | undefined
  readonly write: Latency | undefined
  readonly hitRatio: number | null
  readonly databaseOffload: number | null
  readonly missPenaltyNanos: number | null
  readonly staleRatio: number | null
  /** "sessions" of a session store, "increments" of a leaderboard; lost although they were acknowledged. */
  readonly lost: number | null
  readonly lostUnit: string
  readonly roundTrips: number | null
  readonly bytesPerOperation: number | null
  readonly neverReadShare: number | null
  readonly operations: number
  readonly failed: number
  readonly unknown: number
  readonly errors: Readonly<Record<string, number>>
}

export function figuresOf(group: CellGroup): Figures {
  const { cells } = group
  const app = cells.flatMap((cell) => cell.classes.filter((one) => one.layer === 'app'))
  const count = (pick: (one: ClassMeasurement) => number) => sum(app.map(pick))
  const operations = count((one) => one.ok + one.fail + one.info)
  const value = cells.flatMap((cell) => cell.cacheValue ?? [])
  const total = (pick: (one: (typeof value)[number]) => number) => sum(value.map(pick))
  const stale = cells.flatMap((cell) => cell.staleness ?? [])
  const judged = sum(stale.map((one) => one.judgedReads))
  const reads = total((one) => one.reads)
  const lookups = total((one) => one.hits + one.misses)
  const stored = total((one) => one.storedBytes)
  const penalties = value.flatMap((one) => one.missPenaltyNanos ?? [])
  return {
    achievedPerSecond: mean(cells.map((cell) => cell.audit.achievedPerSecond)) ?? 0,
    offeredPerSecond: mean(cells.flatMap((cell) => cell.audit.offeredPerSecond ?? [])),
    read: mergedLatency(app.filter((one) => one.kind === 'read')),
    write: mergedLatency(app.filter((one) => one.kind === 'write')),
    hitRatio: lookups > 0 && value.some((one) => one.hitRatio !== null) ? total((one) => one.hits) / lookups : null,
    databaseOffload: value.some((one) => one.databaseOffload !== null) && reads > 0 ? 1 - total((one) => one.databaseReads) / reads : null,
    missPenaltyNanos: mean(penalties),
    staleRatio: judged > 0 ? sum(stale.map((one) => one.staleReads)) / judged : null,
    ...lostOf(cells),
    roundTrips: mean(value.map((one) => one.roundTrips)),
    bytesPerOperation: value.length > 0 && operations > 0 ? total((one) => one.bytesOut + one.bytesIn) / operations : null,
    neverReadShare: stored > 0 && value.every((one) => one.neverReadBytes !== null) ? total((one) => one.neverReadBytes ?? 0) / stored : null,
    operations,
    failed: count((one) => one.fail),
    unknown: count((one) => one.info),
    errors: mergedCounts(app.map((one) => one.errors)),
  }
}

/** Due -> answered where there is a due time, else sent -> answered, of several classes together. */
export function mergedLatency(classes: readonly Pick<ClassMeasurement, 'response' | 'service'>[]): Latency | undefined {
  const known = classes.flatMap((one) => one.response ?? one.service ?? [])
  return known.length <= 1 ? known[0] : latencyOf(mergedHistogram(known))
}

function lostOf(cells: readonly Cell[]): Pick<Figures, 'lost' | 'lostUnit'> {
  const sessions = cells.flatMap((cell) => cell.sessions ?? [])
  if (sessions.length > 0) return { lost: sum(sessions.map((one) => one.lostSessions)), lostUnit: 'sessions' }
  const boards = cells.flatMap((cell) => cell.leaderboard ?? [])
  if (boards.length > 0) return { lost: sum(boards.map((one) => one.lostIncrements)), lostUnit: 'increments' }
  return { lost: null, lostUnit: '' }
}

export function mergedCounts(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const counts = new Map<string, number>()
  for (const record of records) for (const [code, count] of Object.entries(record)) counts.set(code, (counts.get(code) ?? 0) + count)
  // Most frequent first; by code where equal.
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : sum(values) / values.length
}
