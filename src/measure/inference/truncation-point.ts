import { mean } from '../statistics.ts'

/** Observations in a batch: enough to take out most of what neighbours have in common. */
const BATCH = 5
/** With fewer batches than this a minimum says nothing. */
const FEWEST_BATCHES = 10

/**
 * MSER-5: how many of the first observations to leave out so that the mean of the rest has the smallest standard error.
 * At most half of them, since what is left gets small by chance at the end. Undefined where there are too few. K. P. White,
 * M. J. Cobb, S. C. Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000.
 */
export function truncationPoint(values: readonly number[]): number | undefined {
  const batches = Array.from({ length: Math.floor(values.length / BATCH) }, (_, batch) => mean(values.slice(batch * BATCH, (batch + 1) * BATCH)))
  if (batches.length < FEWEST_BATCHES) return undefined
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let cut = 0; cut <= batches.length / 2; cut++) {
    const rest = batches.slice(cut)
    const centre = mean(rest)
    const error = rest.reduce((sum, value) => sum + (value - centre) ** 2, 0) / rest.length ** 2
    if (error >= least) continue
    least = error
    best = cut
  }
  return best * BATCH
}
