import type { ClassMeasurement, Latency } from '../../measure/run-result.ts'
import { countInWords, nanosInWords } from '../../measure/words.ts'
import { mergedCounts, mergedLatency } from '../summary/figures.ts'
import { countsInWords } from '../text/counts-in-words.ts'
import { dataTable, type TableRow } from './data-table.ts'
import { type Html, html } from './html.ts'

const LAYERS = [
  ['app', 'Operations of the application, due to answered'],
  ['cache', 'Calls to the cache under them, sent to answered'],
  ['database', 'Calls to the database under them, sent to answered'],
  ['probe', 'Probes, sent to answered'],
] as const

const PERCENTILES = ['50', '90', '99', '99.9', '99.99'] as const

/** Every class of operation: how many, and how long they took. Each entry of `classes` is one class in its blocks. */
export function classTable(name: string, classes: readonly (readonly ClassMeasurement[])[]): Html {
  const groups = LAYERS.flatMap(([layer, title]) => {
    const rows = classes.filter(([first]) => first!.layer === layer)
    return rows.length === 0 ? [] : [{ title, rows: rows.map(classRow) }]
  })
  return dataTable({
    caption: `${name}: latency by class of operation`,
    columns: [
      { title: 'Class' },
      { title: 'ok', figure: true },
      { title: 'fail', figure: true },
      { title: 'info', figure: true, explanation: 'Outcome unknown' },
      ...PERCENTILES.map((p) => ({ title: `p${p}`, figure: true })),
      { title: 'max', figure: true },
      { title: 'service p50', figure: true, explanation: 'Sent to answered, where it differs from due to answered' },
      { title: 'lag p50', figure: true, explanation: 'Due to sent' },
      { title: 'Errors' },
    ],
    groups,
  })
}

function classRow(blocks: readonly ClassMeasurement[]): TableRow {
  const count = (pick: (one: ClassMeasurement) => number) => countInWords(blocks.reduce((sum, one) => sum + pick(one), 0))
  const latency = mergedLatency(blocks)
  const due = blocks.some((one) => one.response !== undefined)
  const service = due ? mergedLatency(blocks.map(({ service }) => ({ ...(service && { service }) }))) : undefined
  const lag = mergedLatency(blocks.map(({ lag }) => ({ ...(lag && { service: lag }) })))
  return {
    label: blocks[0]!.name,
    values: [
      count((one) => one.ok),
      count((one) => one.fail),
      count((one) => one.info),
      ...PERCENTILES.map((p) => percentile(latency, p)),
      latency ? nanosInWords(latency.maxNanos) : '–',
      percentile(service, '50'),
      percentile(lag, '50'),
      html`<span class="codes">${countsInWords(mergedCounts(blocks.map((one) => one.errors)))}</span>`,
    ],
  }
}

function percentile(latency: Latency | undefined, p: string): string {
  const nanos = latency?.percentilesNanos[p]
  return nanos === undefined ? '–' : nanosInWords(nanos)
}
