import type { Verdict } from '../measure/verdict.ts'
import { CLAIMS } from './claims/registry.ts'

const KINDS: readonly Verdict['kind'][] = ['claim', 'expectation', 'gate', 'checker', 'property', 'audit']

/**
 * One order, whatever the order they were reached in: by kind, claims as the registry tells them, the rest by id, then
 * by cell. Compares code units: the order must not depend on a locale.
 */
export function sortVerdicts(verdicts: readonly Verdict[]): Verdict[] {
  const claims = new Map(CLAIMS.map((claim, index) => [`claim/${claim.id}`, String(index).padStart(4, '0')]))
  const keyOf = (verdict: Verdict) =>
    [KINDS.indexOf(verdict.kind), claims.get(verdict.id) ?? verdict.id, ...(verdict.cells ?? []), verdict.sentence].join('\u0000')
  return verdicts
    .map((verdict) => ({ verdict, key: keyOf(verdict) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ verdict }) => verdict)
}
