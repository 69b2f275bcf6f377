import type { KeyChooser } from './key-chooser.ts'

/** Draws of a past that never was come from indices that no run reaches. */
const FAR_AWAY = 2 ** 40
/** So many operations for each key show where all but the rarest stand. */
const OPERATIONS_PER_KEY = 20
const MOST_OPERATIONS = 5_000_000
/** The newest key moves on once in so many operations (latest.ts): the past must lead up to the first operation's. */
const OPERATIONS_PER_NEW_KEY = 20

/** A stretch of imagined operations that ends where the first real one begins. */
export interface ImaginedPast {
  /** The index after the last of them. */
  readonly first: number
  readonly operations: number
}

/** `wanted`: how many operations are of interest, at the most. */
export function imaginedPast(keyCount: number, wanted = Number.POSITIVE_INFINITY): ImaginedPast {
  const round = OPERATIONS_PER_NEW_KEY * keyCount
  return { first: Math.ceil(FAR_AWAY / round) * round, operations: Math.min(wanted, OPERATIONS_PER_KEY * keyCount, MOST_OPERATIONS) }
}

/**
 * All keys, in the order in which they were last asked for by such a load: what is asked for most comes last, so that a
 * cache which is too small for all of them holds what it would hold in the long run.
 */
export function keysByLastUse(keys: KeyChooser): Float64Array {
  const { first, operations } = imaginedPast(keys.count)
  const lastUse = new Float64Array(keys.count).fill(Number.NEGATIVE_INFINITY)
  for (let ago = operations; ago >= 1; ago--) lastUse[keys.key(first - ago)] = -ago
  return Float64Array.from(lastUse.keys()).sort((a, b) => (lastUse[a]! === lastUse[b]! ? a - b : lastUse[a]! - lastUse[b]!))
}
