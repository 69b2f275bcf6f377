import type { Cell } from '../../measure/run-result.ts'
import type { Verdict } from '../../measure/verdict.ts'

/**
 * Something that caching guides say, put to the test by what a run measured. One file a claim; listed in
 * `registry.ts`; held to `claims.test.ts`: each has a case that supports it, one that goes the other way, and one to
 * which it does not apply.
 */
export interface Claim {
  /** "cache-lowers-latency"; the verdict's id is "claim/" and this. */
  readonly id: string
  /** As the guides state it, in one sentence. */
  readonly sentence: string
  /** Who says so, in words. */
  readonly source: string
  /** From which measured figures on it counts as supported, and from which as contradicted. */
  readonly threshold: string
  /** A pure function of the evidence. */
  measure(evidence: ClaimEvidence): Verdict
}

/**
 * All cells of a run, judged (`judge.ts`), baselines included, and what the checkers said of each: that is where
 * counterexamples come from. Histories are not handed over again: those of all cells together need not fit in memory.
 */
export interface ClaimEvidence {
  readonly cells: readonly Cell[]
  readonly verdicts: readonly Verdict[]
}
