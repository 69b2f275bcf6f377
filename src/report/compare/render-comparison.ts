import { combinedRun, withOwnIds } from '../../check/comparison/combined-run.ts'
import { type ComparisonOptions, comparisonOf } from '../../check/comparison/comparison-of.ts'
import type { LabelledRun } from '../../check/comparison/labelled-run.ts'
import { renderHtml } from '../html/render-html.ts'

/** What differs within a run, or between several, on one page: that of a run, of which the first holds the baseline. */
export function renderComparison(runs: readonly [LabelledRun, ...LabelledRun[]], options: ComparisonOptions = {}): string {
  const told = withOwnIds(runs)
  const command = `cacheproof compare ${runs.map(({ label }) => label).join(' ')}`
  return renderHtml(combinedRun(told, { command, by: options.by, verdicts: [] }), comparisonOf(told, options))
}
