import { createChance } from '../../runtime/chance.ts'
import type { Stream } from '../../runtime/runtime.ts'
import type { MeasuredFigure } from '../metrics/figure.ts'
import { mean } from '../statistics.ts'
import { plural, shareInWords } from '../words.ts'
import type { Contrast, ContrastInput } from './contrast.ts'
import { joinReadings } from './join-readings.ts'
import { pairedReading } from './paired-reading.ts'
import type { Reading, Rule } from './reading.ts'
import { unpairedReading } from './unpaired-reading.ts'
import { upperShare } from './upper-share.ts'

/** Of the orders in which blocks could have come: always the same, so that a contrast is a function of its figures. */
const ORDERS = createChance(0).stream('orders of blocks')

/**
 * Compares two alternatives by one figure, and says what may be said. Figures that are stretches are read twice, the
 * candidate at its highest against the baseline at its lowest and the other way round, and a word must hold both times.
 * Throws for paired lists of different lengths. `orders` draws the permutations of the drift test.
 */
export function contrastOf(input: ContrastInput, orders: Stream = ORDERS): Contrast {
  const { scale, paired, confidence, baseline, candidate } = input
  if (paired && baseline.length !== candidate.length) {
    throw new RangeError(`${plural(baseline.length, 'block')} of the baseline and ${candidate.length} of the candidate`)
  }
  const head = { scale, paired, blocks: Math.min(baseline.length, candidate.length), confidence }
  const why = incomparable(input)
  if (why !== undefined) return { ...head, estimate: null, why }
  const upper = readingAt('low', 'high', input, orders)
  const isSingle = [...baseline, ...candidate].every(({ low, high }) => low === high)
  const joined = isSingle ? upper : joinReadings(readingAt('high', 'low', input, orders), upper)
  const {
    estimate,
    interval,
    range,
    deviation,
    word,
    construction,
    pValue,
    minimumDetectable,
    blocksNeeded,
    drifts,
    why: reason,
  } = withoutFalsePraise(joined, input)
  const shown = scale === 'ratio' ? Math.exp : (value: number) => value
  const upperBound = upperBoundOf(input)
  return {
    ...head,
    estimate: shown(estimate),
    ...(interval && { interval: { low: shown(interval.low), high: shown(interval.high) } }),
    ...(range && { range }),
    ...(deviation !== undefined && { deviation }),
    ...(word && { word }),
    ...(construction && { construction }),
    ...(reason !== undefined && { why: reason }),
    ...(pValue !== undefined && { pValue }),
    ...(minimumDetectable !== undefined && { minimumDetectable: shown(minimumDetectable) }),
    ...(blocksNeeded !== undefined && { blocksNeeded }),
    ...(drifts && { drifts }),
    ...(upperBound && { upperBound }),
  }
}

/** With every figure of a side at one of its bounds. */
function readingAt(baselineAt: 'low' | 'high', candidateAt: 'low' | 'high', input: ContrastInput, orders: Stream): Reading {
  const { scale, better, confidence, equivalentWithin, paired } = input
  const value = scale === 'ratio' ? Math.log : (share: number) => share
  const baseline = input.baseline.map((figure) => value(figure[baselineAt]))
  const candidate = input.candidate.map((figure) => value(figure[candidateAt]))
  const margin = scale === 'ratio' ? Math.log1p(equivalentWithin) : equivalentWithin * mean(baseline)
  const rule: Rule = { scale, better, confidence, margin }
  return paired ? pairedReading(baseline, candidate, rule, orders) : unpairedReading(baseline, candidate, rule)
}

/** Why there is nothing to compute. */
function incomparable({ scale, baseline, candidate, paired }: ContrastInput): string | undefined {
  if (baseline.length === 0 || candidate.length === 0) return `nothing was measured ${paired ? 'in a block that both have' : 'on one side'}`
  const sides = { 'the baseline': baseline, 'the candidate': candidate }
  for (const [name, figures] of Object.entries(sides)) {
    const where = (is: (figure: MeasuredFigure) => boolean) =>
      figures.some(is) ? `${figures.filter(is).length} of ${plural(figures.length, paired ? 'block' : 'run')}` : undefined
    const unbounded = where(({ high }) => high === Number.POSITIVE_INFINITY)
    if (unbounded) return `operations of unknown outcome leave ${name} without an upper bound in ${unbounded}`
    const missing = where(({ low, high }) => !Number.isFinite(low) || !Number.isFinite(high))
    if (missing) return `${name} is no number in ${missing}`
    const zero = scale === 'ratio' && where(({ low }) => low <= 0)
    if (zero) return `${name} ${where(({ high }) => high <= 0) ? 'is' : 'may be'} zero in ${zero}: there is no ratio`
  }
  return undefined
}

/**
 * Operations that failed for certain are in no figure of those that did not: a side that mostly fails is not called good,
 * nor the other one bad beside it.
 */
function withoutFalsePraise(reading: Reading, { baseline, candidate, mostFailures }: ContrastInput): Reading {
  const { word, blocksNeeded: _, ...rest } = reading
  if (mostFailures === undefined || word === undefined || word === 'inconclusive' || word === 'different') return reading
  for (const [name, figures, praise] of [
    ['candidate', candidate, 'better'],
    ['baseline', baseline, 'worse'],
  ] as const) {
    const failed = Math.max(...figures.map(({ failedShare }) => failedShare ?? 0))
    if (failed > 0 && failed >= mostFailures && (word === praise || word === 'equivalent')) {
      return {
        ...rest,
        word: 'inconclusive',
        why: `${shareInWords(failed)} of the ${name}'s operations failed, and are in no figure of those that did not`,
      }
    }
  }
  return reading
}

function upperBoundOf({ scale, baseline, candidate, episodes, confidence }: ContrastInput): Contrast['upperBound'] {
  if (scale !== 'share' || !episodes) return undefined
  const sawNone = (figures: readonly MeasuredFigure[]) => figures.every(({ high }) => high === 0)
  const bound = {
    ...(sawNone(baseline) && { baseline: upperShare(episodes.baseline, episodes.candidate, confidence) }),
    ...(sawNone(candidate) && { candidate: upperShare(episodes.candidate, episodes.baseline, confidence) }),
  }
  return Object.keys(bound).length > 0 ? bound : undefined
}
