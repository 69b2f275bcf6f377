import type { RunResult } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'

/** A run's verdicts. The schema's type allows an optional field to be there and undefined; a document never has that. */
export function verdictsOf(result: Pick<RunResult, 'verdicts'>): readonly Verdict[] {
  return result.verdicts as readonly Verdict[]
}
