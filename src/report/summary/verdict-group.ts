import type { NotTested, Outcome, Verdict } from '../../measure/verdict.ts'

/** The same thing judged in several cells, with the same outcome: said once. */
export interface VerdictGroup {
  readonly kind: Verdict['kind']
  readonly id: string
  readonly sentence: string
  readonly outcome: Outcome
  readonly gates: boolean
  readonly notTested?: NotTested
  readonly verdicts: readonly Verdict[]
}

/** Failures that gate first, then other failures, then what is inconclusive, what was not tested, and what holds; else in the order given. */
export function groupVerdicts(verdicts: readonly Verdict[]): readonly VerdictGroup[] {
  const groups = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.kind, verdict.id, verdict.sentence, verdict.outcome, verdict.gates, verdict.notTested !== undefined])
    groups.set(key, [...(groups.get(key) ?? []), verdict])
  }
  return [...groups.values()].map((same) => ({ ...pick(same[0]!), verdicts: same })).sort((a, b) => rank(a) - rank(b))
}

function pick({ kind, id, sentence, outcome, gates, notTested }: Verdict): Omit<VerdictGroup, 'verdicts'> {
  return { kind, id, sentence, outcome, gates, ...(notTested && { notTested }) }
}

function rank({ outcome, gates, kind, notTested }: VerdictGroup): number {
  if (outcome === 'fails') return gates ? 0 : kind === 'audit' ? 2 : 1
  return outcome === 'unknown' ? (notTested ? 4 : 3) : 5
}
