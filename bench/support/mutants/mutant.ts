/** A small fault that was planted in a file, and what the tests made of it. */
export interface Mutant {
  /** Below the root. */
  readonly file: string
  readonly line: number
  /** Stryker's name for the kind of fault: "EqualityOperator". */
  readonly mutator: string
  readonly original: string
  readonly replacement: string
  readonly status: MutantStatus
}

/**
 * Killed: a test failed. Timeout: the tests did not end. Survived, NoCoverage: nothing noticed. The others can't be held
 * against anybody: it could not be built, could not be run, or was left out.
 */
export type MutantStatus = 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage' | 'CompileError' | 'RuntimeError' | 'Ignored' | 'Pending'

/** What is kept of many mutants: those that something noticed are numbers. */
export interface MutantTally {
  readonly killed: number
  readonly timedOut: number
  readonly invalid: number
  readonly survivors: readonly Mutant[]
}

export function tallyMutants(mutants: readonly Mutant[]): MutantTally {
  const count = (...statuses: MutantStatus[]) => mutants.filter(({ status }) => statuses.includes(status)).length
  return {
    killed: count('Killed'),
    timedOut: count('Timeout'),
    invalid: count('CompileError', 'RuntimeError', 'Ignored', 'Pending'),
    survivors: mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage'),
  }
}

export function addTallies(tallies: readonly MutantTally[]): MutantTally {
  const sum = (pick: (tally: MutantTally) => number) => tallies.reduce((total, tally) => total + pick(tally), 0)
  return {
    killed: sum(({ killed }) => killed),
    timedOut: sum(({ timedOut }) => timedOut),
    invalid: sum(({ invalid }) => invalid),
    survivors: tallies.flatMap(({ survivors }) => survivors),
  }
}

/** Noticed of all that could have been, 0 to 100; 100 where there was nothing to notice. */
export function scorePercent({ killed, timedOut, survivors }: MutantTally): number {
  const valid = killed + timedOut + survivors.length
  return valid === 0 ? 100 : (100 * (killed + timedOut)) / valid
}
