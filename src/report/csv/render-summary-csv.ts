import type { RunResult } from '../../measure/run-result.ts'
import { groupCells } from '../summary/cell-group.ts'
import { HEADLINE_COLUMNS, headlineRow } from '../summary/headline.ts'
import { csvLine } from './csv-line.ts'

/** The headline table for a spreadsheet: a line a row, units in the column names, empty where there is nothing to say. */
export function renderSummaryCsv(result: Pick<RunResult, 'cells'>): string {
  const header = ['workload', 'pattern', 'role', 'target', 'engine', 'version', 'client', 'blocks', 'notApplicable', 'generatorLimited']
  const lines = groupCells(result).flatMap(({ groups }) =>
    groups.map((group) => {
      const row = headlineRow(group)
      const [first] = group.cells
      const { figures } = row
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
        ...HEADLINE_COLUMNS.map((column) => (figures ? column.value(figures) : null)),
      ])
    }),
  )
  return `${[csvLine([...header, ...HEADLINE_COLUMNS.map((column) => column.name)]), ...lines].join('\r\n')}\r\n`
}
