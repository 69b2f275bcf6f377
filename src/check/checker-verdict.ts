import type { Cell } from '../measure/run-result.ts'
import type { NotTested, Verdict } from '../measure/verdict.ts'
import { type Observed, tooFew } from './too-few.ts'

/** What a checker found out about one sentence. */
export interface Judged extends Observed {
  /** "checker/stale-reads" */
  readonly id: string
  readonly sentence: string
  /** It would show a server, or this tool, broken: then it decides the exit code. */
  readonly gates: boolean
  readonly fails: boolean
  /** Why it can be decided neither way, though there was enough to see. */
  readonly inconclusive?: string | undefined
  /** What was found. Without its full stop. */
  readonly evidence: string
  readonly numbers: Readonly<Record<string, number>>
  readonly counterexample?: readonly string[]
  /** Overrides what is said, and named, when there were too few. */
  readonly notTested?: NotTested | undefined
}

/** One refutation is enough; silence is worth what could have broken it. */
export function checkerVerdict(cell: Cell, judged: Judged): Verdict {
  const { id, sentence, gates, observations, numbers, counterexample } = judged
  const base = { kind: 'checker', id, sentence, observations, numbers, cells: [cell.id] } as const
  if (judged.fails) {
    return {
      ...base,
      outcome: 'fails',
      evidence: `${judged.evidence}.`,
      gates,
      ...(counterexample && counterexample.length > 0 && { counterexample }),
    }
  }
  const notTested = judged.notTested ?? tooFew(cell, judged)
  if (notTested) return { ...base, outcome: 'unknown', evidence: `Not tested: ${notTested.why}.`, notTested, gates: false }
  if (judged.inconclusive !== undefined) return { ...base, outcome: 'unknown', evidence: `Inconclusive: ${judged.inconclusive}.`, gates: false }
  return { ...base, outcome: 'holds', evidence: `${judged.evidence}.`, gates }
}
