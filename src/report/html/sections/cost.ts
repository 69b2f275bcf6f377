import { metricNamed } from '../../../measure/metrics/catalogue.ts'
import { figureInWords } from '../../../measure/metrics/figure-in-words.ts'
import { measureFigure } from '../../../measure/metrics/measure-figure.ts'
import type { Metric } from '../../../measure/metrics/metric.ts'
import { sampleOf } from '../../../measure/metrics/sample.ts'
import { callsOf, totalOf } from '../../../measure/metrics/tally-sums.ts'
import { bytesInWords, countInWords, rateInWords } from '../../../measure/words.ts'
import { dataTable, type TableColumn } from '../data-table.ts'
import { html } from '../html.ts'
import { measuredCells, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

const BEFORE = ['round_trips', 'bytes_per_operation', 'miss_penalty'].map(metricNamed)
const AFTER = ['never_read'].map(metricNamed)

function column({ head, summary }: Metric): TableColumn {
  return { title: head, figure: true, explanation: summary }
}

/** What a strategy costs to run: network, database, memory, code. */
export function costSection(view: RunView): Section | undefined {
  const workloads = view.workloads
    .map(({ workload, groups }) => ({
      workload,
      groups: groups.filter((group) => measuredCells(group).some((cell) => cell.wire !== undefined)),
    }))
    .filter(({ groups }) => groups.length > 0)
  if (workloads.length === 0) return undefined
  return {
    id: 'cost',
    title: 'Cost',
    folded: 'round trips, bytes, database load, memory, code',
    body: html`<p class="lead">What each strategy asks of the network, the database, the memory of the cache, and of whoever maintains the code.</p>
${dataTable({
  caption: 'Cost of each workload on each target, all blocks together',
  quiet: true,
  columns: [
    { title: 'Workload, target' },
    ...BEFORE.map(column),
    { title: 'db reads', figure: true },
    { title: 'db writes', figure: true },
    { title: 'db load', figure: true, explanation: 'Database reads and writes a second' },
    { title: 'stored', figure: true },
    ...AFTER.map(column),
    { title: 'code paths', figure: true, explanation: 'Different ways through the pattern’s code' },
  ],
  groups: workloads.map(({ workload, groups }) => ({
    title: workload,
    rows: groups.map((group) => {
      const cells = measuredCells(group)
      const sample = sampleOf(cells)
      const words = (metric: Metric) => figureInWords(measureFigure(metric, sample), metric.unit)
      const seconds = sample.measuredNanos / 1e9
      const stored = cells.reduce((total, { wire }) => total + (wire?.storedBytes ?? 0), 0)
      return {
        label: html`<a href="#${group.anchor}">${group.label}</a>`,
        values: [
          ...BEFORE.map(words),
          countInWords(totalOf(callsOf(sample, 'database', 'read'))),
          countInWords(totalOf(callsOf(sample, 'database', 'write'))),
          seconds > 0 ? rateInWords(totalOf(callsOf(sample, 'database')) / seconds) : '–',
          bytesInWords(stored),
          ...AFTER.map(words),
          String(cells[0]!.codePaths),
        ],
      }
    }),
  })),
})}`,
  }
}
