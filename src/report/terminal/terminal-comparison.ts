import type { ComparedValue, ComparisonRow, RunComparison } from '../../check/compare-runs.ts'
import { metricNamed } from '../../measure/metrics/catalogue.ts'
import { isMissing } from '../../measure/metrics/figure.ts'
import { figureInWords } from '../../measure/metrics/figure-in-words.ts'
import type { Metric } from '../../measure/metrics/metric.ts'
import { digits } from '../../measure/words.ts'
import { printable } from '../text/printable.ts'
import { createPaint, type Paint } from './paint.ts'
import { wrapText } from './wrap-text.ts'

const GAP = '  '

/** Runs side by side at a terminal: a table for each workload and target, absolute figures and the difference from the first run. Ends with a line end. */
export function terminalComparison(comparison: RunComparison, options: { readonly colour: boolean; readonly columns: number }): string {
  const paint = createPaint(options.colour)
  const width = Math.max(60, options.columns)
  const blocks = [
    ...comparison.rows.map((row) => table(row, comparison.labels, paint)),
    comparison.leftOut
      .map(({ what, label, reason }) => paint.dim(wrapText(printable(`left out: ${what} of ${label}: ${reason}`), width, '')))
      .join('\n'),
    comparison.warnings.map((warning) => paint.warn(wrapText(printable(`warning: ${warning}`), width, ''))).join('\n'),
    fewBlocks(comparison)
      ? paint.dim(wrapText('With fewer than 6 blocks a run has no interval: differences may be chance (run --blocks 6 or more).', width, ''))
      : '',
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function table({ workload, target, client, role, figures }: ComparisonRow, labels: readonly string[], paint: Paint): string {
  const rows = figures.map(({ name, values }) => {
    const metric = metricNamed(name)
    return [metric.head, ...values.map((value) => valueInWords(value, metric))]
  })
  const lines = [['', ...labels.map(printable)], ...rows]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const text = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join(GAP)
      .trimEnd(),
  )
  const painted = text.map((line, index) => (index === 0 ? paint.dim(line) : tone(line, figures[index - 1]!.values, paint)))
  const title = `${workload}${role === 'baseline' ? ' (baseline)' : ''} on ${target} over ${client}`
  return [paint.bold(printable(title)), ...painted.map((line) => GAP + line)].join('\n')
}

function valueInWords({ figure, ratio, judgement }: ComparedValue, { unit }: Metric): string {
  const words = figureInWords(figure, unit)
  if (isMissing(figure) || ratio === undefined) return words
  const interval = ratio.interval === undefined ? '' : ` [${percent(ratio.interval.low)}, ${percent(ratio.interval.high)}]`
  return `${words} ${percent(ratio.ratio)}${interval}${judgement === undefined ? '' : ` ${judgement}`}`
}

/** "+9.4 %" */
function percent(ratio: number): string {
  const change = (ratio - 1) * 100
  if (Math.abs(change) < 0.05) return '±0 %'
  return `${change > 0 ? '+' : '−'}${digits(Math.abs(change))} %`
}

function tone(line: string, values: readonly ComparedValue[], paint: Paint): string {
  const judged = values.map(({ judgement }) => judgement)
  if (judged.includes('worse')) return paint.bad(line)
  return judged.includes('better') ? paint.good(line) : line
}

function fewBlocks({ rows }: RunComparison): boolean {
  return rows.some(({ figures }) => figures.some(({ values }) => values.some(({ ratio }) => ratio !== undefined && ratio.interval === undefined)))
}
