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
  {
    file: 'src/target/local/run-undo.ts',
    original: "entry.kind === 'run'",
    reason: 'an entry of another kind has no program: the attempt to start it throws, and is caught like any that fails',
  },
  {
    file: 'src/target/local/run-undo.ts',
    mutator: 'BlockStatement',
    original: ['{ return false }', '{ return false // not ours to look at, or gone }'],
    reason: 'whoever asks takes undefined for no',
  },
  {
    file: 'src/target/local/process-identity.ts',
    mutator: 'BlockStatement',
    original: '{ return undefined }',
    lines: 2,
    reason: 'a function that ends without a word gives undefined',
  },
  {
    file: 'src/target/local/delete-names.ts',
    mutator: 'ConditionalExpression',
    original: 'version < 0',
    replacement: 'false',
    reason: 'from -1 on is from the last byte on, where there is no room for an end of line',
  },
  {
    file: 'src/target/local/delete-names.ts',
    mutator: 'EqualityOperator',
    original: 'end < 0',
    replacement: 'end <= 0',
    reason: 'the end of a line never stands before the word that it follows',
  },
  {
    file: 'src/target/local/delete-names.ts',
    mutator: 'ArithmeticOperator',
    original: 'end + 2',
    reason: 'the last bytes of an answer that was heard to its end may stand before the next one: nothing is read in them',
  },
  {
    file: 'src/target/local/reaper.ts',
    mutator: 'OptionalChaining',
    original: ['child.stdin?.on', 'pipe.unref?.()', 'this.child?.stdin?.write'],
    reason: 'a child with a pipe has it, and a pipe can be let go of: only the types do not know',
  },
]
