import { basename, dirname, extname, resolve } from 'node:path'
import { combinedRun, withOwnIds } from '../../check/comparison/combined-run.ts'
import { comparedContrasts } from '../../check/comparison/compared-contrasts.ts'
import type { Comparison } from '../../check/comparison/comparison.ts'
import { type ComparisonOptions, comparisonOf } from '../../check/comparison/comparison-of.ts'
import { BY_CACHE } from '../../check/comparison/contrast-pairs.ts'
import { DEFAULT_FIGURES } from '../../check/comparison/default-figures.ts'
import { figuresWith } from '../../check/comparison/gate.ts'
import { gateVerdicts } from '../../check/comparison/gate-verdicts.ts'
import type { LabelledRun } from '../../check/comparison/labelled-run.ts'
import { RUN } from '../../check/comparison/run-factor.ts'
import { nearest } from '../../measure/nearest.ts'
import type { RunResult } from '../../measure/run-result.ts'
import { renderJunit } from '../../report/junit/render-junit.ts'
import { renderMarkdown } from '../../report/markdown/render-markdown.ts'
import { verdictsOf } from '../../report/summary/verdicts-of.ts'
import { terminalReport } from '../../report/terminal/terminal-report.ts'
import { repeatableCommand } from '../../run/repeatable-command.ts'
import { RUN_FILE, readRunFile } from '../../run/run-file.ts'
import { UsageError } from '../../runtime/usage-error.ts'
import { type ComparisonFlags, comparisonFlags } from '../comparison-flags.ts'
import type { ExitCode } from '../exit-code.ts'
import { exitCodeOf } from '../exit-code-of.ts'
import { writeOutputFile } from '../output-file.ts'
import { readPrices } from '../read-prices.ts'
import { appendStepSummary } from '../step-summary.ts'
import { textOptions } from '../terminal.ts'

export interface CompareFlags extends ComparisonFlags {
  readonly by?: string
  readonly baseline?: string
  readonly price?: string
  readonly out?: readonly string[]
  readonly json?: boolean
}

/** What differs within a stored run, or between several. Throws `UsageError` for what is no run and for what can't be compared. */
export async function compareCommand(folders: readonly string[], flags: CompareFlags): Promise<ExitCode> {
  const { gates, ...wishes } = comparisonFlags(flags)
  const prices = flags.price === undefined ? undefined : readPrices(flags.price)
  const outputs = (flags.out ?? []).map(outputOf)
  const results = folders.map((folder) => readRunFile(folder))
  const runs = withOwnIds(labelled(folders, results) as [LabelledRun, ...LabelledRun[]])
  refuseOtherTimes(runs)
  const figures = wishes.figures ?? runs[0].result.comparison?.figures ?? DEFAULT_FIGURES
  const options: ComparisonOptions = {
    ...wishes,
    figures: figuresWith(gates, figures),
    ...(prices && { prices }),
    ...(flags.by !== undefined && { by: flags.by }),
    ...(flags.baseline !== undefined && { baseline: flags.baseline }),
  }
  const comparison = comparisonOf(runs, options)
  refuseUnknownFactor(comparison, flags)
  if (comparedContrasts(comparison).length === 0) refuseNothing(comparison, flags)
  const verdicts = gateVerdicts(comparison, gates)
  const result = combinedRun(runs, { command: repeatableCommand(process.argv.slice(2)), by: flags.by, verdicts })
  for (const { path, render } of outputs) writeOutputFile(path, await render(result, comparison))
  const unsaid = appendStepSummary(process.env, () => renderMarkdown(result, comparison))
  if (unsaid !== undefined) process.stderr.write(`note: ${unsaid}\n`)
  if (flags.json) process.stdout.write(`${JSON.stringify(withoutCells(comparison))}\n`)
  else process.stdout.write(terminalReport(result, { ...textOptions(process.stdout), comparison, reportPath: outputs[0]?.path }))
  return exitCodeOf({ status: 'complete', verdicts })
}

interface Output {
  readonly path: string
  render(result: RunResult, comparison: Comparison): Promise<string> | string
}

/** By the file's name: a page, Markdown for a pull request, JUnit for CI. */
function outputOf(path: string): Output {
  const render: Readonly<Record<string, Output['render']>> = {
    '.html': async (result, comparison) => (await import('../../report/html/render-html.ts')).renderHtml(result, comparison),
    '.md': renderMarkdown,
    '.xml': (result) => renderJunit(verdictsOf(result), result.name),
  }
  const found = render[extname(path).toLowerCase()]
  if (found) return { path, render: found }
  throw new UsageError(`--out ${path}: the file's name does not say what it is to be`, 'a page (.html), Markdown (.md) or JUnit (.xml)')
}

function refuseOtherTimes(runs: readonly LabelledRun[]): void {
  const [baseline] = runs
  const other = runs.find(({ result }) => result.virtual !== baseline!.result.virtual)
  if (!other) return
  const kind = (run: LabelledRun) => `${run.label} ran on ${run.result.virtual ? 'virtual' : 'real'} time`
  throw new UsageError(`${kind(baseline!)} and ${kind(other)}: their times can't be compared`, 'compare runs of one kind')
}

function refuseUnknownFactor({ factors }: Comparison, { by, baseline }: CompareFlags): void {
  if (by === undefined) {
    if (baseline !== undefined)
      throw new UsageError(
        '--baseline names a level, and nothing says of which factor',
        `--by ${factors[0]?.name ?? 'target'} --baseline ${baseline}`,
      )
    return
  }
  const names = [...factors.map(({ name }) => name), BY_CACHE]
  const factor = factors.find(({ name }) => name === by)
  if (!factor && by !== BY_CACHE && by !== RUN) {
    const meant = nearest(by, names)
    throw new UsageError(`nothing differs by "${by}"`, meant === undefined ? `what differs: ${names.join(', ')}` : `did you mean ${meant}?`)
  }
  if (baseline === undefined || factor?.levels.includes(baseline)) return
  const levels = factor?.levels.filter((level) => level !== baseline) ?? []
  const meant = nearest(baseline, levels)
  throw new UsageError(`no ${by} is "${baseline}"`, meant === undefined ? `there is ${levels.join(', ')}` : `did you mean ${meant}?`)
}

function refuseNothing({ groups, notes }: Comparison, { by }: CompareFlags): never {
  const alternatives = groups
    .map((group) => `\n  under ${group.load}: ${group.alternatives.map(({ name }) => name).join(', ') || 'nothing'}`)
    .join('')
  const reasons = notes.map((note) => `\n  ${note}`).join('')
  throw new UsageError(
    `there is nothing that can be compared${by === undefined ? '' : ` by ${by}`}:${alternatives}${reasons}`,
    'at least two alternatives under one load',
  )
}

/** Cells stand in the runs. */
function withoutCells(comparison: Comparison): unknown {
  const groups = comparison.groups.map((group) => ({
    ...group,
    alternatives: group.alternatives.map(({ cells, ...one }) => ({ ...one, cells: cells.map(({ id }) => id) })),
  }))
  return { ...comparison, groups }
}

/** The folder's own name, with as much of its path as tells it from the others. */
function labelled(folders: readonly string[], results: readonly LabelledRun['result'][]): LabelledRun[] {
  const paths = folders.map((folder) => (basename(folder) === RUN_FILE ? dirname(resolve(folder)) : resolve(folder)))
  const names = paths.map((path) => basename(path))
  return results.map((result, index) => {
    const label = names.filter((name) => name === names[index]).length > 1 ? folders[index]! : names[index]!
    return { label, result }
  })
}
