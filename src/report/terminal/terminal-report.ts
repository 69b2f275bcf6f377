import type { Comparison } from '../../check/comparison/comparison.ts'
import { comparisonOf } from '../../check/comparison/comparison-of.ts'
import type { RunResult } from '../../measure/run-result.ts'
import type { NotTested, Verdict } from '../../measure/verdict.ts'
import { plural } from '../../measure/words.ts'
import { answerOf } from '../summary/answer/answer.ts'
import { withPlainNames } from '../summary/answer/level-words.ts'
import { badgeOf } from '../summary/badge.ts'
import { groupCells } from '../summary/cell-group.ts'
import { comparisonTables } from '../summary/chart/comparison-table.ts'
import { headlineRow } from '../summary/headline.ts'
import { type Lamp, lampOf } from '../summary/lamp.ts'
import { troublesOf } from '../summary/troubles.ts'
import { groupVerdicts, type VerdictGroup } from '../summary/verdict-group.ts'
import { verdictsOf } from '../summary/verdicts-of.ts'
import { evidenceWords, outcomeWords } from '../text/outcome-words.ts'
import { printable } from '../text/printable.ts'
import { createPaint, type Paint } from './paint.ts'
import { answerLines, questionLines } from './terminal-answer.ts'
import { textTable } from './text-table.ts'
import { wrapText } from './wrap-text.ts'

export interface TerminalOptions {
  readonly colour: boolean
  /** Width of the terminal. */
  readonly columns: number
  readonly reportPath?: string | undefined
  /** Of the run; computed where it is not given. */
  readonly comparison?: Comparison
}

/** Narrower than this, nothing could be said. */
const MIN_COLUMNS = 40
const FAILURES_SHOWN = 12
const TROUBLES_SHOWN = 12
const STEPS_SHOWN = 6

/**
 * The end of a run at a terminal: the question, whether to trust the answer, the answer, then tables, claims, what was
 * expected, and where the report is. Ends with a line end.
 */
export function terminalReport(result: RunResult, options: TerminalOptions): string {
  const paint = createPaint(options.colour)
  const width = Math.max(MIN_COLUMNS, options.columns)
  const comparison = withPlainNames(options.comparison ?? comparisonOf([{ label: result.name, result }]))
  const answer = answerOf(comparison)
  const blocks = [
    `${questionLines(answer, paint, width)}\n${verdictLines(result, paint, width)}`,
    answerLines(answer, paint, width),
    troubleLines(result, paint, width),
    tables(comparison, paint, width),
    claims(verdictsOf(result), paint, width),
    judged(verdictsOf(result), paint, width),
    result.notes.length > 0 ? result.notes.map((note) => wrapText(`note: ${printable(note)}`, width, '')).join('\n') : undefined,
    options.reportPath && `Report: ${printable(options.reportPath)}`,
  ]
  return `\n${blocks.filter((block) => block !== undefined && block !== '').join('\n\n')}\n`
}

/** A table for each load; figures of two loads say nothing of each other. */
function tables(comparison: Comparison, paint: Paint, width: number): string {
  const all = comparisonTables(comparison)
  if (all.length === 0) return 'Nothing was measured.'
  const has = (mark: string) =>
    all.some(({ rows }) => rows.some(({ values }) => typeof values !== 'string' && values.some((value) => value.endsWith(mark))))
  const leftOut = new Set<string>()
  const parts = all.map(({ title, columns, rows }) => {
    const table = textTable(
      columns,
      rows.map(({ name, isBaseline, values }) => ({
        label: `  ${printable(name)}${isBaseline && rows.length > 1 ? ' (baseline)' : ''}`,
        values: typeof values === 'string' ? printable(values) : values,
      })),
      width,
    )
    for (const column of table.leftOut) leftOut.add(column)
    const [titles, ...lines] = table.lines
    return [paint.bold(wrapText(printable(title), width, '')), paint.dim(titles!), ...lines.map((line) => painted(line, paint))].join('\n')
  })
  const notes = [
    ...(has('▲') || has('▼') ? [paint.dim('▲ better, ▼ worse than the baseline, tested; without a mark no difference was shown')] : []),
    ...comparison.notes.map((note) => paint.dim(wrapText(printable(note), width, ''))),
    ...(leftOut.size > 0 ? [paint.dim(wrapText(`In the report, for want of width: ${[...leftOut].join(', ')}`, width, ''))] : []),
  ]
  return [parts.join('\n\n'), ...notes].join('\n')
}

function painted(line: string, paint: Paint): string {
  return line.replaceAll('▲', paint.good('▲')).replaceAll('▼', paint.warn('▼'))
}

function claims(verdicts: readonly Verdict[], paint: Paint, width: number): string | undefined {
  const all = verdicts.filter(({ kind }) => kind === 'claim')
  const told = all.filter(({ claimOutcome }) => claimOutcome !== 'not applicable')
  if (all.length === 0) return undefined
  // Where all rest on the same it is said once.
  const kinds = new Set(told.flatMap(({ evidenceKind }) => evidenceKind ?? []))
  const [only] = kinds.size === 1 ? kinds : []
  const lines = told.flatMap((claim) => {
    const words = outcomeWords(claim)
    const label = `${words.glyph} ${words.word}`.padEnd(16)
    const kind = claim.evidenceKind && only === undefined ? ` (${evidenceWords(claim.evidenceKind)})` : ''
    const indent = ' '.repeat(19)
    const sentence = `  ${toned(paint, words.tone, label)} ${wrapText(printable(claim.sentence) + kind, width, indent).trimStart()}`
    return claim.notTested ? [sentence, testedWith(claim.notTested, paint, width, indent)] : [sentence]
  })
  const aside = all.length - told.length
  return [
    `${paint.bold('Claims')}${only === undefined ? '' : paint.dim(`, resting on ${evidenceWords(only)}`)}`,
    ...lines,
    ...(aside > 0 ? [paint.dim(`  – ${plural(aside, 'claim does', 'claims do')} not apply to what was run`)] : []),
  ].join('\n')
}

function judged(verdicts: readonly Verdict[], paint: Paint, width: number): string | undefined {
  const groups = groupVerdicts(verdicts.filter(({ kind }) => kind !== 'claim' && kind !== 'audit'))
  if (groups.length === 0) return undefined
  const open = groups.filter(({ outcome, notTested }) => outcome !== 'holds' && !notTested)
  const untested = groups.filter(({ notTested }) => notTested)
  const holding = groups.filter(({ outcome }) => outcome === 'holds').reduce((total, group) => total + group.verdicts.length, 0)
  const shown = open.slice(0, FAILURES_SHOWN)
  return [
    paint.bold('Expectations and checks'),
    ...shown.map((group) => groupLines(group, paint, width)),
    ...(open.length > shown.length ? [paint.dim(`  and ${open.length - shown.length} more in the report`)] : []),
    ...untested.map(({ sentence, notTested, verdicts }) => untestedLines(sentence, notTested!, verdicts.length, paint, width)),
    ...(holding > 0 ? [`  ${paint.good('✓')} ${plural(holding, 'check')} ${holding === 1 ? 'holds' : 'hold'}`] : []),
  ].join('\n')
}

/** Short: it is nothing to worry about, and one command away. */
function untestedLines(sentence: string, notTested: NotTested, cells: number, paint: Paint, width: number): string {
  const { glyph, word } = outcomeWords({ outcome: 'unknown', notTested })
  const where = cells === 1 ? '' : ` (${cells} times)`
  return [paint.dim(`  ${glyph} ${word}: ${printable(sentence)}${where}`), testedWith(notTested, paint, width, '      ')].join('\n')
}

function testedWith({ command }: NotTested, paint: Paint, width: number, indent: string): string {
  return paint.dim(wrapText(`test it with: ${printable(command)}`, width, indent))
}

function groupLines({ outcome, gates, sentence, verdicts }: VerdictGroup, paint: Paint, width: number): string {
  const { glyph, word, tone } = outcomeWords({ outcome })
  const mark = `${glyph} ${word}`
  const [first] = verdicts
  // What gates nothing is one line: the report has the rest.
  if (outcome === 'fails' && !gates) {
    const times = verdicts.length === 1 ? '' : `, ${verdicts.length} times`
    const text = wrapText(`${mark} (no expectation covers it${times}): ${printable(sentence)}`, width, '    ')
    return `  ${toned(paint, 'open', mark)}${text.slice(4 + mark.length)}`
  }
  const where = verdicts.length === 1 ? (first!.cells?.join(', ') ?? '') : `${verdicts.length} times, first in ${first!.cells?.join(', ') ?? ''}`
  const steps = first!.counterexample ?? []
  return [
    `  ${toned(paint, tone, mark)}: ${printable(sentence)}`,
    ...(where ? [paint.dim(wrapText(printable(where), width, '      '))] : []),
    wrapText(printable(first!.evidence), width, '      '),
    ...steps.slice(0, STEPS_SHOWN).map((step) => wrapText(printable(step), width, '        ')),
    ...(steps.length > STEPS_SHOWN ? [paint.dim(`        and ${steps.length - STEPS_SHOWN} more steps`)] : []),
    ...(first!.replay && gates ? [paint.dim(`      again: ${printable(first!.replay)}`)] : []),
  ].join('\n')
}

function verdictLines(result: RunResult, paint: Paint, width: number): string {
  const badge = badgeOf(verdictsOf(result), result.status)
  const lamp = lampOf(result)
  const tone = { holds: 'good', fails: 'bad', unknown: 'open', none: 'plain' } as const
  return [
    lampLine(lamp, paint, width),
    ...lamp.details.map((one) => wrapText(printable(one), width, '  ')),
    `${toned(paint, tone[badge.outcome], paint.bold(badge.words))}. ${badge.detail}`,
  ].join('\n')
}

/** Errors by row; what planned faults cause is among them. */
function troubleLines(result: RunResult, paint: Paint, width: number): string {
  const troubles = troublesOf(groupCells(result).flatMap(({ groups }) => groups.map(headlineRow)))
  return [
    ...troubles.slice(0, TROUBLES_SHOWN).map((trouble) => paint.warn(wrapText(`! ${printable(trouble)}`, width, ''))),
    ...(troubles.length > TROUBLES_SHOWN ? [paint.dim(`  and ${troubles.length - TROUBLES_SHOWN} more rows with errors, in the report`)] : []),
  ].join('\n')
}

function lampLine({ colour, words, reason }: Lamp, paint: Paint, width: number): string {
  const head = `● ${words}`
  const lit = toned(paint, ({ green: 'good', amber: 'open', red: 'bad' } as const)[colour], head)
  if (reason === '') return lit
  return `${lit}${wrapText(`${head}: ${printable(reason)}.`, width, '  ')
    .trimStart()
    .slice(head.length)}`
}

function toned(paint: Paint, tone: 'good' | 'bad' | 'open' | 'plain', text: string): string {
  return tone === 'good' ? paint.good(text) : tone === 'bad' ? paint.bad(text) : tone === 'open' ? paint.warn(text) : paint.dim(text)
}
