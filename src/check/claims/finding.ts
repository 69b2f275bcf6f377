import type { Cell } from '../../measure/run-result.ts'
import type { NotTested, Verdict } from '../../measure/verdict.ts'
import type { Claim, ClaimEvidence } from './claim.ts'
import { isBaselineOnly, type LeftOut } from './evidence.ts'

/** What one cell, or one comparison of cells, says about a claim. */
export interface Finding {
  readonly outcome: 'supported' | 'contradicted' | 'undecided'
  /** How many observations could have refuted the claim here. */
  readonly observations: number
  /** Undecided because there were too few of them. */
  readonly notTested?: NotTested | undefined
  /** One sentence without its full stop: what was measured, with numbers and units. */
  readonly text: string
  /** Units in the names. */
  readonly numbers?: Readonly<Record<string, number>>
  readonly cells: readonly Cell[]
  readonly counterexample?: readonly string[]
}

/** Findings named in a verdict's evidence; the rest is counted. */
const MAX_SHOWN = 4

/**
 * One verdict from all findings: contradicted as soon as one is, supported if at least one is and none contradicts, not
 * tested if nowhere enough was seen that could have refuted it, else not observed. Without any finding it is not applicable, for the reason given, unless cells had to be left out:
 * then nobody knows.
 */
export function claimVerdict(claim: Claim, findings: readonly Finding[], leftOut: LeftOut, notApplicable: string): Verdict {
  const base = { kind: 'claim', id: `claim/${claim.id}`, sentence: claim.sentence, gates: false } as const
  const aside = leftOut.reasons.length === 0 ? '' : ` Left out: ${leftOut.reasons.join('; ')}.`
  if (findings.length === 0) {
    if (leftOut.reasons.length > 0) {
      return { ...base, outcome: 'unknown', claimOutcome: 'not observed', evidence: `Could not be judged: nothing is left to judge it by.${aside}` }
    }
    return { ...base, outcome: 'unknown', claimOutcome: 'not applicable', evidence: `Not applicable: ${notApplicable}.` }
  }
  const contradicting = findings.filter((finding) => finding.outcome === 'contradicted')
  const supporting = findings.filter((finding) => finding.outcome === 'supported')
  const undecided = findings.filter((finding) => finding.outcome === 'undecided')
  const decided = contradicting.length > 0 ? 'contradicted' : supporting.length > 0 ? 'supported' : undefined
  const notTested = decided === undefined && undecided.every((finding) => finding.notTested) ? undecided[0]!.notTested : undefined
  const claimOutcome = decided ?? (notTested ? 'not tested' : 'not observed')
  const telling = [...contradicting, ...supporting, ...undecided]
  const more = telling.length > MAX_SHOWN ? ` And ${telling.length - MAX_SHOWN} more of the kind.` : ''
  const texts = telling.slice(0, MAX_SHOWN).map((finding) => `${finding.text}.`)
  const counterexample = telling.find((finding) => finding.counterexample !== undefined && finding.counterexample.length > 0)?.counterexample
  const cells = [...new Set(telling.flatMap((finding) => finding.cells))]
  const kind = evidenceKindOf(cells)
  return {
    ...base,
    outcome: claimOutcome === 'supported' ? 'holds' : claimOutcome === 'contradicted' ? 'fails' : 'unknown',
    claimOutcome,
    observations: findings.reduce((sum, { observations }) => sum + observations, 0),
    // Of what was not tested nothing was observed.
    ...(notTested ? { notTested } : { evidenceKind: kind.kind }),
    evidence: `${notTested ? `Not tested: ${notTested.why}. ` : ''}${texts.join(' ')}${more} Threshold: ${claim.threshold}. ${kind.words}${aside}`,
    numbers: numbersOf(telling),
    cells: cells.map((cell) => cell.id),
    ...(counterexample && { counterexample }),
  }
}

/** The counterexample a checker gave for a cell, if it gave one. */
export function counterexampleOf(evidence: ClaimEvidence, checker: string, cell: Cell): readonly string[] {
  return evidence.verdicts.find((verdict) => verdict.id === checker && verdict.cells?.includes(cell.id))?.counterexample ?? []
}

/** Observed: every server and database was a real one. Modelled: names the settings the numbers rest on. */
function evidenceKindOf(cells: readonly Cell[]): { readonly kind: 'observed' | 'modelled'; readonly words: string } {
  const models = new Set<string>()
  for (const cell of cells) {
    // A baseline asks no cache: its target's description stands for none.
    if (!isBaselineOnly(cell) && cell.target.evidence === 'modelled') {
      models.add(`${cell.target.label} (network model: ${cell.target.networkModel ?? 'none, in-process'})`)
    }
    if (cell.database?.evidence === 'modelled') models.add(`${cell.database.label} (service model: ${cell.database.serviceModel})`)
  }
  if (models.size === 0) return { kind: 'observed', words: 'Observed on real servers.' }
  return { kind: 'modelled', words: `Modelled; rests on ${[...models].sort().join(' and ')}.` }
}

function numbersOf(findings: readonly Finding[]): Record<string, number> {
  const numbers: Record<string, number> = {}
  for (const finding of findings) {
    const label = findings.length === 1 ? '' : ` (${finding.cells[0]?.id ?? ''})`
    for (const [name, value] of Object.entries(finding.numbers ?? {})) numbers[`${name}${label}`] = value
  }
  return numbers
}
