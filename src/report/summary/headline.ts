import type { Latency } from '../../measure/run-result.ts'
import { countInWords, nanosInWords, rateInWords, shareInWords } from '../../measure/words.ts'
import type { CellGroup } from './cell-group.ts'
import { type Figures, figuresOf } from './figures.ts'

/** One column of the headline table, in every form it is shown: page, terminal, Markdown, CSV, comparison. */
export interface HeadlineColumn {
  /** "readP99Nanos": the name in CSV, with its unit. */
  readonly name: string
  /** "read p99": the name a person reads. */
  readonly title: string
  readonly explanation: string
  /** Null: nothing to say here. */
  readonly value: (figures: Figures) => number | null
  readonly words: (value: number, figures: Figures) => string
  /** What to say instead of a missing value, if there is something near it. */
  readonly instead?: (figures: Figures) => string | undefined
  /** Which way is better; `none` where neither is. */
  readonly better: 'more' | 'less' | 'none'
}

export const HEADLINE_COLUMNS: readonly HeadlineColumn[] = [
  {
    name: 'achievedPerSecond',
    title: 'rate',
    explanation: 'Operations completed a second, in the measured phases.',
    value: (figures) => (figures.operations > 0 ? figures.achievedPerSecond : null),
    words: rateInWords,
    better: 'more',
  },
  {
    name: 'errors',
    title: 'errors',
    explanation: 'Operations that failed or whose outcome is unknown.',
    value: (figures) => figures.failed + figures.unknown,
    words: countInWords,
    better: 'less',
  },
  latencyColumn('readP50Nanos', 'read p50', 'Median response time of reads, hits and misses together.', (figures) => figures.read, '50'),
  latencyColumn('readP99Nanos', 'read p99', '99 of 100 reads were answered within this time.', (figures) => figures.read, '99'),
  latencyColumn('writeP50Nanos', 'write p50', 'Median response time of writes.', (figures) => figures.write, '50'),
  latencyColumn('writeP99Nanos', 'write p99', '99 of 100 writes were answered within this time.', (figures) => figures.write, '99'),
  {
    name: 'hitRatio',
    title: 'hit ratio',
    explanation: 'Hits of all look-ups in the cache.',
    value: (figures) => figures.hitRatio,
    words: shareInWords,
    better: 'more',
  },
  {
    name: 'databaseOffload',
    title: 'offload',
    explanation: 'Database offload: 1 − database reads / application reads.',
    value: (figures) => figures.databaseOffload,
    words: shareInWords,
    better: 'more',
  },
  {
    name: 'staleRatio',
    title: 'stale',
    explanation: 'Reads that were stale for certain, of all that could be judged.',
    value: (figures) => figures.staleRatio,
    words: shareInWords,
    better: 'less',
  },
  {
    name: 'lost',
    title: 'lost',
    explanation: 'Acknowledged and gone: sessions of a session store, increments of a leaderboard.',
    value: (figures) => figures.lost,
    words: (value, figures) => (value === 0 ? '0' : `${countInWords(value)} ${value === 1 ? figures.lostUnit.replace(/s$/, '') : figures.lostUnit}`),
    better: 'less',
  },
  {
    name: 'roundTripsPerOperation',
    title: 'trips/op',
    explanation: 'Round trips to the cache for each operation of the application.',
    value: (figures) => figures.roundTrips,
    words: (value) => value.toFixed(2),
    better: 'less',
  },
]

function latencyColumn(
  name: string,
  title: string,
  explanation: string,
  latency: (figures: Figures) => Figures['read'],
  percentile: string,
): HeadlineColumn {
  return {
    name,
    title,
    explanation,
    value: (figures) => latency(figures)?.percentilesNanos[percentile] ?? null,
    words: nanosInWords,
    instead: (figures) => highestPrintable(latency(figures)),
    better: 'less',
  }
}

/** One row: its figures, and what must be said beside them. */
export interface HeadlineRow {
  readonly group: CellGroup
  /** Undefined when the pattern does not apply to the target. */
  readonly figures: Figures | undefined
  readonly notApplicable: string | undefined
  /** The generator was the bottleneck in some block. */
  readonly generatorLimited: boolean
  readonly endedEarly: string | undefined
}

export function headlineRow(group: CellGroup): HeadlineRow {
  const { cells } = group
  const notApplicable = cells.find((cell) => cell.notApplicable !== undefined)?.notApplicable
  return {
    group,
    figures: notApplicable === undefined ? figuresOf(group) : undefined,
    notApplicable,
    generatorLimited: notApplicable === undefined && cells.some((cell) => cell.audit.generatorLimited),
    endedEarly: cells.find((cell) => cell.endedEarly !== undefined)?.endedEarly,
  }
}

/** Columns in which at least one row has something to say. */
export function usedColumns(rows: readonly HeadlineRow[]): readonly HeadlineColumn[] {
  return HEADLINE_COLUMNS.filter((column) =>
    rows.some((row) => row.figures && (column.value(row.figures) !== null || column.instead?.(row.figures) !== undefined)),
  )
}

/** The text of a field of the table: the value, what stands in for it, or a dash. */
export function fieldText(column: HeadlineColumn, figures: Figures): string {
  const value = column.value(figures)
  return value === null ? (column.instead?.(figures) ?? '–') : column.words(value, figures)
}

/** "p90 3.1 ms": the outermost percentile there are enough values for, if it is beyond the median. */
function highestPrintable(latency: Latency | undefined): string | undefined {
  const known = Object.entries(latency?.percentilesNanos ?? {}).sort(([a], [b]) => Number(b) - Number(a))[0]
  return known && known[0] !== '50' ? `p${known[0]} ${nanosInWords(known[1])}` : undefined
}
