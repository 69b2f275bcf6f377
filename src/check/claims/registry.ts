import { cacheAsideCanBeStale } from './cache-aside-can-be-stale.ts'
import { cacheLossIsNotFatal } from './cache-loss-is-not-fatal.ts'
import { cacheLowersLatency } from './cache-lowers-latency.ts'
import type { Claim } from './claim.ts'
import { firstRequestAfterMissIsSlower } from './first-request-after-miss-is-slower.ts'
import { memcachedLacksReplicasPersistenceRichTypes } from './memcached-lacks-replicas-persistence-rich-types.ts'
import { offloadsRepeatedReads } from './offloads-repeated-reads.ts'
import { sessionsSharedBetweenInstances } from './sessions-shared-between-instances.ts'
import { sessionsSurviveInstanceLoss } from './sessions-survive-instance-loss.ts'
import { sortedSetUniqueAndRanked } from './sorted-set-unique-and-ranked.ts'
import { strategiesDiffer } from './strategies-differ.ts'
import { ttlBoundsStaleness } from './ttl-bounds-staleness.ts'
import { writeThroughFresherThanInvalidation } from './write-through-fresher-than-invalidation.ts'
import { writeThroughFresherThanTtlAlone } from './write-through-fresher-than-ttl-alone.ts'
import { writeThroughNeverStale } from './write-through-never-stale.ts'
import { writeThroughRaisesHitRatio } from './write-through-raises-hit-ratio.ts'
import { writeThroughStoresUnreadData } from './write-through-stores-unread-data.ts'

/** In the order of the report: what caching is for, what it costs, what differs between strategies and engines. */
export const CLAIMS: readonly Claim[] = [
  cacheLowersLatency,
  offloadsRepeatedReads,
  firstRequestAfterMissIsSlower,
  cacheLossIsNotFatal,
  cacheAsideCanBeStale,
  ttlBoundsStaleness,
  writeThroughFresherThanTtlAlone,
  writeThroughFresherThanInvalidation,
  writeThroughNeverStale,
  writeThroughRaisesHitRatio,
  writeThroughStoresUnreadData,
  strategiesDiffer,
  sessionsSharedBetweenInstances,
  sessionsSurviveInstanceLoss,
  sortedSetUniqueAndRanked,
  memcachedLacksReplicasPersistenceRichTypes,
]
