import type { Cell } from '../measure/run-result.ts'
import type { NotTested, Verdict } from '../measure/verdict.ts'
import { countInWords } from '../measure/words.ts'
import { forAtLeast, suitesOn } from './test-command.ts'

/**
 * With fewer observations than this, none of which refuted it, nothing is said to hold: the rule of three, which bounds
 * what was not seen, is an approximation from 30 on, and bounds a rate to no better than a tenth there.
 */
export const ENOUGH_OBSERVATIONS = 30

/** What a checker found out about one sentence. */
export interface Judged {
  /** "checker/stale-reads" */
  readonly id: string
  readonly sentence: string
  /** It would show a server, or this tool, broken: then it decides the exit code. */
  readonly gates: boolean
  /** How many observations could have refuted the sentence; not counting what merely happened. */
  readonly observations: number
  /** What such an observation is, in the plural: "reads that began after a commit to their key". */
  readonly of: string
  readonly fails: boolean
  /** Why it can be decided neither way, though there was enough to see. */
  readonly inconclusive?: string | undefined
  /** What was found. Without its full stop. */
  readonly evidence: string
  readonly numbers: Readonly<Record<string, number>>
  readonly counterexample?: readonly string[]
  /** A suite in which there is enough to see, for a cell in which there is nothing. */
  readonly testedBy: string
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

function tooFew(cell: Cell, { observations, of, testedBy }: Judged): NotTested | undefined {
  if (observations >= ENOUGH_OBSERVATIONS) return undefined
  const command = observations === 0 || cell.measuredNanos <= 0 ? suitesOn(cell, testedBy) : forAtLeast(longEnough(cell, observations))
  return { why: `${observations === 0 ? 'there were no' : `only ${countInWords(observations)}`} ${of}`, command }
}

/** Twice what it takes at the rate that was seen. */
function longEnough(cell: Cell, observations: number): number {
  return (2 * ENOUGH_OBSERVATIONS * cell.measuredNanos) / observations
}
