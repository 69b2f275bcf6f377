import { HEADLINE } from '../../measure/metrics/catalogue.ts'
import type { Metric, MetricUnit } from '../../measure/metrics/metric.ts'
import type { RunResult } from '../../measure/run-result.ts'
import { groupCells } from '../summary/cell-group.ts'
import { figureOf, headlineRow } from '../summary/headline.ts'
import { csvLine } from './csv-line.ts'

/**
 * The headline table for a spreadsheet: a line a row, units in the column names, empty where there is nothing to say.
 * Latencies have two columns, since operations of unknown outcome make them bounds; one without an upper bound is empty.
 */
export function renderSummaryCsv(result: Pick<RunResult, 'cells'>): string {
  const header = ['workload', 'pattern', 'role', 'target', 'engine', 'version', 'client', 'blocks', 'notApplicable', 'generatorLimited']
  const lines = groupCells(result).flatMap(({ groups }) =>
    groups.map((group) => {
      const row = headlineRow(group)
      const [first] = group.cells
      return csvLine([
        group.workload,
        first.pattern,
        group.role,
        first.target.label,
        first.target.engine,
        first.target.version,
        first.client,
        group.cells.length,
        row.notApplicable ?? '',
        row.generatorLimited ? 'yes' : 'no',
        ...HEADLINE.flatMap((metric) => {
          const { low = null, high = null } = figureOf(row, metric.name)
          return isBounded(metric) ? [low, high] : [low]
        }),
      ])
    }),
  )
  return `${[csvLine([...header, ...HEADLINE.flatMap(namesOf)]), ...lines].join('\r\n')}\r\n`
}

/** "hit_ratio"; "read.p99.nanos.min" and "read.p99.nanos.max". */
function namesOf(metric: Metric): string[] {
  const name = `${metric.name}${UNITS[metric.unit]}`
  return isBounded(metric) ? [`${name}.min`, `${name}.max`] : [name]
}

function isBounded({ unit }: Metric): boolean {
  return unit === 'nanos'
}

const UNITS: Readonly<Record<MetricUnit, string>> = { nanos: '.nanos', rate: '.perSecond', bytes: '.bytes', ratio: '', count: '', number: '' }
