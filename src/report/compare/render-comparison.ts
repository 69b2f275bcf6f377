import { type ComparedValue, type ComparisonRow, compareRuns, type LabelledRun, type RunComparison } from '../../check/compare-runs.ts'
import { histogramOf } from '../../measure/latency.ts'
import { metricNamed } from '../../measure/metrics/catalogue.ts'
import { isMissing, singleValue } from '../../measure/metrics/figure.ts'
import { figureInWords, valueInWords } from '../../measure/metrics/figure-in-words.ts'
import type { Metric } from '../../measure/metrics/metric.ts'
import { percentileSpectrum } from '../../measure/percentile-spectrum.ts'
import type { Cell } from '../../measure/run-result.ts'
import { digits, nanosInWords, plural } from '../../measure/words.ts'
import { codeWithCopy } from '../html/code-with-copy.ts'
import { dataTable } from '../html/data-table.ts'
import { factsList } from '../html/facts-list.ts'
import { type Html, type HtmlValue, html } from '../html/html.ts'
import { renderPage } from '../html/render-page.ts'
import type { Section } from '../html/section.ts'
import { mergedLatency } from '../summary/merged-latency.ts'
import { seriesStyle } from '../summary/series-style.ts'
import { legend } from '../svg/legend.ts'
import { type SpectrumLine, spectrumPlot } from '../svg/spectrum-plot.ts'

/** Two or more runs on one page, each beside the first. Figures and verdicts are those of `compareRuns`. */
export function renderComparison(runs: readonly LabelledRun[]): string {
  const comparison = compareRuns(runs)
  const { labels, warnings, rows } = comparison
  const sections = [figuresSection(comparison), spectraSection(comparison, runs), runsSection(runs), howToReadSection()]
  const others = labels.length === 2 ? labels[1] : plural(Math.max(0, labels.length - 1), 'other run')
  return renderPage({
    title: `${labels.join(' and ')} – cacheproof`,
    header: html`<p class="kind">Comparison</p>
<h1>${labels[0] ?? 'No run'} and ${others}</h1>
<p class="facts-line"><span>baseline ${labels[0] ?? 'none'}</span> <span>${plural(rows.length, 'row')} in common</span></p>
<div class="badges"><div class="badge ${warnings.length > 0 ? 'open' : 'good'}"><p class="badge-word"><span class="lamp" aria-hidden="true"></span>${warnings.length > 0 ? 'Not measured alike' : 'Measured alike'}</p>
${warnings.length > 0 ? html`<ul>${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>` : html`<p>The same machine, tool, client, workloads and settings.</p>`}</div></div>`,
    sections: sections.filter((section): section is Section => section !== undefined),
  })
}

function figuresSection({ rows, labels, leftOut }: RunComparison): Section {
  const fewBlocks = rows.some(({ figures }) => figures.some(({ values }) => values.some(({ ratio }) => ratio !== undefined && !ratio.interval)))
  return {
    id: 'figures',
    title: 'Figures',
    body: html`${rows.length === 0 && html`<p>The runs have nothing in common that could be compared.</p>`}
${fewBlocks && html`<p class="lead">With fewer than six blocks a run has no interval: a difference may be chance, and no verdict is given.</p>`}
${rows.map(
  (row) => html`<h3>${nameOf(row)}</h3>
${rowTable(row, labels)}`,
)}
${leftOut.length > 0 && html`<h3>Left out</h3><ul class="notes">${leftOut.map(({ what, label, reason }) => html`<li>${what} of ${label}: ${reason}</li>`)}</ul>`}`,
  }
}

function nameOf({ workload, target, client, role }: ComparisonRow): Html {
  if (role === 'baseline') return html`${workload} <span class="dim">without a cache</span>`
  return html`${workload} <span class="dim">on ${target} over ${client}</span>`
}

function rowTable({ workload, target, figures }: ComparisonRow, labels: readonly string[]): Html {
  const [baseline, ...others] = labels
  return dataTable({
    caption: `${workload} on ${target}`,
    quiet: true,
    columns: [
      { title: 'Figure' },
      { title: baseline, figure: true },
      ...others.flatMap((label) => [
        { title: label, figure: true },
        { title: 'difference', figure: true },
        { title: 'verdict' },
        { title: '95 % interval', figure: true },
        {
          title: 'detectable',
          figure: true,
          explanation: 'The smallest difference that as many blocks with this noise would show in 4 of 5 experiments',
        },
      ]),
    ],
    groups: [
      {
        rows: figures.map(({ name, values }) => {
          const metric = metricNamed(name)
          const [first, ...rest] = values
          return {
            label: metric.head,
            values: [words(first!, metric), ...rest.flatMap((value) => [words(value, metric), ...against(first!, value, metric)])],
          }
        }),
      },
    ],
  })
}

function words({ figure }: ComparedValue, { unit }: Metric): string {
  return figureInWords(figure, unit)
}

const MARKS = {
  better: { tone: 'good', glyph: '▲' },
  worse: { tone: 'bad', glyph: '▼' },
  different: { tone: 'open', glyph: '◆' },
  equivalent: { tone: 'plain', glyph: '=' },
  inconclusive: { tone: 'open', glyph: '?' },
} as const

/** The difference from the baseline, and what it amounts to. */
function against(first: ComparedValue, { figure, ratio, judgement }: ComparedValue, metric: Metric): readonly HtmlValue[] {
  if (isMissing(first.figure) || isMissing(figure)) return ['–', '–', '–', '–']
  const [from, to] = [singleValue(first.figure), singleValue(figure)]
  const mark = judgement && MARKS[judgement]
  return [
    from === null || to === null ? '–' : difference(from, to, metric),
    mark ? html`<span class="mark ${mark.tone}"><span aria-hidden="true">${mark.glyph}</span> ${judgement}</span>` : '–',
    ratio?.interval ? `${percent(ratio.interval.low - 1)} to ${percent(ratio.interval.high - 1)}` : '–',
    ratio?.minimumDetectableRatio === undefined ? '–' : percent(ratio.minimumDetectableRatio - 1),
  ]
}

/** "+1.2 ms (+12 %)"; shares differ by percentage points. */
function difference(from: number, to: number, { unit }: Metric): string {
  if (from === to) return 'the same'
  const size = unit === 'ratio' ? `${digits(Math.abs(to - from) * 100)} points` : valueInWords(Math.abs(to - from), unit)
  return `${to > from ? '+' : '−'}${size}${from === 0 ? '' : ` (${percent(to / from - 1)})`}`
}

function percent(share: number): string {
  const size = Math.abs(share * 100)
  if (!Number.isFinite(size)) return 'without bound'
  return size < 0.05 ? '±0 %' : `${share > 0 ? '+' : '−'}${digits(size)} %`
}

function spectraSection({ rows }: RunComparison, runs: readonly LabelledRun[]): Section | undefined {
  const figures = rows.flatMap((row) => (['read', 'write'] as const).flatMap((kind) => spectrum(row, kind, runs) ?? []))
  if (figures.length === 0) return undefined
  return {
    id: 'latency',
    title: 'Latency',
    body: html`<p class="lead">Response time by percentile, all blocks together; the tables above have the figures. Faint: fewer than 100 operations lie beyond.</p>${figures}`,
  }
}

function spectrum(row: ComparisonRow, kind: 'read' | 'write', runs: readonly LabelledRun[]): Html | undefined {
  const found = runs.flatMap(({ label, result }, run) => {
    const classes = result.cells
      .filter((cell) => isOf(cell, row))
      .flatMap((cell) => cell.classes.filter((one) => one.layer === 'app' && one.kind === kind))
    const latency = mergedLatency(classes)
    return latency ? [{ label, run, latency }] : []
  })
  if (found.length < 2) return undefined
  const lines = found.map(
    ({ label, run, latency }): SpectrumLine => ({
      name: label,
      style: seriesStyle(run),
      count: latency.count,
      points: percentileSpectrum(histogramOf(latency)),
    }),
  )
  const text = found
    .map(({ label, latency }) => `${label}: median ${nanosInWords(latency.percentilesNanos['50'] ?? 0)}, slowest ${nanosInWords(latency.maxNanos)}`)
    .join('; ')
  return html`<h3>${nameOf(row)}<span class="dim">, ${kind}s</span></h3>
<figure>${legend(lines)}<div class="scroll" tabindex="0" role="group" aria-label="Latency of ${kind}s in ${row.workload} on ${row.target} by percentile">${spectrumPlot(lines, `Latency spectrum. ${text}.`)}</div><figcaption>${text}.</figcaption></figure>`
}

/** Cells that `compareRuns` put into the row. */
function isOf(cell: Cell, row: ComparisonRow): boolean {
  const same = cell.workload === row.workload && cell.target.label === row.target && cell.client === row.client && cell.role === row.role
  return same && cell.notApplicable === undefined && !cell.audit.generatorLimited
}

function runsSection(runs: readonly LabelledRun[]): Section {
  return {
    id: 'runs',
    title: 'Runs',
    body: html`${runs.map(
      ({ label, result }) =>
        html`<h3>${label}</h3>${factsList([
          ['Name', result.name],
          ['When', result.startedAt ?? (result.virtual ? 'on virtual time' : 'unknown')],
          ['Seed', String(result.seed)],
          ['Tool', `${result.tool.name} ${result.tool.version}`],
          ...(result.host ? ([['Generator', `${result.host.cpus}, ${result.host.platform}, Node ${result.host.node}`]] as const) : []),
        ])}${codeWithCopy(result.command)}`,
    )}`,
  }
}

function howToReadSection(): Section {
  return {
    id: 'how-to-read',
    title: 'How to read this',
    body: factsList([
      ['Value', 'All blocks of a run together.'],
      ['Difference', 'From the baseline, absolute and in percent of it. One number beside another: noise is in it.'],
      [
        'Interval',
        'From six blocks on: the ratio block by block (with the same seed both runs do the same operations), its geometric mean, and Student’s 95 % interval of it.',
      ],
      ['better, worse', 'The whole interval lies on one side of “no difference”.'],
      ['equivalent', 'The whole interval lies within 5 % of “no difference”.'],
      [
        'inconclusive',
        'The interval holds “no difference” as well as differences that would matter. The “detectable” difference is the smallest that as many blocks with this noise would show in 4 of 5 experiments.',
      ],
      ['Left out', 'What only one run has, and cells in which the load generator itself was the bottleneck.'],
    ]),
  }
}
