import { MIN_BLOCKS } from '../statistics.ts'
import { POWER } from './detectable.ts'
import { noncentralityFor } from './noncentrality-for.ts'

/** More than anybody runs: what would need them can't be told this way. */
const MOST_BLOCKS = 100_000

/**
 * How many paired blocks show a ratio (1.05 or 1 / 1.05: 5 %) with probability `power`, at `confidence`. `deviation`: of
 * the blocks' log-ratios. At least the 6 without which there is no word; undefined where 100,000 would not do.
 */
export function blocksFor(effectRatio: number, deviation: number, confidence: number, power = POWER): number | undefined {
  if (!(effectRatio > 0)) throw new RangeError(`a ratio of ${effectRatio}; above 0`)
  return blocksForDifference(Math.abs(Math.log(effectRatio)), deviation, confidence, power)
}

/** The same of a difference, in the unit of `deviation`. `degreesOf`: blocks - 1 unless told. */
export function blocksForDifference(
  difference: number,
  deviation: number,
  confidence: number,
  power = POWER,
  degreesOf = (blocks: number) => blocks - 1,
): number | undefined {
  const shows = (blocks: number) => difference * Math.sqrt(blocks) >= noncentralityFor(power, degreesOf(blocks), confidence) * deviation
  let enough = MIN_BLOCKS
  if (shows(enough)) return enough
  while (!shows(enough)) {
    enough *= 2
    if (enough > MOST_BLOCKS) return undefined
  }
  let few = enough / 2
  while (enough - few > 1) {
    const middle = (few + enough) >> 1
    if (shows(middle)) enough = middle
    else few = middle
  }
  return enough
}
