import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { comparisonOf } from '../src/check/comparison/comparison-of.ts'
import { METRICS, metricNamed } from '../src/measure/metrics/catalogue.ts'
import { isMissing } from '../src/measure/metrics/figure.ts'
import { figureInWords } from '../src/measure/metrics/figure-in-words.ts'
import { latencyMetric, STATISTICS } from '../src/measure/metrics/latency-metric.ts'
import { measureFigure } from '../src/measure/metrics/measure-figure.ts'
import type { Metric } from '../src/measure/metrics/metric.ts'
import { sampleOf } from '../src/measure/metrics/sample.ts'
import type { Cell } from '../src/measure/run-result.ts'
import { renderSummaryCsv } from '../src/report/csv/render-summary-csv.ts'
import { renderHtml } from '../src/report/html/render-html.ts'
import { renderMarkdown } from '../src/report/markdown/render-markdown.ts'
import { groupCells } from '../src/report/summary/cell-group.ts'
import { comparisonChart } from '../src/report/summary/chart/comparison-chart.ts'
import { fieldText, figureOf, headlineRow, usedColumns } from '../src/report/summary/headline.ts'
import { terminalReport } from '../src/report/terminal/terminal-report.ts'
import { judgeAgain } from '../src/run/judge-again.ts'
import type { FinishedRun } from '../src/run/run.ts'
import { readRunFile } from '../src/run/run-file.ts'
import { virtualRun } from './support/virtual-run.ts'

/** Each kind of day a figure can have: quiet ones, refusals, timeouts, what is never started, an instance that dies. */
const WORKLOADS = [
  `
name: quiet
pattern: cache-aside
keys: { count: 500 }
load: { open: { rate: 1000/s } }
phases: [ { warm-up: 500ms }, { steady: 2s } ]
`,
  `
name: killed
pattern: write-through
keys: { count: 500 }
load: { open: { rate: 1000/s, max_in_flight: 40 } }
phases: [ { warm-up: 500ms }, { steady: 4s } ]
faults: [ { at: 1s, kill: primary, for: 500ms } ]
`,
  `
name: sessions
pattern: session-store
with: { active: 60 }
keys: { count: 100 }
load: { open: { rate: 300/s } }
phases: [ { steady: 3s } ]
instances: 3
kill_instance: { instance: 1, at: 1s }
`,
  `
name: board
pattern: leaderboard
keys: { count: 50 }
load: { open: { rate: 500/s } }
phases: [ { steady: 2s } ]
`,
  `
name: overloaded
pattern: cache-aside
keys: { count: 500 }
database: { latency: { median: 40ms, p99: 80ms }, concurrency: 4 }
load: { open: { rate: 1000/s, max_in_flight: 20 } }
phases: [ { warm-up: 500ms }, { steady: 1s } ]
`,
  `
name: raw
pattern: mix
keys: { count: 500 }
load: { closed: { connections: 4, pipeline: 8 } }
phases: [ { warm-up: 20ms }, { steady: 100ms } ]
faults: [ { at: 40ms, kill: primary, for: 20ms } ]
history: full
`,
]

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-metrics-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let finished: FinishedRun
beforeAll(async () => {
  finished = await virtualRun(WORKLOADS, { folder })
})

function everyMetric(cell: Cell): readonly Metric[] {
  const classes = new Set(['read', 'write', 'operation', ...cell.classes.filter(({ layer }) => layer === 'app').map(({ name }) => name)])
  return [...METRICS, ...[...classes].flatMap((name) => STATISTICS.map((statistic) => latencyMetric(name, statistic)))]
}

describe('a figure', () => {
  test('is the same live and from the stored history, whole and without the faults', async () => {
    const stored = await judgeAgain(folder, readRunFile(folder))
    expect(stored.cells.map(({ id }) => id)).toEqual(finished.result.cells.map(({ id }) => id))
    const measured = new Set<string>()
    for (const [index, cell] of finished.result.cells.entries()) {
      for (const metric of everyMetric(cell)) {
        for (const window of ['overall', 'without faults'] as const) {
          const live = measureFigure(metric, sampleOf([cell], window))
          const again = measureFigure(metric, sampleOf([stored.cells[index]!], window))
          expect(again, `${metric.name} of ${cell.id}, ${window}`).toEqual(live)
          if (!isMissing(live)) measured.add(metric.name)
        }
      }
    }
    // Nothing is compared that was never there; an embedded engine is no process whose time could be read (cost.test.ts).
    expect(METRICS.map(({ name }) => name).filter((name) => !measured.has(name))).toEqual(['server_processor'])
  })

  test('leaves the faults out where there were any', () => {
    const [killed] = finished.result.cells.filter(({ workload }) => workload === 'killed')
    expect(killed!.withoutFaults!.leftOut.length).toBeGreaterThan(0)
    expect(killed!.withoutFaults!.measuredNanos).toBeLessThan(killed!.measuredNanos)
    const errors = METRICS.find(({ name }) => name === 'errors')!
    const cacheErrors = METRICS.find(({ name }) => name === 'cache_errors')!
    expect(measureFigure(cacheErrors, sampleOf([killed!])).low).toBeGreaterThan(0)
    expect(measureFigure(cacheErrors, sampleOf([killed!], 'without faults')).high).toBe(0)
    expect(measureFigure(errors, sampleOf([killed!], 'without faults')).high).toBe(0)
  })

  test('is the same wherever alternatives are compared: in the terminal, in Markdown and on the page', () => {
    const { result } = finished
    const comparison = comparisonOf([{ label: result.name, result }])
    const texts = {
      terminal: terminalReport(result, { colour: false, columns: 1000 }),
      markdown: renderMarkdown(result),
      // What stands beside a value is an element of its own there.
      page: renderHtml(result).replace(/ <span class="beside dim">(.*?)<\/span>/g, ' ($1)'),
    }
    let shown = 0
    for (const group of comparison.groups) {
      const chart = comparisonChart(comparison, group)
      for (const { alternative } of chart?.rows ?? []) {
        for (const { metric } of chart!.columns) {
          const text = figureInWords(measureFigure(metricNamed(metric.name), sampleOf(alternative.cells)), metric.unit)
          for (const [where, content] of Object.entries(texts)) expect(content, `${metric.name} in ${where}`).toContain(text)
          if (text !== '–') shown++
        }
      }
    }
    expect(shown).toBeGreaterThan(20)
  })

  test('is the same in the table of all figures on the page and in CSV', () => {
    const { result } = finished
    const rows = groupCells(result).flatMap(({ groups }) => groups.map(headlineRow))
    const page = renderHtml(result).replaceAll('&gt;', '>')
    const csv = renderSummaryCsv(result).split('\r\n')
    const header = csv[0]!.split(',')
    for (const [index, row] of rows.entries()) {
      for (const metric of usedColumns(rows)) {
        const text = fieldText(metric, row)
        const figure = figureOf(row, metric.name)
        expect(page, `${metric.name} on the page`).toContain(text)
        const name = header.find((one) => one === metric.name || one.startsWith(`${metric.name}.`))!
        const low = csv[index + 1]!.split(',')[header.indexOf(name)]!
        expect(low, `${metric.name} in CSV`).toBe(figure.low === undefined ? '' : String(figure.low))
      }
    }
  })
})
