import type { Comparison, NamedContrast } from './comparison.ts'

/** Without those that were to be tested and came to nothing: a gate must hear of them, a chart or a sentence has nothing to show. */
export function comparedContrasts({ contrasts }: Pick<Comparison, 'contrasts'>): readonly NamedContrast[] {
  return contrasts.filter(({ contrast }) => contrast.estimate !== null || contrast.blocks > 0)
}
