import type { Comparison } from '../../check/comparison/comparison.ts'
import { blocksFor } from '../../measure/inference/blocks-for.ts'
import { detectable } from '../../measure/inference/detectable.ts'
import { metricNamed } from '../../measure/metrics/catalogue.ts'
import { MIN_BLOCKS, mean } from '../../measure/statistics.ts'
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

/**
 * For each figure. A spread of three blocks alone is less than half the truth in one of five pilots: the contrasts of a
 * figure are taken together.
 */
function figuresInWords({ family, contrasts }: Comparison, blocks: number, calmer: number): string[] {
  return family.figures.flatMap((figure) => {
    const ofFigure = contrasts.flatMap(({ tested, figure: name, contrast }) =>
      tested && name === figure && contrast.scale === 'ratio' ? contrast : [],
    )
    const deviations = ofFigure.flatMap(({ deviation }) => (deviation === undefined ? [] : deviation))
    const { head } = metricNamed(figure)
    if (deviations.length === 0) return [`  ${head}: the pilot does not tell how far its blocks scatter`]
    const deviation = calmer * Math.sqrt(mean(deviations.map((one) => one ** 2)))
    const { confidence } = ofFigure[0]!
    if (deviation === 0) return [`  ${head}: did not vary in the pilot`]
    const smallest = detectable(deviation, blocks, confidence) - 1
    const needed = blocksFor(1 + SMALL_DIFFERENCE, deviation, confidence)
    const more = smallest <= SMALL_DIFFERENCE ? '' : `; 5 % ${needed === undefined ? 'can not be told this way' : `needs ${plural(needed, 'block')}`}`
    return [`  ${head}: differences above ${digits(smallest * 100)} % should show${more}`]
  })
}

function minutes(nanos: Nanos): string {
  const seconds = Math.ceil(nanos / 1e9)
  return seconds < 120 ? `${seconds}s` : `${Math.ceil(seconds / 60)}m`
}
