import type { VaryingFactor } from './comparison.ts'
import type { Factors } from './factors.ts'
import { follows, levelOf } from './varying-factors.ts'

/** Two alternatives that differ in one factor. */
export interface ContrastPair<Set> {
  readonly by: string
  readonly baseline: Set
  readonly candidate: Set
}

/** Beside strategies with a cache, the case without one. */
export const BY_CACHE = 'cache'

interface Comparable {
  readonly factors: Factors
  readonly subject: { readonly isWithoutCache: boolean }
}

/**
 * Every pair of one group that differs in one varying factor (`by`: in this one), its baseline's level against each other
 * one. Where there is none, as with one alternative, it is compared with the database alone.
 */
export function contrastPairs<Set extends Comparable>(
  sets: readonly Set[],
  factors: readonly VaryingFactor[],
  by?: string,
): readonly ContrastPair<Set>[] {
  const cached = sets.filter(({ subject }) => !subject.isWithoutCache)
  const asked = by === undefined ? factors : factors.filter(({ name }) => name === by)
  const pairs = asked.flatMap((factor) => pairsBy(factor, cached, factors))
  if (pairs.length > 0 || (by !== undefined && by !== BY_CACHE)) return pairs
  return sets
    .filter(({ subject }) => subject.isWithoutCache)
    .flatMap((baseline) => cached.map((candidate) => ({ by: BY_CACHE, baseline, candidate })))
}

function pairsBy<Set extends Comparable>(
  { name, levels }: VaryingFactor,
  cached: readonly Set[],
  factors: readonly VaryingFactor[],
): ContrastPair<Set>[] {
  const all = cached.map((set) => set.factors)
  // What goes along with this factor, either way, differs with it.
  const others = factors.filter((other) => other.name !== name && !follows(all, other.name, name) && !follows(all, name, other.name))
  const placeOf = (set: Set) => levels.indexOf(levelOf(set.factors, name))
  const inOrder = [...cached].sort((a, b) => placeOf(a) - placeOf(b))
  return inOrder.flatMap((candidate) => {
    const beside = inOrder.filter((one) => others.every((other) => levelOf(one.factors, other.name) === levelOf(candidate.factors, other.name)))
    const first = placeOf(beside[0]!)
    if (placeOf(candidate) === first) return []
    return beside.filter((one) => placeOf(one) === first).map((baseline) => ({ by: name, baseline, candidate }))
  })
}
