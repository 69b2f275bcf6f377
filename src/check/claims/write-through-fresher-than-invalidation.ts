import type { Claim } from './claim.ts'
import { compareStaleness, STALENESS_THRESHOLD } from './compare-staleness.ts'
import { invalidates } from './strategies.ts'

/** Both keep the cache up with every write: which of two races loses more often is what this asks. */
export const writeThroughFresherThanInvalidation: Claim = {
  id: 'write-through-fresher-than-invalidation',
  sentence: 'Write-through serves fewer stale reads than cache-aside that deletes the entry when a row is written.',
  source: "Cloud vendors' caching guides on write-through, read against cache-aside as applications write it",
  threshold: STALENESS_THRESHOLD,
  measure: (evidence) =>
    compareStaleness(writeThroughFresherThanInvalidation, evidence, {
      is: invalidates,
      name: 'cache-aside that invalidates',
      suites: ['cache-aside', 'write-through'],
    }),
}
