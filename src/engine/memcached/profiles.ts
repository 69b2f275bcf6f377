import type { EngineProfile } from '../engine.ts'

/** One version of memcached: what it does differently, as data. */
export interface MemcachedProfile extends EngineProfile {
  readonly engine: 'memcached'
  /** The oldest version of which every row here was seen on the real server; others follow their facts. */
  readonly exact: boolean
  /** Too few or too many words: "ERROR" before 1.6.45, then as every malformed line. */
  readonly arityError: string
  /** `delete k 5`: refused with a usage line, or accepted with the number ignored (1.6.45). */
  readonly deleteTakesHold: boolean
  /** The data block behind a key of more than 250 bytes is swallowed (1.6.45) or read as commands. */
  readonly swallowsOverlongKey: boolean
  /** `me` prints the time left with the wrong sign on 1.6.18 (mended by 1.6.38, commit 1776b021e). */
  readonly metaDebugNegatesExpiry: boolean
  /** Meta flags `E` (a cas id to give) and `md ... x` (drop the value) came after 1.6.18. */
  readonly metaExplicitCas: boolean
  readonly shutdownError: string
}

const BAD_LINE = 'CLIENT_ERROR bad command line format'

const v1_6_18: MemcachedProfile = {
  engine: 'memcached',
  version: '1.6.18',
  exact: true,
  arityError: 'ERROR',
  deleteTakesHold: false,
  swallowsOverlongKey: false,
  metaDebugNegatesExpiry: true,
  metaExplicitCas: false,
  shutdownError: 'ERROR: shutdown not enabled',
}

/** What ElastiCache offers last. Between two versions that were tried: where they agree, so will it. */
const v1_6_22: MemcachedProfile = { ...v1_6_18, version: '1.6.22', exact: false, metaExplicitCas: true }

const v1_6_38: MemcachedProfile = { ...v1_6_22, version: '1.6.38', metaDebugNegatesExpiry: false }

const v1_6_45: MemcachedProfile = {
  ...v1_6_38,
  version: '1.6.45',
  arityError: BAD_LINE,
  deleteTakesHold: true,
  swallowsOverlongKey: true,
  shutdownError: 'CLIENT_ERROR shutdown not enabled',
}

/** Oldest first. */
export const MEMCACHED_PROFILES: readonly MemcachedProfile[] = [v1_6_18, v1_6_22, v1_6_38, v1_6_45]

export const DEFAULT_MEMCACHED_PROFILE = v1_6_18

/**
 * The profile for a version as a server says it: the newest that is not newer, or the oldest there is. Without a
 * version, 1.6.18. Never throws: an endpoint of an unknown version is still to be compared with something.
 */
export function findMemcachedProfile(version?: string): MemcachedProfile {
  if (version === undefined) return DEFAULT_MEMCACHED_PROFILE
  let found = MEMCACHED_PROFILES[0]!
  for (const profile of MEMCACHED_PROFILES) if (compareVersions(profile.version, version) <= 0) found = profile
  return found
}

/** By their numbers: negative when `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const right = b.split('.').map((part) => Number.parseInt(part, 10) || 0)
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
