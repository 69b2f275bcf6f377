import { TargetError } from '../../client/target-error.ts'
import type { Target } from '../target.ts'
import { explainMemcachedRefusal } from './explain-memcached-refusal.ts'
import { explainRedisRefusal } from './explain-redis-refusal.ts'
import { listed } from './listed.ts'
import type { Explanation, Refusal, RefusalFacts } from './refusal.ts'

/** One error for all that an endpoint refuses: what it is, and each setting that is missing on a line of its own. `refusals` must hold one. */
export function explainRefusals(target: Pick<Target, 'description' | 'family'>, refusals: readonly Refusal[], facts: RefusalFacts): TargetError {
  const explain = target.family === 'redis' ? explainRedisRefusal : explainMemcachedRefusal
  const explanations = byReason(refusals).map((group) => (group[0]!.kind === 'client' ? notByThisClient(group) : explain(group, facts)))
  const { label } = target.description
  const whats = explanations.map(({ what }) => what)
  const hints = explanations.map(({ hint }) => hint).filter((hint) => hint !== '')
  return new TargetError(explanations[0]!.code, `${label}: ${whats.join('; it ')}`, hints.join('\n  '))
}

function notByThisClient(refusals: readonly Refusal[]): Explanation {
  return {
    code: 'TARGET_UNUSABLE',
    what: `can't be asked for ${listed(refusals)} through this client: ${refusals[0]!.text}`,
    hint: 'Use --client wire.',
  }
}

/** What one answer explains and one setting mends stands together; a role or a state comes first, since it outweighs the rest. */
function byReason(refusals: readonly Refusal[]): readonly (readonly Refusal[])[] {
  const groups = new Map<string, Refusal[]>()
  for (const refusal of refusals) {
    const reason = reasonOf(refusal)
    groups.set(reason, [...(groups.get(reason) ?? []), refusal])
  }
  const isState = ([first]: readonly Refusal[]) => Number(first!.kind === 'state')
  return [...groups.values()].sort((a, b) => isState(b) - isState(a))
}

function reasonOf({ kind, text }: Refusal): string {
  if (kind === 'command' || kind === 'keys') return 'permission'
  return kind === 'state' ? text.split(' ', 1)[0]! : kind
}
