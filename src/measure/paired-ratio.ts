import { type Interval, MIN_BLOCKS, mean, signFlipPValue, standardDeviation, studentInterval } from './statistics.ts'
import { studentTQuantile } from './student-t.ts'

/** How a candidate's figure compares with a baseline's, over blocks in which both ran. */
export interface PairedRatio {
  readonly blocks: number
  /** Candidate over baseline: the geometric mean of the blocks' ratios. 1.1 is 10 % more. */
  readonly ratio: number
  /** 95 % Student interval of the ratio. Absent below 6 blocks: one number beside another is all there is then. */
  readonly interval?: Interval
  /** Exact sign-flip test of "no difference". Absent below 6 blocks. */
  readonly pValue?: number
  /**
   * The smallest ratio above 1 that as many blocks with this noise would show in 4 of 5 experiments at the 5 % level.
   * To be printed beside every verdict. Absent below 6 blocks.
   */
  readonly minimumDetectableRatio?: number
}

/**
 * Compares block by block: `baseline[i]` and `candidate[i]` were measured in the same block, so what changes from
 * block to block drops out of their ratio. Undefined when a figure is missing (NaN), zero or negative: there is no
 * ratio then. Throws for lists of different lengths.
 */
export function pairedRatio(baseline: readonly number[], candidate: readonly number[]): PairedRatio | undefined {
  if (baseline.length !== candidate.length) throw new RangeError(`${baseline.length} blocks of the baseline and ${candidate.length} of the candidate`)
  if (baseline.length === 0 || ![...baseline, ...candidate].every((figure) => figure > 0 && Number.isFinite(figure))) return undefined
  const logRatios = baseline.map((figure, block) => Math.log(candidate[block]! / figure))
  const blocks = logRatios.length
  const ratio = Math.exp(mean(logRatios))
  if (blocks < MIN_BLOCKS) return { blocks, ratio }
  const { low, high } = studentInterval(logRatios)
  return {
    blocks,
    ratio,
    interval: { low: Math.exp(low), high: Math.exp(high) },
    pValue: signFlipPValue(logRatios),
    minimumDetectableRatio: Math.exp(minimumDetectableEffect(standardDeviation(logRatios), blocks)),
  }
}

/** Of a paired comparison with 80 % power at the 5 % level: (t(97.5 %) + t(80 %)) s / sqrt(n), in units of s. */
export function minimumDetectableEffect(deviation: number, blocks: number): number {
  const degrees = blocks - 1
  return ((studentTQuantile(0.975, degrees) + studentTQuantile(0.8, degrees)) * deviation) / Math.sqrt(blocks)
}
