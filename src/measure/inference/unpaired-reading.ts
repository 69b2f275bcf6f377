import { mean, standardDeviation } from '../statistics.ts'
import { plural } from '../words.ts'
import { blocksThatTell } from './blocks-that-tell.ts'
import { POWER } from './detectable.ts'
import { criticalT, noncentralityFor } from './noncentrality-for.ts'
import type { Reading, Rule } from './reading.ts'
import { fixedReading, isWithoutSpread } from './without-spread.ts'
import { wordOf } from './word-of.ts'
import { countOfNonZero, zeroSidedReading } from './zero-sided.ts'

/** A side. */
const MIN_RUNS = 3

/**
 * Between runs nothing is paired: one value a run, of log-values or of shares, by Welch's interval ("The generalization of
 * 'Student's' problem when several different population variances are involved", Biometrika 34, 1947).
 */
export function unpairedReading(baseline: readonly number[], candidate: readonly number[], rule: Rule): Reading {
  const estimate = mean(candidate) - mean(baseline)
  const few =
    Math.min(baseline.length, candidate.length) < MIN_RUNS
      ? `between runs: ${plural(baseline.length, 'run')} against ${candidate.length}, a word needs at least ${MIN_RUNS} on each side`
      : undefined
  if (rule.scale === 'share') {
    const [base, changed] = [countOfNonZero(baseline), countOfNonZero(candidate)]
    if (base + changed === 0) return { estimate: 0, why: 'zero on both sides in every run' }
    if (base === 0 || changed === 0) {
      const [zeros, others, different] = base === 0 ? [baseline, candidate, changed] : [candidate, baseline, base]
      return zeroSidedReading(
        {
          estimate,
          range: { low: Math.min(...candidate) - Math.max(...baseline), high: Math.max(...candidate) - Math.min(...baseline) },
          pValue: allZeroPValue(zeros.length, others.length, others.length - different),
          test: 'the exact permutation test',
          noWord: few,
          blocksNeeded: runsOfOneSign(rule.confidence),
        },
        rule,
      )
    }
  }
  if (isWithoutSpread(baseline) && isWithoutSpread(candidate)) return fixedReading(estimate, rule)
  if (Math.min(baseline.length, candidate.length) < 2) return { estimate, why: few }
  const deviation = Math.hypot(standardDeviation(baseline), standardDeviation(candidate))
  const { error, degrees } = welch(baseline, candidate)
  const half = criticalT(rule.confidence, degrees) * error
  const interval = { low: estimate - half, high: estimate + half }
  if (few) return { estimate, interval, deviation, why: few }
  const measured = { estimate, interval, deviation, minimumDetectable: noncentralityFor(POWER, degrees, rule.confidence) * error }
  const word = wordOf(interval, rule)
  if (word !== 'inconclusive') return { ...measured, word }
  const degreesOf = (runs: number) => 2 * (runs - 1)
  return { ...measured, word, blocksNeeded: blocksThatTell({ estimate, deviation, margin: rule.margin, confidence: rule.confidence, degreesOf }) }
}

/** Standard error of the difference of the means, and Satterthwaite's degrees of freedom. */
export function welch(baseline: readonly number[], candidate: readonly number[]): { readonly error: number; readonly degrees: number } {
  const a = standardDeviation(baseline) ** 2 / baseline.length
  const b = standardDeviation(candidate) ** 2 / candidate.length
  return { error: Math.sqrt(a + b), degrees: (a + b) ** 2 / (a ** 2 / (baseline.length - 1) + b ** 2 / (candidate.length - 1)) }
}

/** Two-sided: how often chance alone would deal all of one side from the zeros. `otherZeros`: on the side that is not all zero. */
export function allZeroPValue(zeros: number, others: number, otherZeros: number): number {
  let share = 1
  for (let drawn = 0; drawn < zeros; drawn++) share *= (zeros + otherZeros - drawn) / (zeros + others - drawn)
  return Math.min(1, 2 * share)
}

/** Runs a side with which the permutation test can reach 1 - `confidence`. */
function runsOfOneSign(confidence: number): number {
  let runs = MIN_RUNS
  while (allZeroPValue(runs, runs, 0) > (1 - confidence) * (1 + 1e-9)) runs++
  return runs
}
