import type { Cell, RunResult } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'
import type { LabelledRun } from './labelled-run.ts'
import { isRunFactor } from './run-factor.ts'

export type Runs = readonly [LabelledRun, ...LabelledRun[]]

/** Cells of several runs have one name in two of them: here each has its own. */
export function withOwnIds(runs: Runs): Runs {
  const [first, ...others] = runs
  return others.length === 0 ? runs : [withOwnId(first), ...others.map(withOwnId)]
}

function withOwnId({ label, result }: LabelledRun): LabelledRun {
  return { label, result: { ...result, cells: result.cells.map((cell) => ({ ...cell, id: `${label}: ${cell.id}` })) } }
}

/**
 * Several runs as one, for reports that are of one: the cells of all, and nothing that was judged in them but what is handed
 * in. Where the runs themselves are compared, the rows of each bear its label.
 */
export function combinedRun(
  runs: Runs,
  { command, by, verdicts }: { readonly command: string; readonly by: string | undefined; readonly verdicts: readonly Verdict[] },
): RunResult {
  const [{ result: first }] = runs
  const isByRun = isRunFactor(runs, by)
  return {
    ...first,
    name: runs.map(({ label }) => label).join(' and '),
    command,
    status: runs.find(({ result }) => result.status !== 'complete')?.result.status ?? 'complete',
    cells: runs.flatMap(({ label, result }) => (isByRun ? result.cells.map((cell) => labelled(cell, label)) : result.cells)),
    verdicts: verdicts as RunResult['verdicts'],
    notes: runs.flatMap(({ label, result }) => result.notes.map((note) => `${label}: ${note}`)),
  }
}

function labelled(cell: Cell, label: string): Cell {
  const named = (workload: string) => `${workload} (${label})`
  return {
    ...cell,
    workload: named(cell.workload),
    ...(cell.baselineOf !== undefined && { baselineOf: named(cell.baselineOf) }),
    ...(cell.serves && { serves: cell.serves.map(named) }),
  }
}
