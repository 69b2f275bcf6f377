import type { MeasuredFigure } from '../metrics/figure.ts'
import type { Metric } from '../metrics/metric.ts'
import type { Interval } from '../statistics.ts'

/**
 * What the blocks say of a difference. `better` and `worse` by the metric's direction, `different` where it has none;
 * `equivalent`: the interval lies within the margin; `inconclusive`: it does not, and holds "no difference", too.
 */
export type Word = 'better' | 'worse' | 'different' | 'equivalent' | 'inconclusive'

/** Two alternatives by one figure, block by block. */
export interface ContrastInput {
  /** `ratio`: candidate / baseline, by logarithms. `share`: candidate - baseline, where zero is a value like any other. */
  readonly scale: 'ratio' | 'share'
  readonly better: Metric['better']
  /** By block; `paired`: the nth of both was measured in the same block. Figures that are stretches keep both bounds. */
  readonly baseline: readonly MeasuredFigure[]
  readonly candidate: readonly MeasuredFigure[]
  readonly paired: boolean
  /** Of the interval and the word: 1 - 0.05 / m in a family of m, 0.95 for what is seen and not tested. */
  readonly confidence: number
  /** 0.05: within 5 % is no difference that matters; of shares, 0.05 of the baseline's share. */
  readonly equivalentWithin: number
  /** From which share of definite failures on the figure can't be called good (`Metric.mostFailures`). */
  readonly mostFailures?: number | undefined
  /** What the events of a share come in: stale entries, outages. For the upper bound where none was seen. */
  readonly episodes?: { readonly baseline: Episodes; readonly candidate: Episodes } | undefined
}

/** Of all blocks together. Reads in one episode are no independent observations. */
export interface Episodes {
  readonly episodes: number
  readonly events: number
  /** What could have been an event. */
  readonly observations: number
}

export type Construction = 'identical by construction' | 'fixed ratio' | 'fixed difference'

/** How a candidate compares with its baseline. */
export interface Contrast {
  readonly scale: ContrastInput['scale']
  readonly paired: boolean
  /** That both have. */
  readonly blocks: number
  /** Geometric mean of the ratios, or mean difference of the shares; null where there is none (zero, unbounded). */
  readonly estimate: number | null
  readonly confidence: number
  /** Of `estimate`. Absent where fewer blocks than are needed were measured, and where nothing varies. */
  readonly interval?: Interval
  /** Instead of an interval, where one side is zero in every block: smallest and largest difference of a block. */
  readonly range?: Interval
  /**
   * Of one block: standard deviation of the log-ratios, or of the differences; what plans are made from. From two blocks
   * on, where something varies. Of runs, which are not paired, that of one run of either.
   */
  readonly deviation?: number
  /** Absent where none may be given; `why` says why. */
  readonly word?: Word
  /** All log-ratios (differences) are 0, or all are one other number: neither is a measurement of anything that varies. */
  readonly construction?: Construction
  /** A sentence: why there is no word, or what has to be known beside it. */
  readonly why?: string
  /** The exact sign-flip test of "no difference"; of runs, which are not paired, the exact permutation test where one side is zero. */
  readonly pValue?: number
  /** The smallest ratio above 1 (or difference above 0) that so many blocks would find in 4 of 5 experiments. */
  readonly minimumDetectable?: number
  /** How many blocks (runs a side) would tell, of an inconclusive one, from the spread that was measured. */
  readonly blocksNeeded?: number
  /** Later blocks differ from earlier ones beyond chance. */
  readonly drifts?: boolean
  /** Of a side that saw no event in any block: its share is at most this, with `confidence`. */
  readonly upperBound?: { readonly baseline?: number; readonly candidate?: number }
}
