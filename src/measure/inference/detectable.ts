import { noncentralityFor } from './noncentrality-for.ts'

/** In four of five experiments. */
export const POWER = 0.8

/**
 * The smallest ratio above 1 that so many paired blocks show with probability `power`, at `confidence`. `deviation`: of
 * the blocks' log-ratios. From the noncentral t distribution, which the usual sum of two t quantiles only approaches.
 */
export function detectable(deviation: number, blocks: number, confidence: number, power = POWER): number {
  return Math.exp(detectableDifference(deviation, blocks, confidence, power))
}

/** The same of differences, in the unit of `deviation`. */
export function detectableDifference(deviation: number, blocks: number, confidence: number, power = POWER): number {
  if (!(blocks >= 2)) return Number.POSITIVE_INFINITY
  return (noncentralityFor(power, blocks - 1, confidence) * deviation) / Math.sqrt(blocks)
}
