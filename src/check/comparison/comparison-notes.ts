import type { Cell } from '../../measure/run-result.ts'
import { provenanceDifferences, rowDifferences } from '../provenance-differences.ts'
import type { MeasuredAlternative } from './alternatives.ts'
import type { LabelledRun } from './labelled-run.ts'

/** What could not be compared, and what else than the thing under test differs. */
export function comparisonNotes(runs: readonly LabelledRun[], alternatives: readonly MeasuredAlternative[], isModelled: boolean): readonly string[] {
  return [
    ...provenanceDifferences(runs),
    ...cellDifferences(runs, alternatives),
    ...alternatives.flatMap(({ alternative: { name, leftOut } }) => (leftOut === undefined ? [] : [`${name}: ${leftOut}`])),
    ...(isModelled ? [MODELLED] : []),
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

const MODELLED =
  'Embedded engines share one model of a network: how long they take, what they carry and how long they are away is equal by construction. What real servers do shows --target local:valkey --target local:memcached.'
