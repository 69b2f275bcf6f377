import type { Cell } from '../../measure/run-result.ts'
import { cellSettings } from '../cell-settings.ts'
import { FAULT, type FactorSource, type Factors, factorsOf } from './factors.ts'

/** One cell that takes part in a comparison: planned, or run. */
export interface Subject {
  readonly factors: Factors
  readonly isWithoutCache: boolean
  /** What it is under, by component: subjects that agree in all of them can be compared. */
  readonly load: Readonly<Record<string, string>>
  /** Reads and writes of rows, or what the pattern is called: no two of these do the same work. */
  readonly work: string
  readonly measures: Measures
}

/** What can be measured of it at all, so that nothing is tested that cannot come to anything. */
export interface Measures {
  readonly database: boolean
  /** Ids of the checkers that will read its history. */
  readonly checks: readonly string[]
  readonly hasHistory: boolean
}

export const NO_CACHE = 'no cache'
/** Reads and writes of a database's rows. */
export const ROWS = 'rows'

export function subjectOf(source: FactorSource & { readonly isWithoutCache: boolean; readonly measures: Measures }): Subject {
  const { settings, pattern } = source
  const read = cellSettings({ settings })
  const isRows = 'writeRatio' in read.settings
  const factors = factorsOf(source)
  return {
    factors,
    isWithoutCache: source.isWithoutCache,
    work: isRows ? ROWS : pattern,
    load: {
      keys: JSON.stringify(read.keys),
      values: JSON.stringify(read.values),
      load: JSON.stringify(read.load),
      phases: JSON.stringify(read.phases),
      writes: JSON.stringify([read.settings['writeRatio'], read.settings['writePopularity']]),
      'database.latency': factors['database.latency'] ?? '',
      // The database alone is asked by one instance, whatever the application has.
      instances: source.isWithoutCache ? '' : (factors['instances'] ?? ''),
      [FAULT]: factors[FAULT] ?? '',
    },
    measures: source.measures,
  }
}

/** A cell of a run, with what it kept of its factors; those of an older run are read from its settings. */
export function subjectOfCell(cell: Cell): Subject {
  const isWithoutCache = cell.role === 'baseline'
  const subject = subjectOf({
    workload: cell.workload,
    pattern: cell.pattern,
    target: isWithoutCache ? NO_CACHE : cell.target.label,
    client: cell.client,
    settings: cell.settings,
    isWithoutCache,
    measures: { database: cell.database !== undefined, checks: cell.checks ?? [], hasHistory: cell.history.level !== 'off' },
  })
  return { ...subject, factors: cell.factors ?? subject.factors }
}
