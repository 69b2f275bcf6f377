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
]
