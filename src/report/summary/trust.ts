import type { RunResult } from '../../measure/run-result.ts'
import { plural } from '../../measure/words.ts'
import { unsteadyReason } from './warm-up-words.ts'

/** Can the run be trusted? Says nothing about the target, only about how it was measured. */
export interface Trust {
  readonly level: 'good' | 'partly' | 'poor'
  readonly words: string
  /** One sentence each; empty when all is well. */
  readonly reasons: readonly string[]
}

const WORDS = { good: 'Measured soundly', partly: 'Trust with care', poor: 'Do not compare' } as const

export function trustOf(result: Pick<RunResult, 'cells' | 'status'>): Trust {
  const measured = result.cells.filter((cell) => cell.notApplicable === undefined)
  const limited = measured.filter((cell) => cell.audit.generatorLimited)
  const early = measured.filter((cell) => cell.endedEarly !== undefined)
  const torn = measured.filter((cell) => cell.history.tornSegments > 0)
  const reasons: string[] = []
  if (measured.length === 0) reasons.push('Nothing was measured.')
  if (result.status === 'interrupted') reasons.push('The run was interrupted; what was measured until then is shown.')
  if (result.status === 'recovered') reasons.push('The run died and was recovered from what it had written until then.')
  if (limited.length > 0) {
    reasons.push(
      `The load generator itself was the bottleneck in ${limited.length} of ${plural(measured.length, 'cell')}: their latencies and rates are partly its own, and they are left out of comparisons.`,
    )
  }
  const unsteady = unsteadyReason(measured)
  if (unsteady !== undefined) reasons.push(unsteady)
  if (early.length > 0) reasons.push(`${plural(early.length, 'cell')} ended early.`)
  if (torn.length > 0) reasons.push(`${plural(torn.length, 'history', 'histories')} could not be read back in full.`)
  const poor = measured.length === 0 || limited.length === measured.length
  const level = poor ? 'poor' : reasons.length > 0 ? 'partly' : 'good'
  return { level, words: WORDS[level], reasons }
}
