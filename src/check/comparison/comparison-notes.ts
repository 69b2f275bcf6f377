import { provenanceDifferences } from '../provenance-differences.ts'
import type { MeasuredAlternative } from './alternatives.ts'
import type { LabelledRun } from './comparison-of.ts'

/** What could not be compared, and what else than the thing under test differs. */
export function comparisonNotes(runs: readonly LabelledRun[], alternatives: readonly MeasuredAlternative[], isModelled: boolean): readonly string[] {
  return [
    ...provenanceDifferences(runs),
    ...alternatives.flatMap(({ alternative: { name, leftOut } }) => (leftOut === undefined ? [] : [`${name}: ${leftOut}`])),
    ...(isModelled ? [MODELLED] : []),
  ]
}

const MODELLED =
  'Embedded engines share one model of a network: how long they take, what they carry and how long they are away is equal by construction. What real servers do shows --target local:valkey --target local:memcached.'
