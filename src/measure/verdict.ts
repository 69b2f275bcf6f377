/** One shape for everything the tool says holds or does not: claims, expectations, checkers, properties, gates. */
export interface Verdict {
  readonly kind: 'claim' | 'expectation' | 'checker' | 'property' | 'audit'
  /** Stable: "claim/cache-lowers-latency", "expect/hit_ratio", "property/redis/strings". */
  readonly id: string
  /** What is judged, in one sentence. */
  readonly sentence: string
  readonly outcome: Outcome
  /** Claims only; the word the report shows. `outcome` follows from it: supported = holds, contradicted = fails, the others = unknown. */
  readonly claimOutcome?: 'supported' | 'contradicted' | 'not observed' | 'not applicable'
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
