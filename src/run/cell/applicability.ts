import type { Capability } from '../../client/cache/cache.ts'
import { capabilitiesOf } from '../../client/cache/capabilities.ts'

const WORDS: Record<Capability, string> = {
  ttl: 'a time to live',
  'compare-and-set': 'compare-and-set',
  'sorted-set': 'sorted sets',
  hash: 'hashes',
  persistence: 'persistence',
  replication: 'replication',
}

/** Why an engine can't serve a pattern, in one sentence; undefined when it can. */
export function whyNotApplicable(
  definition: { readonly name: string; readonly needs: readonly Capability[] },
  family: 'redis' | 'memcached',
): string | undefined {
  const offered = capabilitiesOf(family)
  const lacking = definition.needs.filter((need) => !offered.has(need))
  if (lacking.length === 0) return undefined
  const engine = family === 'memcached' ? 'Memcached' : 'Redis'
  return `${definition.name} needs ${lacking.map((need) => WORDS[need]).join(' and ')}, which ${engine} does not have`
}
