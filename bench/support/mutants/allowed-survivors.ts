import type { AllowedSurvivor } from './judge-room.ts'

/** Mutants that may live, and why. The bar says which of these have become needless. */
export const ALLOWED_SURVIVORS: readonly AllowedSurvivor[] = [
  {
    file: 'src/report/text/printable.ts',
    mutator: 'EqualityOperator',
    original: 'code < 0x100',
    replacement: 'code <= 0x100',
    reason: 'U+0100 is a letter and never gets here: only control and format characters do',
  },
  {
    file: 'src/check/unavailability.ts',
    mutator: 'ConditionalExpression',
    original: 'next !== undefined',
    replacement: 'true',
    reason: 'where nothing comes next and the gap is unusual, it has returned already; the compiler wants to be told',
  },
  {
    file: 'src/check/unavailability.ts',
    mutator: 'EqualityOperator',
    original: 'i < successes.length',
    replacement: 'i <= successes.length',
    reason: 'the last one is written beyond the end of a typed array, which keeps nothing',
  },
  {
    file: 'src/check/unavailability.ts',
    mutator: 'ArithmeticOperator',
    original: 'gaps.length - 1',
    replacement: 'gaps.length + 1',
    reason: 'the rank of the 99.9th percentile is never beyond the last',
  },
]
