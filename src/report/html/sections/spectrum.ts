import { histogramOf } from '../../../measure/latency.ts'
import { percentileSpectrum } from '../../../measure/percentile-spectrum.ts'
import type { ClassMeasurement, Latency } from '../../../measure/run-result.ts'
import { countInWords, nanosInWords, plural } from '../../../measure/words.ts'
import type { CellGroup, WorkloadGroups } from '../../summary/cell-group.ts'
import { mergedLatency } from '../../summary/merged-latency.ts'
import { type SeriesStyle, seriesStyle } from '../../summary/series-style.ts'
import { legend } from '../../svg/legend.ts'
import { type SpectrumLine, spectrumPlot } from '../../svg/spectrum-plot.ts'
import { dataTable } from '../data-table.ts'
import { type Html, html } from '../html.ts'
import { measuredCells, type RunView } from '../run-view.ts'
import type { Section } from '../section.ts'

/** More lines than this can't be told apart. */
const MAX_LINES = 12
const PERCENTILES = ['50', '90', '99', '99.9', '99.99'] as const
/** Points for every halving of what is left to 100 %. */
const TICKS = 3
const BASELINE: SeriesStyle = { tone: 6, dash: [4, 6] }

/** A class of operation of one workload, with a line a target. */
interface Choice {
  readonly name: string
  readonly lines: readonly (SpectrumLine & { readonly latency: Latency })[]
}

/** The whole distribution of latencies, workload by workload, targets over one another. */
export function spectrumSection(view: RunView): Section | undefined {
  const parts = view.workloads.flatMap((workload, index) => {
    const choices = choicesOf(workload)
    return choices.length === 0 || view.detail.choices === 0 ? [] : [workloadPart(workload, index, choices, view.detail.choices)]
  })
  if (parts.length === 0) return undefined
  return {
    id: 'latency',
    title: 'Latency',
    folded: 'the whole distribution, by kind of operation',
    body: html`<p class="lead">Response time by percentile, from due to answered. The axis gives every further nine the same room, since that is where users wait. Faint: fewer than 100 operations lie beyond.</p>
${parts}`,
  }
}

function workloadPart({ workload }: WorkloadGroups, index: number, choices: readonly Choice[], most: number): Html {
  const name = `spectrum-${index}`
  const rest =
    choices.length > most
      ? html`<p class="notes">${plural(choices.length - most, 'more class is', 'more classes are')} in the tables of each workload on each target.</p>`
      : undefined
  const shown = choices.slice(0, most)
  return html`<h3>${workload}</h3>
<fieldset class="choices"><legend>Operations</legend>${shown.map(
    (choice, at) =>
      html`<input type="radio" name="${name}" id="${name}-${at}"${at === 0 && html` checked`}><label for="${name}-${at}">${choice.name}</label>`,
  )}
<div class="chosen">${shown.map((choice) => choicePart(workload, choice))}</div></fieldset>
${rest}`
}

function choicePart(workload: string, { name, lines }: Choice): Html {
  const label = `Latency of ${name} in ${workload} by percentile; the table below has the figures`
  const drawn = lines.slice(0, MAX_LINES)
  return html`<figure><figcaption>${name}${lines.length > drawn.length && html`; the first ${drawn.length} of ${lines.length} targets are drawn`}</figcaption>
${legend(drawn)}<div class="scroll" tabindex="0" role="group" aria-label="${name} by percentile">${spectrumPlot(drawn, label)}</div>
${dataTable({
  caption: `${workload}, ${name}: latency by percentile`,
  quiet: true,
  columns: [
    { title: 'Target' },
    { title: 'n', figure: true },
    { title: 'mean', figure: true },
    ...PERCENTILES.map((p) => ({ title: `p${p}`, figure: true })),
    { title: 'max', figure: true },
  ],
  groups: [
    {
      rows: lines.map(({ name, latency }) => ({
        label: name,
        values: [
          countInWords(latency.count),
          nanosInWords(latency.meanNanos),
          ...PERCENTILES.map((p) => (latency.percentilesNanos[p] === undefined ? '–' : nanosInWords(latency.percentilesNanos[p]))),
          nanosInWords(latency.maxNanos),
        ],
      })),
    },
  ],
})}</figure>
`
}

/** All reads, all writes, then class by class, most frequent first. */
function choicesOf({ groups }: WorkloadGroups): readonly Choice[] {
  const app = groups.map((group) => ({ group, classes: measuredCells(group).flatMap((cell) => cell.classes.filter(({ layer }) => layer === 'app')) }))
  const measured = app.filter(({ group }) => group.role === 'measured')
  const names = new Map<string, number>()
  for (const { classes } of measured) for (const one of classes) if (one.ok > 0) names.set(one.name, (names.get(one.name) ?? 0) + one.ok)
  const kindsOf = (name: string) => new Set(measured.flatMap(({ classes }) => classes.filter((one) => one.name === name).map(({ kind }) => kind)))
  const single = [...names].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name)
  // A kind of which there is one class only would be there twice.
  const several = (['read', 'write'] as const).filter((kind) => single.filter((name) => kindsOf(name).has(kind)).length > 1)
  const choices: [string, (one: ClassMeasurement) => boolean][] = [
    ...several.map((kind): [string, (one: ClassMeasurement) => boolean] => [`all ${kind}s`, (one) => one.kind === kind]),
    ...single.map((name): [string, (one: ClassMeasurement) => boolean] => [name, (one) => one.name === name]),
  ]
  return choices.flatMap(([name, test]) => {
    const lines = app.flatMap(({ group, classes }) => lineOf(group, groups, classes.filter(test)))
    return lines.length === 0 ? [] : [{ name, lines }]
  })
}

function lineOf(group: CellGroup, groups: readonly CellGroup[], classes: readonly ClassMeasurement[]): Choice['lines'] {
  const latency = mergedLatency(classes)
  if (!latency) return []
  const measured = groups.filter(({ role }) => role === 'measured')
  const style = group.role === 'baseline' ? BASELINE : seriesStyle(measured.indexOf(group))
  return [{ name: group.label, style, count: latency.count, points: percentileSpectrum(histogramOf(latency), TICKS), latency }]
}
