import { codesOf } from '../../measure/metrics/tally-sums.ts'
import type { ClassMeasurement, Latency } from '../../measure/run-result.ts'
import { countInWords, nanosInWords } from '../../measure/words.ts'
import { mergedLatency } from '../summary/merged-latency.ts'
import { countsInWords } from '../text/counts-in-words.ts'
import { dataTable, type TableColumn } from './data-table.ts'
import { type Html, type HtmlValue, html } from './html.ts'

const LAYERS = [
  ['app', 'Operations of the application, due to answered'],
  ['cache', 'Calls to the cache under them, sent to answered'],
  ['database', 'Calls to the database under them, sent to answered'],
  ['probe', 'Probes, sent to answered'],
] as const

/** A class of operation with its blocks counted together. */
interface ClassFigures {
  readonly name: string
  readonly layer: ClassMeasurement['layer']
  readonly ok: number
  readonly fail: number
  readonly info: number
  readonly latency: Latency | undefined
  /** Sent to answered and due to sent, where there is a due time. */
  readonly service: Latency | undefined
  readonly lag: Latency | undefined
  /** How long those had waited whose outcome nobody knows. */
  readonly waited: Latency | undefined
  readonly errors: Readonly<Record<string, number>>
}

interface Column extends TableColumn {
  readonly field: (figures: ClassFigures) => HtmlValue
  /** Shown even if it says nothing of any class. */
  readonly always?: boolean
}

const DASH = '–'

const COLUMNS: readonly Column[] = [
  { title: 'ok', figure: true, always: true, field: ({ ok }) => countInWords(ok) },
  { title: 'fail', figure: true, always: true, field: ({ fail }) => countInWords(fail) },
  { title: 'info', figure: true, always: true, explanation: 'Outcome unknown', field: ({ info }) => countInWords(info) },
  ...['50', '90', '99', '99.9', '99.99'].map((p): Column => ({ title: `p${p}`, figure: true, field: ({ latency }) => percentile(latency, p) })),
  { title: 'max', figure: true, field: ({ latency }) => (latency ? nanosInWords(latency.maxNanos) : DASH) },
  { title: 'service p50', figure: true, explanation: 'Sent to answered', field: ({ service }) => percentile(service, '50') },
  { title: 'lag p50', figure: true, explanation: 'Due to sent', field: ({ lag }) => percentile(lag, '50') },
  { title: 'waited p50', figure: true, explanation: 'Of unknown outcome: how long they had waited', field: ({ waited }) => percentile(waited, '50') },
  {
    title: 'Errors',
    field: ({ errors }) => (Object.keys(errors).length === 0 ? DASH : html`<span class="codes">${countsInWords(errors)}</span>`),
  },
]

/** Every class of operation: how many, and how long they took. Each entry of `classes` is one class in its blocks. */
export function classTable(name: string, classes: readonly (readonly ClassMeasurement[])[]): Html {
  const figures = classes.map(classFigures)
  const columns = COLUMNS.filter((column) => column.always || figures.some((one) => column.field(one) !== DASH))
  return dataTable({
    caption: `${name}: latency by class of operation`,
    columns: [{ title: 'Class' }, ...columns],
    groups: LAYERS.flatMap(([layer, title]) => {
      const rows = figures.filter((one) => one.layer === layer)
      return rows.length === 0 ? [] : [{ title, rows: rows.map((one) => ({ label: one.name, values: columns.map((column) => column.field(one)) })) }]
    }),
  })
}

function classFigures(blocks: readonly ClassMeasurement[]): ClassFigures {
  const count = (pick: (one: ClassMeasurement) => number) => blocks.reduce((sum, one) => sum + pick(one), 0)
  const only = (pick: (one: ClassMeasurement) => Latency | undefined) =>
    mergedLatency(
      blocks.map((one) => {
        const service = pick(one)
        return service ? { service } : {}
      }),
    )
  return {
    name: blocks[0]!.name,
    layer: blocks[0]!.layer,
    ok: count((one) => one.ok),
    fail: count((one) => one.fail),
    info: count((one) => one.info),
    latency: mergedLatency(blocks),
    service: blocks.some((one) => one.response !== undefined) ? only((one) => one.service) : undefined,
    lag: only((one) => one.lag),
    waited: only((one) => one.waited),
    errors: codesOf(blocks),
  }
}

function percentile(latency: Latency | undefined, p: string): string {
  const nanos = latency?.percentilesNanos[p]
  return nanos === undefined ? DASH : nanosInWords(nanos)
}
