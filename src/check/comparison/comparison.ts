import type { Contrast } from '../../measure/inference/contrast.ts'
import type { Figure } from '../../measure/metrics/figure.ts'
import type { Cell } from '../../measure/run-result.ts'
import type { Interval } from '../../measure/statistics.ts'
import type { Factors } from './factors.ts'

/**
 * A run, or several, as alternatives that can be compared: read by terminal, Markdown, page, gates and `--json`, which
 * compute nothing of their own.
 */
export interface Comparison {
  /** What differs between the alternatives, in the order of `FACTOR_ORDER`; what follows from another factor is left out. */
  readonly factors: readonly VaryingFactor[]
  /** Alternatives under one load stand in one group: those alone can be compared. */
  readonly groups: readonly ComparisonGroup[]
  /** What is tested together, and at what level. */
  readonly family: Family
  /** Contrasts of the family first, in its order; then every other that was seen and not tested. */
  readonly contrasts: readonly NamedContrast[]
  /** What two alternatives have in common, since one model stands behind both: no difference between them is a finding. */
  readonly modelled: readonly ModelledFigure[]
  /** Of the figure "cost"; absent where nobody named prices. */
  readonly currency?: string
  /** What could not be compared, and what has to be known of what was. */
  readonly notes: readonly string[]
}

export interface VaryingFactor {
  /** "target", "with.ttl" */
  readonly name: string
  /** In the order in which they first ran; the first is the baseline. */
  readonly levels: readonly string[]
}

export interface ComparisonGroup {
  readonly id: string
  /** In words: "1,000 operations/s on 2,000 keys, SQLite behind". */
  readonly load: string
  /** Of cells in which nothing goes wrong on purpose, or of those of one fault. */
  readonly fault: string | undefined
  readonly alternatives: readonly Alternative[]
}

export interface Alternative {
  /** Unique in the comparison. */
  readonly id: string
  /** The levels that tell it from the others of its group: "write-through, Memcached", "TTL 10 s"; "no cache". */
  readonly name: string
  readonly factors: Factors
  /** The case without a cache. */
  readonly isWithoutCache: boolean
  readonly cells: readonly Cell[]
  /** By name of the metric; those that were measured in no block are absent. */
  readonly figures: Readonly<Record<string, AlternativeFigure>>
  /** Why nothing can be said of it: not applicable, generator-limited. */
  readonly leftOut: string | undefined
}

export interface AlternativeFigure {
  /** All blocks together. */
  readonly pooled: Figure
  /** By block; what was missing in a block is left out. */
  readonly byBlock: readonly { readonly block: number; readonly figure: Figure }[]
  /** 95 % interval of the blocks' mean (of logarithms where all are above zero); from 6 blocks on. */
  readonly interval?: Interval
}

export interface Family {
  /** Names of the metrics, in the order in which it was filled. */
  readonly figures: readonly string[]
  /** How many contrasts; interval, word, minimum detectable effect and gate stand at 1 - 0.05 / size. */
  readonly size: number
  /** The figure of each contrast that did not fit. */
  readonly cut: readonly string[]
}

/** A figure that says nothing of how the candidate differs from its baseline. */
export type ModelledFigure = Pick<NamedContrast, 'group' | 'baseline' | 'candidate' | 'figure'>

export interface NamedContrast {
  readonly group: string
  /** Ids of alternatives. */
  readonly baseline: string
  readonly candidate: string
  /** The factor in which the two differ: "workload". */
  readonly by: string
  /** Name of the metric. */
  readonly figure: string
  /** Whether it belongs to the family: others have a 95 % interval and no word. */
  readonly tested: boolean
  readonly contrast: Contrast
}
