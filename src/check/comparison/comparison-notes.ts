import type { Cell } from '../../measure/run-result.ts'
import { onRealServers } from '../on-real-servers.ts'
import { provenanceDifferences, rowDifferences } from '../provenance-differences.ts'
import type { MeasuredAlternative } from './alternatives.ts'
import type { Factors } from './factors.ts'
import type { LabelledRun } from './labelled-run.ts'

/** What could not be compared, and what else than the thing under test differs; `modelled`: what stands behind one model. */
export function comparisonNotes(
  runs: readonly LabelledRun[],
  alternatives: readonly MeasuredAlternative[],
  modelled: readonly Factors[],
): readonly string[] {
  return [
    ...provenanceDifferences(runs),
    ...cellDifferences(runs, alternatives),
    ...alternatives.flatMap(({ alternative: { name, leftOut } }) => (leftOut === undefined ? [] : [`${name}: ${leftOut}`])),
    ...modelledNote(runs, modelled),
  ]
}

/** What else than the run differs between what has the same factors in two of them. */
function cellDifferences(runs: readonly LabelledRun[], alternatives: readonly MeasuredAlternative[]): readonly string[] {
  if (runs.length < 2) return []
  const rows = new Map<string, { readonly what: string; readonly byRun: Cell[][] }>()
  for (const { set } of alternatives) {
    const { run: _, ...factors } = set.factors
    const key = JSON.stringify(factors)
    const row = rows.get(key) ?? { what: `${factors['workload']} on ${factors['target']}`, byRun: runs.map(() => []) }
    rows.set(key, row)
    for (const member of set.members) row.byRun[member.run]!.push(member.cell)
  }
  return [...rows.values()].flatMap(({ what, byRun }) => rowDifferences(what, byRun, runs))
}

/** One sentence for all of them, with the command that has real servers instead. */
function modelledNote(runs: readonly LabelledRun[], modelled: readonly Factors[]): readonly string[] {
  if (modelled.length === 0) return []
  const workloads = [...new Set(modelled.flatMap(({ workload }) => workload ?? []))]
  const targets = [...new Set(modelled.flatMap(({ target }) => target ?? []))]
  return [
    `The same by construction: embedded engines share one model of the network, so how fast they answer and how long they are away says nothing of the engines. Real servers do: ${onRealServers(runs[0]!.result.command, workloads, targets)}`,
  ]
}
