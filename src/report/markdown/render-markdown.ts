import type { Comparison } from '../../check/comparison/comparison.ts'
import { comparisonOf } from '../../check/comparison/comparison-of.ts'
import type { RunResult } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'
import { answerOf } from '../summary/answer/answer.ts'
import { withPlainNames } from '../summary/answer/level-words.ts'
import type { Sentence } from '../summary/answer/sentence.ts'
import { badgeOf } from '../summary/badge.ts'
import { groupCells } from '../summary/cell-group.ts'
import { comparisonTables } from '../summary/chart/comparison-table.ts'
import { fieldText, headlineRow, usedColumns } from '../summary/headline.ts'
import { lampOf } from '../summary/lamp.ts'
import { troublesOf } from '../summary/troubles.ts'
import { groupVerdicts, type VerdictGroup } from '../summary/verdict-group.ts'
import { verdictsOf } from '../summary/verdicts-of.ts'
import { escapeMarkdown, markdownCode } from '../text/escape-markdown.ts'
import { evidenceWords, outcomeWords } from '../text/outcome-words.ts'

const FAILURES_SHOWN = 10
const LAMPS = { green: '🟢', amber: '🟡', red: '🔴' } as const
const STEPS_SHOWN = 12

/** A run for a pull request: question and answer, the tables, the claims, and each failure with how to see it again. */
export function renderMarkdown(result: RunResult, given: Comparison = comparisonOf([{ label: result.name, result }])): string {
  const comparison = withPlainNames(given)
  const answer = answerOf(comparison)
  const badge = badgeOf(verdictsOf(result), result.status)
  const lamp = lampOf(result)
  const glyph = { holds: '✅', fails: '❌', unknown: '❔', none: '➖' }[badge.outcome]
  const troubles = troublesOf(groupCells(result).flatMap(({ groups }) => groups.map(headlineRow)))
  const parts = [
    `## cacheproof: ${escapeMarkdown(answer.question.title)}`,
    answer.question.load === '' ? undefined : escapeMarkdown(answer.question.load),
    [
      `${LAMPS[lamp.colour]} **${lamp.words}${lamp.reason === '' ? '.**' : `:** ${escapeMarkdown(lamp.reason)}.`}`,
      ...lamp.details.map(escapeMarkdown),
    ].join(' '),
    `${glyph} **${badge.words}.** ${badge.detail}`,
    troubles.length > 0 ? troubles.map((trouble) => `- ⚠️ ${escapeMarkdown(trouble)}`).join('\n') : undefined,
    answer.sentences.length === 0 ? undefined : answer.sentences.map(sentenceLine).join('\n'),
    tables(comparison),
    allFigures(result),
    failures(verdictsOf(result)),
    untested(verdictsOf(result)),
    claims(verdictsOf(result)),
    result.notes.length > 0 ? result.notes.map((note) => `> ${escapeMarkdown(note)}`).join('\n') : undefined,
    `Again: ${markdownCode(result.command)} (seed ${result.seed}, ${escapeMarkdown(`${result.tool.name} ${result.tool.version}`)})`,
  ]
  return `${parts.filter((part) => part !== undefined).join('\n\n')}\n`
}

function sentenceLine({ parts }: Sentence): string {
  return `- ${parts.map(({ text, tone }) => (tone ? `**${escapeMarkdown(text)}**` : escapeInline(text))).join('')}`
}

/** A stretch of a sentence: what would begin a list at the start of a line stands in its middle, and blanks at its ends count. */
function escapeInline(text: string): string {
  const [, before = '', middle = '', after = ''] = /^(\s*)(.*?)(\s*)$/s.exec(text) ?? []
  return `${before}${escapeMarkdown(middle)}${after}`
}

/** A table for each load. */
function tables(comparison: Comparison): string {
  const all = comparisonTables(comparison)
  if (all.length === 0) return 'Nothing was measured.'
  const notes = comparison.notes.map((note) => `> ${escapeMarkdown(note)}`)
  const parts = all.map(({ title, columns, rows }) =>
    [
      `**${escapeMarkdown(title)}**`,
      '',
      tableLine(['', ...columns.map(escapeMarkdown)]),
      tableLine(['---', ...columns.map(() => '---:')]),
      ...rows.map(({ name, isBaseline, values }) =>
        tableLine([`${escapeMarkdown(name)}${isBaseline && rows.length > 1 ? ' *(baseline)*' : ''}`, ...cellsOf(values, columns.length)]),
      ),
    ].join('\n'),
  )
  return [...parts, ...(notes.length > 0 ? [notes.join('\n')] : [])].join('\n\n')
}

/** Every row with every figure, those of limited ones too; folded, since the tables above have what matters. */
function allFigures(result: RunResult): string | undefined {
  const rows = groupCells(result).flatMap(({ groups }) => groups.map(headlineRow))
  if (rows.length === 0) return undefined
  const columns = usedColumns(rows)
  const lines = rows.map((row) => {
    const named = [escapeMarkdown(row.group.workload), `${escapeMarkdown(row.group.label)}${row.generatorLimited ? ' ⚠️' : ''}`]
    const why = `not applicable: ${row.notApplicable ?? ''}`
    return tableLine([...named, ...cellsOf(row.figures ? columns.map((column) => fieldText(column, row)) : why, columns.length)])
  })
  const limited = rows.some((row) => row.generatorLimited)
  return [
    '<details><summary>All figures</summary>',
    '',
    tableLine(['workload', 'target', ...columns.map((column) => column.head)]),
    tableLine(['---', '---', ...columns.map(() => '---:')]),
    ...lines,
    ...(limited ? ['', '⚠️ The load generator was the bottleneck there; the row is left out of comparisons.'] : []),
    '',
    '</details>',
  ].join('\n')
}

/** Why there are no values stands in the first column. */
function cellsOf(values: readonly string[] | string, columns: number): readonly string[] {
  return typeof values === 'string' ? Array.from({ length: columns }, (_, column) => (column === 0 ? `*${escapeMarkdown(values)}*` : '')) : values
}

function claims(verdicts: readonly Verdict[]): string | undefined {
  const told = verdicts.filter(({ kind, claimOutcome }) => kind === 'claim' && claimOutcome !== 'not applicable')
  if (told.length === 0) return undefined
  const lines = told.map((claim) => {
    const words = outcomeWords(claim)
    return tableLine([`${words.glyph} ${words.word}`, escapeMarkdown(claim.sentence), claim.evidenceKind ? evidenceWords(claim.evidenceKind) : ''])
  })
  return ['### Claims', '', tableLine(['outcome', 'claim', 'rests on']), tableLine(['---', '---', '---']), ...lines].join('\n')
}

function failures(verdicts: readonly Verdict[]): string | undefined {
  const groups = groupVerdicts(
    verdicts.filter(({ kind, outcome, notTested }) => kind !== 'claim' && kind !== 'audit' && outcome !== 'holds' && !notTested),
  )
  if (groups.length === 0) return undefined
  const shown = groups.slice(0, FAILURES_SHOWN)
  const more = groups.length > shown.length ? [`*and ${groups.length - shown.length} more in the report*`] : []
  return ['### What does not hold', ...shown.map(failure), ...more].join('\n\n')
}

/** What nothing in the run could have refuted, each with the command that would. */
function untested(verdicts: readonly Verdict[]): string | undefined {
  const groups = groupVerdicts(verdicts.filter(({ notTested }) => notTested !== undefined))
  if (groups.length === 0) return undefined
  const { glyph, word } = outcomeWords(groups[0]!)
  const lines = groups.map(
    ({ sentence, notTested }) => `- ${glyph} ${word}: ${escapeMarkdown(sentence)} Test it with ${markdownCode(notTested!.command)}`,
  )
  return ['### What was not tested', '', ...lines].join('\n')
}

function failure({ kind, outcome, gates, sentence, verdicts }: VerdictGroup): string {
  const words = outcomeWords({ outcome })
  const first = verdicts[0]!
  const steps = (first.counterexample ?? []).slice(0, STEPS_SHOWN)
  const dropped = (first.counterexample?.length ?? 0) - steps.length
  const cells = verdicts.flatMap((verdict) => verdict.cells ?? [])
  return [
    `**${words.glyph} ${words.word}${outcome === 'fails' && !gates ? ' (no expectation covers it)' : ''}:** ${kind === 'expectation' ? markdownCode(sentence) : escapeMarkdown(sentence)}  `,
    `${escapeMarkdown(first.evidence)}${cells.length > 0 ? ` (${cells.map(markdownCode).join(', ')})` : ''}`,
    ...(steps.length > 0 ? ['', ...steps.map((step, index) => `${index + 1}. ${markdownCode(step)}`)] : []),
    ...(dropped > 0 ? ['', `*and ${dropped} more steps*`] : []),
    ...(first.replay ? ['', `Again: ${markdownCode(first.replay)}`] : []),
  ].join('\n')
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`
}
