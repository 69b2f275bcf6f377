import type { Claim } from './claim.ts'
import { compareStaleness, STALENESS_THRESHOLD } from './compare-staleness.ts'
import { leavesToTtl } from './strategies.ts'

/** What guides mean: the strategy beside it is one whose writes do not touch the cache. */
export const writeThroughFresherThanTtlAlone: Claim = {
  id: 'write-through-fresher-than-ttl-alone',
  sentence: 'Write-through serves fewer stale reads than cache-aside that leaves its entries to their TTL when a row is written.',
  source: "Cloud vendors' caching guides on write-through: the cache is updated with every write",
  threshold: STALENESS_THRESHOLD,
  measure: (evidence) =>
    compareStaleness(writeThroughFresherThanTtlAlone, evidence, {
      is: leavesToTtl,
      name: 'cache-aside by TTL alone',
      suites: ['cache-aside-ttl-alone', 'write-through'],
    }),
}
