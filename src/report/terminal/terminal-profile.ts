import { nanosInWords } from '../../measure/words.ts'
import type { Profile, ProfileResult, ProfileRow } from '../../validate/profile/profile.ts'
import { printable } from '../text/printable.ts'
import { createPaint } from './paint.ts'
import { textTable } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

export interface TerminalProfileOptions {
  readonly colour: boolean
  readonly columns: number
  readonly reportPath?: string | undefined
}

/** Medians of every command, a column a target; with one target its other figures too. Ends with a line end. */
export function terminalProfile(profile: Profile, options: TerminalProfileOptions): string {
  const paint = createPaint(options.colour)
  const width = Math.max(60, options.columns)
  const labels = profile.targets.map(({ label }) => label)
  const one = labels.length === 1
  const titles = one ? ['p50', 'p75', 'p99', 'mean', 'samples'] : labels.map(printable)
  const table = textTable(
    titles,
    profile.rows.map((row) => ({ label: `  ${printable(row.command)}`, values: one ? allFigures(row) : medians(row, labels) })),
    width,
  )
  const [head, ...lines] = table.lines
  const errors = profile.rows.flatMap(({ command, results }) =>
    results.flatMap(({ target, error }) => (error === undefined ? [] : [wrapText(printable(`${command} on ${target}: ${error}`), width, '')])),
  )
  const modelled = profile.targets.flatMap(({ label, description }) =>
    description.networkModel === undefined ? [] : [wrapText(printable(`${label} is modelled: ${description.networkModel}`), width, '')],
  )
  const blocks = [
    `${paint.bold(one ? `Unloaded latency of ${printable(labels[0]!)}` : 'Unloaded latency, median')}, one request at a time, seed ${profile.seed}`,
    [paint.dim(head!), ...lines].join('\n'),
    table.leftOut.length > 0 ? paint.dim(`left out for want of width: ${table.leftOut.join(', ')} (--json or --out has all)`) : '',
    errors.join('\n'),
    modelled.join('\n'),
    profile.notes.map((note) => wrapText(`note: ${printable(note)}`, width, '')).join('\n'),
    profile.status === 'interrupted' ? paint.warn('interrupted') : '',
    options.reportPath === undefined ? '' : `Report: ${printable(options.reportPath)}`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function medians({ results }: ProfileRow, labels: readonly string[]): readonly string[] {
  return labels.map((label) => {
    const result = results.find(({ target }) => target === label)
    if (result === undefined) return '–'
    return result.error === undefined ? nanosInWords(result.p50Nanos) : 'refused'
  })
}

function marginInWords({ rmePercent }: ProfileResult): string {
  return ` ±${rmePercent.toFixed(rmePercent < 10 ? 1 : 0)} %`
}

function allFigures({ results }: ProfileRow): readonly string[] | string {
  const [result] = results
  if (result === undefined) return '–'
  if (result.error !== undefined) return 'refused'
  const { p50Nanos, p75Nanos, p99Nanos, meanNanos, samples } = result
  return [
    nanosInWords(p50Nanos),
    nanosInWords(p75Nanos),
    p99Nanos === null ? '–' : nanosInWords(p99Nanos),
    `${nanosInWords(meanNanos)}${marginInWords(result)}`,
    String(samples),
  ]
}
