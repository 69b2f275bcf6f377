import type { Cell } from '../measure/run-result.ts'
import type { NotTested } from '../measure/verdict.ts'
import { countInWords } from '../measure/words.ts'
import { forAtLeast, suitesOn } from './test-command.ts'

/**
 * With fewer observations than this, none of which refuted it, nothing is said to hold: the rule of three, which bounds
 * what was not seen, is an approximation from 30 on, and bounds a rate to no better than a tenth there.
 */
export const ENOUGH_OBSERVATIONS = 30

export interface Observed {
  /** How many observations could have refuted the sentence; not counting what merely happened. */
  readonly observations: number
  /** What such an observation is, in the plural: "reads that began after a commit to their key". */
  readonly of: string
  /** So many are enough. */
  readonly least?: number
  /** Suites in which there is enough to see, for a cell in which there is nothing. */
  readonly testedBy: string | readonly string[]
}

/** Why a sentence was not tested in this cell, and what would test it; undefined where enough was seen. */
export function tooFew(cell: Cell, { observations, of, least = ENOUGH_OBSERVATIONS, testedBy }: Observed): NotTested | undefined {
  if (observations >= least) return undefined
  const nothing = observations === 0 || cell.measuredNanos <= 0
  return {
    why: `${observations === 0 ? 'there were no' : `only ${countInWords(observations)}`} ${of}`,
    // Twice what it takes at the rate that was seen.
    command: nothing ? suitesOn(cell, ...[testedBy].flat()) : forAtLeast((2 * least * cell.measuredNanos) / observations),
  }
}
