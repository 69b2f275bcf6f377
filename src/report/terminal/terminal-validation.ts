import type { Verdict } from '../../measure/verdict.ts'
import { countInWords, nanosInWords, plural } from '../../measure/words.ts'
import { MILLISECOND } from '../../runtime/runtime.ts'
import type { Skipped, Validation } from '../../validate/validation.ts'
import { outcomeWords } from '../text/outcome-words.ts'
import { printable } from '../text/printable.ts'
import { createPaint, type Paint } from './paint.ts'
import { textTable } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

export interface TerminalValidationOptions {
  readonly colour: boolean
  /** Width of the terminal. */
  readonly columns: number
  readonly reportPath?: string | undefined
}

const MIN_COLUMNS = 60

/** What a validation found, at a terminal: a line a property, what fails with its counterexample as one would type it. Ends with a line end. */
export function terminalValidation(validation: Validation, options: TerminalValidationOptions): string {
  const paint = createPaint(options.colour)
  const width = Math.max(MIN_COLUMNS, options.columns)
  const blocks = [
    head(validation, paint, width),
    properties(validation.verdicts, paint, width),
    skippedLines(validation.skipped, paint, width),
    validation.notes.map((note) => wrapText(`note: ${printable(note)}`, width, '')).join('\n'),
    summary(validation, paint),
    options.reportPath === undefined ? '' : `Report: ${printable(options.reportPath)}`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function head({ target, profile, seed, runs }: Validation, paint: Paint, width: number): string {
  const what = `${target.engine} ${target.version}, ${target.topology}${target.tls ? ', TLS' : ''}`
  return [
    `${paint.bold(printable(target.label))} (${printable(what)})`,
    wrapText(`held against ${profile}; ${plural(runs, 'random sequence')} for each property and protocol, seed ${seed}`, width, ''),
  ].join('\n')
}

function properties(verdicts: readonly Verdict[], paint: Paint, width: number): string {
  const [, ...lines] = textTable(
    ['sequences', 'commands', 'time'],
    verdicts.map((verdict) => ({ label: label(verdict), values: figures(verdict) })),
    width,
  ).lines
  return verdicts.flatMap((verdict, index) => [paintMark(lines[index]!, verdict, paint), ...details(verdict, paint, width)]).join('\n')
}

/** "✓ holds         redis/strings" */
function label(verdict: Verdict): string {
  const { glyph, word } = outcomeWords(verdict)
  return `  ${`${glyph} ${word}`.padEnd(MARK_WIDTH)} ${printable(nameOf(verdict))}`
}

const MARK_WIDTH = 14
const nameOf = (verdict: Verdict) => verdict.id.replace(/^property\//, '')

function figures({ numbers }: Verdict): readonly string[] {
  const { sequences = 0, commands = 0, durationMillis = 0 } = numbers ?? {}
  return [plural(sequences, 'sequence'), plural(commands, 'command'), nanosInWords(durationMillis * MILLISECOND)]
}

function paintMark(line: string, verdict: Verdict, paint: Paint): string {
  const mark = line.slice(0, MARK_WIDTH + 2)
  const tone = { holds: paint.good, fails: paint.bad, unknown: paint.warn }[verdict.outcome]
  return tone(mark) + line.slice(MARK_WIDTH + 2)
}

function details(verdict: Verdict, paint: Paint, width: number): string[] {
  if (verdict.outcome === 'holds') return []
  const evidence = wrapText(printable(verdict.evidence), width, '      ')
  if (verdict.outcome === 'unknown') return [evidence]
  return [
    wrapText(printable(verdict.sentence), width, '      '),
    evidence,
    '',
    // As one would type it: never wrapped.
    ...(verdict.counterexample ?? []).map((step) => `        ${paint.bold(printable(step))}`),
    '',
    `      again: ${printable(verdict.replay ?? '')}`,
  ]
}

/** One line a reason, with everything that it kept from being done. */
function skippedLines(skipped: readonly Skipped[], paint: Paint, width: number): string {
  const byReason = new Map<string, string[]>()
  for (const { id, reason } of skipped) {
    // A command is left out of every property for the same reason.
    const name = id.includes(': ') ? id.slice(id.indexOf(': ') + 2) : id
    byReason.set(reason, [...new Set([...(byReason.get(reason) ?? []), name])])
  }
  return [...byReason].map(([reason, names]) => paint.dim(wrapText(printable(`– skipped ${names.join(', ')}: ${reason}`), width, '  '))).join('\n')
}

function summary({ verdicts, status, target }: Validation, paint: Paint): string {
  const count = (outcome: Verdict['outcome']) => verdicts.filter((verdict) => verdict.outcome === outcome).length
  const [holding, failing, open] = [count('holds'), count('fails'), count('unknown')]
  const total = `${countInWords(holding)} of ${plural(verdicts.length, 'property', 'properties')} ${verdicts.length === 1 ? 'holds' : 'hold'}`
  const parts = [total, ...(failing > 0 ? [`${failing} ${failing === 1 ? 'fails' : 'fail'}`] : []), ...(open > 0 ? [`${open} inconclusive`] : [])]
  const tone = failing > 0 ? paint.bad : open > 0 ? paint.warn : paint.good
  const kind = target.evidence === 'modelled' ? ' (the reference engine itself)' : ''
  return `${tone(paint.bold(parts.join(', ')))}${kind}${status === 'interrupted' ? '; interrupted' : ''}`
}
