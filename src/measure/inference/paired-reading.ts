import type { Stream } from '../../runtime/runtime.ts'
import { MIN_BLOCKS, mean, signFlipPValue, standardDeviation } from '../statistics.ts'
import { plural } from '../words.ts'
import { blocksThatTell } from './blocks-that-tell.ts'
import { detectableDifference } from './detectable.ts'
import { driftsBeyondChance, lagOneCorrelation } from './drift.ts'
import { meanInterval } from './mean-interval.ts'
import type { Reading, Rule } from './reading.ts'
import { fixedReading, isWithoutSpread } from './without-spread.ts'
import { wordOf } from './word-of.ts'
import { blocksOfOneSign, countOfNonZero, oneSignPValue, zeroSidedReading } from './zero-sided.ts'

/** Of more the exact test takes long, and as a check it says no more than the interval does. */
const MOST_SIGN_FLIPS = 24

/** `baseline[i]` and `candidate[i]` were measured in the same block; of log-values or of shares. */
export function pairedReading(baseline: readonly number[], candidate: readonly number[], rule: Rule, stream: Stream): Reading {
  const blocks = baseline.length
  const differences = baseline.map((value, block) => candidate[block]! - value)
  const estimate = mean(differences)
  const few = blocks < MIN_BLOCKS ? `${plural(blocks, 'block')}: a word needs at least ${MIN_BLOCKS}` : undefined
  const drifts = !few && driftsBeyondChance(differences, driftLevel(rule.confidence), stream)
  const drift = drifts
    ? `later blocks differ from earlier ones by more than chance (neighbours correlate by ${lagOneCorrelation(differences).toFixed(2)})`
    : undefined
  if (rule.scale === 'share') {
    const [base, changed] = [countOfNonZero(baseline), countOfNonZero(candidate)]
    if (base + changed === 0) return { estimate: 0, why: 'zero on both sides in every block' }
    if (base === 0 || changed === 0) {
      const different = base + changed
      return zeroSidedReading(
        {
          estimate,
          range: { low: Math.min(...differences), high: Math.max(...differences) },
          pValue: oneSignPValue(different),
          test: 'the exact sign-flip test',
          noWord: few ?? drift,
          ...(drifts && { drifts }),
          blocksNeeded: blocksOfOneSign(rule.confidence, different / blocks),
        },
        rule,
      )
    }
  }
  if (isWithoutSpread(differences)) return fixedReading(estimate, rule)
  if (blocks < 2) return { estimate, why: few }
  const deviation = standardDeviation(differences)
  if (few) return { estimate, deviation, why: few }
  const interval = meanInterval(differences, rule.confidence)
  const measured = {
    estimate,
    interval,
    deviation,
    ...(blocks <= MOST_SIGN_FLIPS && { pValue: signFlipPValue(differences) }),
    minimumDetectable: detectableDifference(deviation, blocks, rule.confidence),
  }
  if (drift) return { ...measured, drifts, why: drift }
  const word = wordOf(interval, rule)
  if (word !== 'inconclusive') return { ...measured, word }
  return { ...measured, word, blocksNeeded: blocksThatTell({ estimate, deviation, margin: rule.margin, confidence: rule.confidence }) }
}

/**
 * At the family's own level, so that one run in twenty is warned of a drift that is none; but never above 1 %: a drift
 * takes the word away, and the power that was promised with it.
 */
function driftLevel(confidence: number): number {
  return Math.min(0.01, 1 - confidence)
}
