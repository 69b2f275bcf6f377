import { basename, dirname, resolve } from 'node:path'
import { compareRuns, type LabelledRun } from '../../check/compare-runs.ts'
import { terminalComparison } from '../../report/terminal/terminal-comparison.ts'
import { RUN_FILE, readRunFile } from '../../run/run-file.ts'
import { UsageError } from '../../target/target.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { writeOutputFile } from '../output-file.ts'
import { textOptions } from '../terminal.ts'

/** Stored runs side by side, the first as the baseline. Throws `UsageError` for what is no run and for runs that have nothing in common. */
export async function compareCommand(folders: readonly string[], flags: { readonly out?: string; readonly json?: boolean }): Promise<ExitCode> {
  if (folders.length < 2)
    throw new UsageError(`compare needs at least two runs, and ${folders.length} was given`, 'the first is the baseline: cacheproof compare OLD NEW')
  const results = folders.map((folder) => readRunFile(folder))
  const runs = labelled(folders, results)
  const [baseline, ...others] = runs
  const other = others.find(({ result }) => result.virtual !== baseline!.result.virtual)
  if (other) {
    const kind = (run: LabelledRun) => `${run.label} ran on ${run.result.virtual ? 'virtual' : 'real'} time`
    throw new UsageError(`${kind(baseline!)} and ${kind(other)}: their times can't be compared`, 'compare runs of one kind')
  }
  const comparison = compareRuns(runs)
  if (comparison.rows.length === 0) {
    const reasons = comparison.leftOut.map(({ what, label, reason }) => `\n  ${what} of ${label}: ${reason}`).join('')
    throw new UsageError(`these runs have nothing that can be compared${reasons}`, 'cells are matched by workload, target and client')
  }
  if (flags.out !== undefined) await writePage(flags.out, runs)
  if (flags.json) process.stdout.write(`${JSON.stringify(comparison)}\n`)
  else {
    process.stdout.write(terminalComparison(comparison, textOptions(process.stdout)))
    if (flags.out !== undefined) process.stdout.write(`\nReport: ${flags.out}\n`)
  }
  return EXIT.ok
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

async function writePage(file: string, runs: readonly LabelledRun[]): Promise<void> {
  const { renderComparison } = await import('../../report/compare/render-comparison.ts')
  writeOutputFile(file, renderComparison(runs))
}
