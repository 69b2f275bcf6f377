import type { VaryingFactor } from './comparison.ts'
import type { Factors } from './factors.ts'
import { levelOf } from './varying-factors.ts'

/** By their levels, the last factor fastest; the case without a cache first. */
export function inOrder<Set extends { readonly factors: Factors; readonly subject: { readonly isWithoutCache: boolean } }>(
  sets: readonly Set[],
  factors: readonly VaryingFactor[],
): readonly Set[] {
  return [...sets].sort((a, b) => {
    if (a.subject.isWithoutCache !== b.subject.isWithoutCache) return a.subject.isWithoutCache ? -1 : 1
    for (const { name, levels } of factors) {
      const order = levels.indexOf(levelOf(a.factors, name)) - levels.indexOf(levelOf(b.factors, name))
      if (order !== 0) return order
    }
    return 0
  })
}
