import { MILLISECOND, type Nanos, type Stream } from '../../runtime/runtime.ts'

export interface TimeToLive {
  /** Null: the pattern gives none, and the safety TTL stands in. */
  readonly ttlNanos: Nanos | null
  /** Share of the TTL, 0..1, by which it may be shorter: entries written together do not expire together. */
  readonly jitter: number
}

/**
 * Milliseconds an entry lives that operation `index` writes: between ttl x (1 - jitter) and ttl. The jitter only
 * shortens, so that the TTL stays the bound on staleness that it is chosen for.
 */
export function createTimeToLive(rule: TimeToLive, stream: Stream, safetyTtlMillis: number): (index: number) => number {
  const { ttlNanos, jitter } = rule
  if (ttlNanos === null) return () => safetyTtlMillis
  return (index) => Math.max(1, Math.round((ttlNanos * (1 - jitter * stream.uniform(index))) / MILLISECOND))
}
