import type { Reading, Rule } from './reading.ts'

/** Values that are equal on paper differ in their last digits. */
const SAME = 1e-12

/** Two or more of them, all the same: they measure nothing that varies. */
export function isWithoutSpread(values: readonly number[]): boolean {
  return values.length >= 2 && values.every((value) => Math.abs(value - values[0]!) <= SAME * Math.max(1, Math.abs(value)))
}

/** A difference that is the same in every block: *identical by construction* or fixed, without an interval and without a word. */
export function fixedReading(difference: number, { scale }: Rule): Reading {
  if (Math.abs(difference) <= SAME) return { estimate: 0, construction: 'identical by construction' }
  return { estimate: difference, construction: scale === 'ratio' ? 'fixed ratio' : 'fixed difference' }
}
