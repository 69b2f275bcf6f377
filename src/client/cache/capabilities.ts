import type { Capability } from './cache.ts'

const OF_REDIS: ReadonlySet<Capability> = new Set(['ttl', 'compare-and-set', 'sorted-set', 'hash', 'persistence', 'replication'])
const OF_MEMCACHED: ReadonlySet<Capability> = new Set(['ttl', 'compare-and-set'])

/** What engines of a family offer to a pattern. */
export function capabilitiesOf(family: 'redis' | 'memcached'): ReadonlySet<Capability> {
  return family === 'redis' ? OF_REDIS : OF_MEMCACHED
}
