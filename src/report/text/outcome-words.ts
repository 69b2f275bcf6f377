import type { Outcome, Verdict } from '../../measure/verdict.ts'

/** A mark that is told from the others without colour, and the word that goes with it. */
export interface OutcomeWords {
  readonly glyph: string
  readonly word: string
  /** Of claims: neither outcome is good or bad in itself. */
  readonly tone: 'good' | 'bad' | 'open' | 'plain'
}

const OUTCOMES: Readonly<Record<Outcome, OutcomeWords>> = {
  holds: { glyph: '✓', word: 'holds', tone: 'good' },
  fails: { glyph: '✗', word: 'fails', tone: 'bad' },
  unknown: { glyph: '?', word: 'inconclusive', tone: 'open' },
}

/** Nothing could have refuted it: no word for or against. */
const NOT_TESTED: OutcomeWords = { glyph: '○', word: 'not tested', tone: 'plain' }

const CLAIM_OUTCOMES: Readonly<Record<NonNullable<Verdict['claimOutcome']>, OutcomeWords>> = {
  supported: { glyph: '✓', word: 'supported', tone: 'good' },
  contradicted: { glyph: '✗', word: 'contradicted', tone: 'bad' },
  'not tested': NOT_TESTED,
  // "Observed" is what evidence is called; that enough was seen and it decides neither way is something else.
  'not observed': { glyph: '?', word: 'undecided', tone: 'open' },
  'not applicable': { glyph: '–', word: 'not applicable', tone: 'plain' },
}

export function outcomeWords(verdict: Pick<Verdict, 'outcome' | 'claimOutcome' | 'notTested'>): OutcomeWords {
  if (verdict.notTested && verdict.outcome === 'unknown') return NOT_TESTED
  return verdict.claimOutcome ? CLAIM_OUTCOMES[verdict.claimOutcome] : OUTCOMES[verdict.outcome]
}

/** What a figure or a claim rests on, in a word beside it. */
export function evidenceWords(kind: NonNullable<Verdict['evidenceKind']>): string {
  return kind === 'observed' ? 'real servers' : 'a model'
}
