import { latencyOf, mergedHistogram } from '../measure/latency.ts'
import type { Cell, ClassMeasurement, Latency } from '../measure/run-result.ts'

export type ComparedFigureName =
  | 'achievedPerSecond'
  | 'readP50Nanos'
  | 'readP99Nanos'
  | 'writeP50Nanos'
  | 'writeP99Nanos'
  | 'hitRatio'
  | 'databaseOffload'
  | 'missPenaltyNanos'
  | 'staleRatio'
  | 'roundTripsPerOperation'
  | 'bytesPerOperation'
  | 'failedShare'

/** A figure that is compared between runs, and how it is read. */
export interface ComparedFigureKind {
  readonly name: ComparedFigureName
  /** "read p99" */
  readonly title: string
  readonly unit: 'nanos' | 'perSecond' | 'share' | 'bytes' | 'number'
  readonly better: 'more' | 'less' | 'none'
}

/** In the order of the table. Latencies are response times (due -> answered) of the application's operations. */
export const COMPARED_FIGURES: readonly ComparedFigureKind[] = [
  { name: 'achievedPerSecond', title: 'rate', unit: 'perSecond', better: 'more' },
  { name: 'readP50Nanos', title: 'read p50', unit: 'nanos', better: 'less' },
  { name: 'readP99Nanos', title: 'read p99', unit: 'nanos', better: 'less' },
  { name: 'writeP50Nanos', title: 'write p50', unit: 'nanos', better: 'less' },
  { name: 'writeP99Nanos', title: 'write p99', unit: 'nanos', better: 'less' },
  { name: 'hitRatio', title: 'hit ratio', unit: 'share', better: 'more' },
  { name: 'databaseOffload', title: 'database offload', unit: 'share', better: 'more' },
  { name: 'missPenaltyNanos', title: 'miss penalty', unit: 'nanos', better: 'none' },
  { name: 'staleRatio', title: 'stale reads', unit: 'share', better: 'less' },
  { name: 'roundTripsPerOperation', title: 'round trips/op', unit: 'number', better: 'less' },
  { name: 'bytesPerOperation', title: 'bytes/op', unit: 'bytes', better: 'less' },
  { name: 'failedShare', title: 'failed or unknown', unit: 'share', better: 'less' },
]

/** The figures of one cell, which is one block. Null: not measured, too few values for the percentile, or it does not apply. */
export function figuresOfCell(cell: Cell): Readonly<Record<ComparedFigureName, number | null>> {
  const app = cell.classes.filter(({ layer }) => layer === 'app')
  const operations = sum(app.map(({ ok, fail, info }) => ok + fail + info))
  const reads = merged(app.filter(({ kind }) => kind === 'read'))
  const writes = merged(app.filter(({ kind }) => kind === 'write'))
  const value = cell.cacheValue
  return {
    achievedPerSecond: operations > 0 ? cell.audit.achievedPerSecond : null,
    readP50Nanos: percentile(reads, '50'),
    readP99Nanos: percentile(reads, '99'),
    writeP50Nanos: percentile(writes, '50'),
    writeP99Nanos: percentile(writes, '99'),
    hitRatio: value?.hitRatio ?? null,
    databaseOffload: value?.databaseOffload ?? null,
    missPenaltyNanos: value?.missPenaltyNanos ?? null,
    staleRatio: cell.staleness?.staleRatio ?? null,
    roundTripsPerOperation: value?.roundTrips ?? null,
    bytesPerOperation: value !== undefined && operations > 0 ? (value.bytesOut + value.bytesIn) / operations : null,
    failedShare: operations > 0 ? sum(app.map(({ fail, info }) => fail + info)) / operations : null,
  }
}

function merged(classes: readonly ClassMeasurement[]): Latency | undefined {
  const known = classes.flatMap(({ response, service }) => response ?? service ?? [])
  if (known.length <= 1) return known[0]
  return latencyOf(mergedHistogram(known))
}

function percentile(latency: Latency | undefined, name: string): number | null {
  return latency?.percentilesNanos[name] ?? null
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
