import { histogramOf } from '../../measure/latency.ts'
import { percentileSpectrum } from '../../measure/percentile-spectrum.ts'
import type { Latency } from '../../measure/run-result.ts'
import { nanosInWords, plural } from '../../measure/words.ts'
import { codeWithCopy } from '../html/code-with-copy.ts'
import { dataTable } from '../html/data-table.ts'
import { factsList } from '../html/facts-list.ts'
import { type Html, type HtmlValue, html } from '../html/html.ts'
import { renderPage } from '../html/render-page.ts'
import type { Section } from '../html/section.ts'
import { seriesStyle } from '../summary/series-style.ts'
import { legend } from '../svg/legend.ts'
import { type SpectrumLine, spectrumPlot } from '../svg/spectrum-plot.ts'
import { compareRuns, EQUIVALENCE_MARGIN } from './compare-runs.ts'
import type { ComparedFigure, ComparedRow, Comparison, Difference, LabelledRun } from './comparison.ts'
import { differenceInWords, intervalInWords } from './difference-words.ts'

/** Two or more runs on one page, each beside the first. */
export function renderComparison(runs: readonly LabelledRun[]): string {
  const comparison = compareRuns(runs)
  const names = runs.map(({ label }) => label)
  const sections = [figuresSection(comparison), spectraSection(comparison), runsSection(comparison), howToReadSection()]
  return renderPage({
    title: `${names.join(' and ')} – cacheproof`,
    header: html`<p class="kind">Comparison</p>
<h1>${names.length === 2 ? `${names[0]} and ${names[1]}` : `${names[0] ?? 'No run'} and ${plural(Math.max(0, names.length - 1), 'other run')}`}</h1>
<p class="facts-line"><span>baseline ${names[0] ?? 'none'}</span> <span>${plural(comparison.rows.length, 'row')} in common</span></p>
<div class="badges"><div class="badge ${comparison.warnings.length > 0 ? 'open' : 'good'}"><p class="badge-word"><span class="lamp" aria-hidden="true"></span>${comparison.warnings.length > 0 ? 'Not measured alike' : 'Measured alike'}</p>
${comparison.warnings.length > 0 ? html`<ul>${comparison.warnings.map((warning) => html`<li>${warning}</li>`)}</ul>` : html`<p>The same machine, tool, client, workloads and settings.</p>`}</div></div>`,
    sections: sections.filter((section): section is Section => section !== undefined),
  })
}

function figuresSection({ rows, runs, leftOut }: Comparison): Section {
  return {
    id: 'figures',
    title: 'Figures',
    body: html`${rows.length === 0 && html`<p>The runs have no workload in common.</p>`}
${rows.map(
  (row) => html`<h3>${row.workload} <span class="dim">on ${row.label}</span></h3>
${row.limitedIn.length > 0 && html`<p class="notes"><span class="limited">limited</span> The load generator was the bottleneck in ${row.limitedIn.join(' and in ')}: figures are shown, and no verdict is given.</p>`}
${rowTable(row, runs)}`,
)}
${leftOut.length > 0 && html`<h3>Only in one run</h3><ul class="notes">${leftOut.map((text) => html`<li>${text}</li>`)}</ul>`}`,
  }
}

function rowTable(row: ComparedRow, runs: readonly LabelledRun[]): Html {
  const [baseline, ...others] = runs
  return dataTable({
    caption: `${row.workload} on ${row.label}`,
    quiet: true,
    columns: [
      { title: 'Figure' },
      { title: baseline!.label, figure: true },
      ...others.flatMap(({ label }) => [{ title: label, figure: true }, { title: 'difference', figure: true }, { title: 'verdict' }]),
    ],
    groups: [
      {
        rows: row.figures.map((figure) => ({
          label: figure.title,
          values: [
            figure.words[0],
            ...others.flatMap((_, index) => [figure.words[index + 1], ...differenceFields(figure, figure.differences[index] ?? null)]),
          ],
        })),
      },
    ],
  })
}

const TONES = { better: 'good', worse: 'bad', changed: 'open', equivalent: 'plain', inconclusive: 'open' } as const
const GLYPHS = { better: '▲', worse: '▼', changed: '◆', equivalent: '=', inconclusive: '?' } as const

function differenceFields(figure: ComparedFigure, difference: Difference | null): readonly HtmlValue[] {
  if (!difference) return ['–', '–']
  const interval = intervalInWords(difference)
  return [
    differenceInWords(figure, difference),
    html`${difference.word && html`<span class="mark ${TONES[difference.word]}"><span aria-hidden="true">${GLYPHS[difference.word]}</span> ${difference.word}</span> `}${interval && html`<span class="dim">${interval}</span>`}`,
  ]
}

function spectraSection({ rows, runs }: Comparison): Section | undefined {
  const figures = rows
    .flatMap((row) => [spectrum(row, 'reads', row.reads, runs), spectrum(row, 'writes', row.writes, runs)])
    .filter((figure) => figure !== undefined)
  if (figures.length === 0) return undefined
  return {
    id: 'latency',
    title: 'Latency',
    body: html`<p class="lead">Response time by percentile, run over run; the table above has the figures. Faint: fewer than 100 operations lie beyond.</p>${figures}`,
  }
}

function spectrum(row: ComparedRow, kind: string, latencies: readonly (Latency | undefined)[], runs: readonly LabelledRun[]): Html | undefined {
  const lines = latencies.flatMap((latency, run): SpectrumLine[] =>
    latency ? [{ name: runs[run]!.label, style: seriesStyle(run), count: latency.count, points: percentileSpectrum(histogramOf(latency)) }] : [],
  )
  if (lines.length < 2) return undefined
  const words = latencies
    .flatMap((latency, run) =>
      latency ? [`${runs[run]!.label}: median ${nanosInWords(latency.percentilesNanos['50'] ?? 0)}, slowest ${nanosInWords(latency.maxNanos)}`] : [],
    )
    .join('; ')
  return html`<h3>${row.workload} <span class="dim">on ${row.label}, ${kind}</span></h3><figure>${legend(lines)}<div class="scroll" tabindex="0" role="group" aria-label="Latency of ${kind} in ${row.workload} on ${row.label} by percentile">${spectrumPlot(lines, `Latency spectrum. ${words}.`)}</div><figcaption>${words}.</figcaption></figure>`
}

function runsSection({ runs }: Comparison): Section {
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
      [
        'Difference',
        'Of a run to the baseline, absolute and in percent of the baseline. Without blocks it is one number beside another: noise is in it, and no verdict is given.',
      ],
      [
        'Interval',
        'From six blocks on: the ratio block by block (the same seed gives both runs the same operations), its geometric mean, and Student’s 95 % interval of it.',
      ],
      ['better, worse', 'The whole interval lies on one side of “no difference”.'],
      ['equivalent', `The whole interval lies within ±${EQUIVALENCE_MARGIN * 100} %.`],
      [
        'inconclusive',
        'The interval holds both “no difference” and differences that would matter. “Could have seen” is the smallest difference that as many blocks with this noise would show in 4 of 5 experiments.',
      ],
      ['limited', 'The load generator was the bottleneck: what it measured is partly its own.'],
    ]),
  }
}
