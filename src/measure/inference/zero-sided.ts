import { type Interval, MIN_BLOCKS } from '../statistics.ts'
import type { Reading, Rule } from './reading.ts'
import { wordOfSign } from './word-of.ts'

/** One side saw none in any block, so its spread says nothing, and that of the other side is no measure of both. */
export interface ZeroSided {
  readonly estimate: number
  /** Smallest and largest difference of a block. */
  readonly range: Interval
  /** Of an exact test, whose level needs no spread. */
  readonly pValue: number
  /** "the exact sign-flip test" */
  readonly test: string
  /** Why there may be no word, whatever the test says. */
  readonly noWord?: string | undefined
  readonly drifts?: boolean
  readonly blocksNeeded: number
}

/** The exact test decides at 1 - `confidence`. */
export function zeroSidedReading({ test, noWord, blocksNeeded, pValue, ...shown }: ZeroSided, rule: Rule): Reading {
  if (noWord !== undefined) return { ...shown, pValue, why: noWord }
  const why = `zero on one side in every block: ${test} decides, p = ${Number(pValue.toPrecision(2))}`
  // 1 - 0.95 is a little more than 0.05 here.
  if (pValue <= (1 - rule.confidence) * (1 + 1e-9)) return { ...shown, pValue, word: wordOfSign(shown.estimate, rule), why }
  return { ...shown, pValue, word: 'inconclusive', why, blocksNeeded }
}

/** Of blocks whose differences all have one sign: two ways to sign those that are not zero are as extreme as what was seen. */
export function oneSignPValue(different: number): number {
  return Math.min(1, 2 ** (1 - different))
}

/** How many blocks bring the exact sign-flip test to 1 - `confidence`, where this part of them differs. */
export function blocksOfOneSign(confidence: number, differingPart: number): number {
  const different = Math.ceil(1 - Math.log2(1 - confidence) - 1e-9)
  return Math.max(MIN_BLOCKS, Math.ceil(different / differingPart - 1e-9))
}

export function countOfNonZero(shares: readonly number[]): number {
  return shares.filter((share) => share !== 0).length
}
