import type { Outcome, Verdict } from '../../measure/verdict.ts'

/** The same thing judged in several cells, with the same outcome: said once. */
export interface VerdictGroup {
  readonly kind: Verdict['kind']
  readonly id: string
  readonly sentence: string
  readonly outcome: Outcome
  readonly gates: boolean
  readonly verdicts: readonly Verdict[]
}

/** Failures that gate first, then other failures, then what is inconclusive, then what holds; else in the order given. */
export function groupVerdicts(verdicts: readonly Verdict[]): readonly VerdictGroup[] {
  const groups = new Map<string, Verdict[]>()
  for (const verdict of verdicts) {
    const key = JSON.stringify([verdict.kind, verdict.id, verdict.sentence, verdict.outcome, verdict.gates])
    groups.set(key, [...(groups.get(key) ?? []), verdict])
  }
  return [...groups.values()].map((same) => ({ ...pick(same[0]!), verdicts: same })).sort((a, b) => rank(a) - rank(b))
}

function pick({ kind, id, sentence, outcome, gates }: Verdict): Omit<VerdictGroup, 'verdicts'> {
  return { kind, id, sentence, outcome, gates }
}

function rank({ outcome, gates, kind }: VerdictGroup): number {
  if (outcome === 'fails') return gates ? 0 : kind === 'audit' ? 2 : 1
  return outcome === 'unknown' ? 3 : 4
}
