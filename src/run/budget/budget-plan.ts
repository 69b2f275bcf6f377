import type { Comparison, NamedContrast } from '../../check/comparison/comparison.ts'
import { blocksFor } from '../../measure/inference/blocks-for.ts'
import { detectable } from '../../measure/inference/detectable.ts'
import { metricNamed } from '../../measure/metrics/catalogue.ts'
import { isMissing } from '../../measure/metrics/figure.ts'
import { MIN_BLOCKS, standardDeviation } from '../../measure/statistics.ts'
import { digits, nanosInWords, plural } from '../../measure/words.ts'
import type { Nanos } from '../../runtime/runtime.ts'

/** Blocks that find out how long a block takes and how far blocks scatter; they are not compared. */
export const PILOT_BLOCKS = 3
/** More say hardly more than longer ones do. */
const MOST_BLOCKS = 30
/** A difference of which is said how many blocks would show it. */
const SMALL_DIFFERENCE = 0.05

export interface BudgetPlan {
  readonly blocks: number
  /** What a cell measures in each. */
  readonly durationNanos: Nanos
  /** To be printed before the blocks begin. */
  readonly words: readonly string[]
}

export interface Pilot {
  readonly comparison: Comparison
  /** Of one block, with everything around the cells. */
  readonly blockNanos: Nanos
  /** What a cell measured in each. */
  readonly durationNanos: Nanos
  readonly cellsInBlock: number
}

/** Fits blocks into what is left of a budget after the pilot. `budgetNanos`: the whole of it. */
export function planBudget(budgetNanos: Nanos, pilot: Pilot, mayLengthen: boolean): BudgetPlan {
  const { blockNanos, durationNanos, cellsInBlock } = pilot
  const left = budgetNanos - PILOT_BLOCKS * blockNanos
  const fit = Math.max(1, Math.floor(left / blockNanos))
  const blocks = Math.min(MOST_BLOCKS, fit)
  // What more blocks would have taken goes into longer ones.
  const spare = mayLengthen && fit > MOST_BLOCKS ? (left / MOST_BLOCKS - blockNanos) / cellsInBlock : 0
  const planned = { blocks, durationNanos: Math.floor(durationNanos + spare) }
  return { ...planned, words: inWords(budgetNanos, planned, pilot, spare > 0) }
}

function inWords(budgetNanos: Nanos, { blocks, durationNanos }: Omit<BudgetPlan, 'words'>, pilot: Pilot, isLonger: boolean): string[] {
  const first = `budget ${nanosInWords(budgetNanos)}: ${PILOT_BLOCKS} pilot blocks took ${nanosInWords(PILOT_BLOCKS * pilot.blockNanos)}`
  if (blocks < MIN_BLOCKS) {
    const needed = (MIN_BLOCKS + PILOT_BLOCKS) * pilot.blockNanos
    return [
      `${first}; it holds ${plural(blocks, 'more block')} of ${nanosInWords(durationNanos)}, and words need ${MIN_BLOCKS}: differences are shown without a word (--budget ${minutes(needed)} would do)`,
    ]
  }
  // A longer block scatters less, by the root of its length.
  const calmer = isLonger ? Math.sqrt(pilot.durationNanos / durationNanos) : 1
  return [`${first}; ${plural(blocks, 'block')} of ${nanosInWords(durationNanos)} follow`, ...figuresInWords(pilot.comparison, blocks, calmer)]
}

/** For each figure, by the contrast whose blocks scatter most. */
function figuresInWords(comparison: Comparison, blocks: number, calmer: number): string[] {
  return comparison.family.figures.flatMap((figure) => {
    const ofFigure = comparison.contrasts.filter((one) => one.tested && one.figure === figure)
    const deviations = ofFigure.map((one) => logRatioDeviation(comparison, one) * calmer).filter(Number.isFinite)
    const { head } = metricNamed(figure)
    if (deviations.length === 0) return [`  ${head}: no block had it in the pilot; nothing is known of its spread`]
    const deviation = Math.max(...deviations)
    const { confidence } = ofFigure[0]!.contrast
    if (deviation === 0) return [`  ${head}: did not vary in the pilot`]
    const smallest = detectable(deviation, blocks, confidence) - 1
    const needed = blocksFor(1 + SMALL_DIFFERENCE, deviation, confidence)
    const more = smallest <= SMALL_DIFFERENCE ? '' : `; 5 % ${needed === undefined ? 'can not be told this way' : `needs ${plural(needed, 'block')}`}`
    return [`  ${head}: differences above ${digits(smallest * 100)} % should show${more}`]
  })
}

/** Of the log-ratios of two alternatives, block by block; NaN where fewer than two blocks have it on both sides, above zero. */
function logRatioDeviation({ groups }: Comparison, { baseline, candidate, figure }: NamedContrast): number {
  const alternatives = groups.flatMap((group) => group.alternatives)
  const [first, second] = [baseline, candidate].map((id) => alternatives.find((one) => one.id === id)!.figures[figure]?.byBlock ?? [])
  const ratios = first!.flatMap(({ block, figure: one }) => {
    const other = second!.find((candidateBlock) => candidateBlock.block === block)?.figure
    if (!other || isMissing(one) || isMissing(other) || one.low <= 0 || other.low <= 0) return []
    return [Math.log(other.low / one.low)]
  })
  return ratios.length < 2 ? Number.NaN : standardDeviation(ratios)
}

function minutes(nanos: Nanos): string {
  const seconds = Math.ceil(nanos / 1e9)
  return seconds < 120 ? `${seconds}s` : `${Math.ceil(seconds / 60)}m`
}
