import { blocksForDifference } from './blocks-for.ts'
import { POWER } from './detectable.ts'

export interface Undecided {
  /** Measured; log-ratio or difference of shares. */
  readonly estimate: number
  /** Of one block. */
  readonly deviation: number
  /** Within so much of zero is no difference that matters. */
  readonly margin: number
  readonly confidence: number
  readonly degreesOf?: (blocks: number) => number
}

/**
 * How many blocks would earn a word with a power of 80 %, if the truth is what was measured: enough to tell the estimate
 * from zero, or to tell it from the margin, whichever are fewer. Undefined where neither can be.
 */
export function blocksThatTell({ estimate, deviation, margin, confidence, degreesOf }: Undecided): number | undefined {
  const size = Math.abs(estimate)
  const blocks = (difference: number, power: number) => blocksForDifference(difference, deviation, confidence, power, degreesOf)
  const different = blocks(size, POWER)
  // Both ends must lie within the margin: the nearer one with the power, and each with half of what it leaves.
  const near = size < margin ? blocks(margin - size, POWER) : undefined
  const both = size < margin ? blocks(margin, (1 + POWER) / 2) : undefined
  const equivalent = near !== undefined && both !== undefined ? Math.max(near, both) : undefined
  if (different === undefined || equivalent === undefined) return different ?? equivalent
  return Math.min(different, equivalent)
}
