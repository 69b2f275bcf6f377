import type { Failure } from '../client.ts'

/**
 * What applications do with a cache, in one vocabulary for Redis, Valkey and Memcached. `redis-cache.ts` and
 * `memcached-cache.ts` turn each call into commands; the recorder stands between them and the client, so every
 * command is a row of the history. Keys are whole names; `keyId` is for the history only.
 */
export interface Cache {
  readonly capabilities: ReadonlySet<Capability>
  get(key: CacheKey): Promise<CacheResult<Uint8Array | null>>
  set(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<void>>
  /** Only if absent. True: stored. */
  add(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<boolean>>
  /** Only if present. True: stored. */
  replace(key: CacheKey, value: Uint8Array, ttlMillis: number): Promise<CacheResult<boolean>>
  /** True: it was there. */
  delete(key: CacheKey): Promise<CacheResult<boolean>>
  /** Restarts the time to live. True: it was there. */
  touch(key: CacheKey, ttlMillis: number): Promise<CacheResult<boolean>>
  /** Reads and restarts the time to live in one round trip. */
  getAndTouch(key: CacheKey, ttlMillis: number): Promise<CacheResult<Uint8Array | null>>
  readonly sortedSet: SortedSetCache | undefined
}

export interface SortedSetCache {
  /** Adds delta to the member's score; the new score. */
  incrementScore(key: CacheKey, member: string, delta: number): Promise<CacheResult<number>>
  setScores(key: CacheKey, entries: readonly { readonly member: string; readonly score: number }[], ttlMillis: number): Promise<CacheResult<void>>
  score(key: CacheKey, member: string): Promise<CacheResult<number | null>>
  /** 0 = highest score. */
  rank(key: CacheKey, member: string): Promise<CacheResult<number | null>>
  /** Ranks first..last inclusive, highest score first; ties in reverse order of the member's bytes. */
  range(key: CacheKey, first: number, last: number): Promise<CacheResult<readonly RankedMember[]>>
  size(key: CacheKey): Promise<CacheResult<number>>
  expire(key: CacheKey, ttlMillis: number): Promise<CacheResult<boolean>>
  deleteAll(key: CacheKey): Promise<CacheResult<boolean>>
}

/** A call of the vocabulary by its name: what a pattern declares, and `fn` of a row of layer "cache". */
export type CacheFunction = Exclude<keyof Cache, 'capabilities' | 'sortedSet'> | keyof SortedSetCache

export interface RankedMember {
  readonly member: string
  readonly score: number
}

export interface CacheKey {
  readonly id: number
  readonly name: string
}

export type Capability = 'ttl' | 'compare-and-set' | 'sorted-set' | 'hash' | 'persistence' | 'replication'

export type CacheResult<T> =
  | { readonly status: 'ok'; readonly value: T }
  | { readonly status: 'fail' | 'info'; readonly failure: Failure | ServerRefusal }

/** The server answered with an error. `fail` by default; `info` for the few errors that leave the outcome open. */
export interface ServerRefusal {
  readonly status: 'fail' | 'info'
  /** First word: OOM, READONLY, WRONGTYPE, SERVER_ERROR. */
  readonly code: string
  readonly message: string
}
