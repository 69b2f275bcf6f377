/** One shape for everything the tool says holds or does not: claims, expectations, checkers, properties, gates. */
export interface Verdict {
  readonly kind: 'claim' | 'expectation' | 'gate' | 'checker' | 'property' | 'audit'
  /** Stable: "claim/cache-lowers-latency", "expect/hit_ratio", "property/redis/strings". */
  readonly id: string
  /** What is judged, in one sentence. */
  readonly sentence: string
  readonly outcome: Outcome
  /** Claims only; the word the report shows. `outcome` follows from it: supported = holds, contradicted = fails, the others = unknown. */
  readonly claimOutcome?: ClaimOutcome
  /** How many observations could have refuted it. A verdict without this number rests on a single figure. */
  readonly observations?: number
  /**
   * Present when too few observations could have refuted it: the word is "not tested", the outcome `unknown`, and it
   * gates nothing. What a workload can't show is no fault of the endpoint.
   */
  readonly notTested?: NotTested
  /** "observed" = real server and real database; "modelled" names the settings it rests on. */
  readonly evidenceKind?: 'observed' | 'modelled'
  /** What was measured and against which threshold, in one sentence with numbers and units. */
  readonly evidence: string
  /** The numbers behind the sentence, by name, units in the names. */
  readonly numbers?: Readonly<Record<string, number>>
  /** Cells (ids in run.json) the evidence comes from. */
  readonly cells?: readonly string[]
  /** The shortest history or command sequence that shows a failure, one step a line, as one would type it. */
  readonly counterexample?: readonly string[]
  /** The command that shows it again. */
  readonly replay?: string
  /** False for claims: what is learned about caching fails no pipeline. */
  readonly gates: boolean
}

/**
 * supported, contradicted: as the claim's threshold says. not observed: enough was seen, and it decides neither way.
 * not tested: too little was seen that could have refuted it. not applicable: nothing of the kind was run.
 */
export type ClaimOutcome = 'supported' | 'contradicted' | 'not observed' | 'not tested' | 'not applicable'

export interface NotTested {
  /** Why too few, in one sentence without its full stop. */
  readonly why: string
  /** The command that would test it; until the run is concluded, flags to add to the run's own ("--duration 90m"). */
  readonly command: string
}

/** Three-valued. Merge order: fails > unknown > holds. */
export type Outcome = 'holds' | 'fails' | 'unknown'

export function mergeOutcomes(outcomes: Iterable<Outcome>): Outcome {
  let merged: Outcome = 'holds'
  for (const outcome of outcomes) {
    if (outcome === 'fails') return 'fails'
    if (outcome === 'unknown') merged = 'unknown'
  }
  return merged
}
