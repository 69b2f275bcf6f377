import type { Cache, CacheKey, CacheResult, RankedMember, SortedSetCache } from '../../src/client/cache/cache.ts'
import type { DatabaseResult, Row } from '../../src/database/database.ts'
import { MICROSECOND, MILLISECOND, type Runtime, type Stream, type Task } from '../../src/runtime/runtime.ts'
import type { ProbeRow, World } from '../../src/workload/pattern.ts'

/** One call that reached the memory world. */
export interface MemoryCall {
  readonly operation: number
  readonly layer: 'cache' | 'database'
  readonly fn: string
  /** Full name of the key, or the row's key. */
  readonly key: string
  readonly ttlMillis: number | undefined
  /** What else was asked: a member and its points, a range. */
  readonly detail: string
}

/** How a call fails: `info` says nothing of whether it was applied. */
export interface MemoryFault {
  readonly status: 'fail' | 'info'
  readonly applied: boolean
}

export interface MemoryWorldOptions {
  /** Absent: as Memcached, without sorted sets. */
  readonly sortedSets?: boolean
  /** Asked for each call; undefined: it works. */
  readonly fault?: (call: MemoryCall, number: number) => MemoryFault | undefined
}

interface Entry {
  value: Uint8Array | Map<string, number>
  /** Infinity: no time to live. */
  expiresAt: number
}

/**
 * A cache and a database in a few maps, on any runtime: enough to try patterns on without an engine. Each call takes
 * effect half-way between its start and its end; how long it takes is drawn.
 */
export class MemoryWorld {
  readonly calls: MemoryCall[] = []
  readonly probes: ProbeRow[] = []
  readonly entries = new Map<string, Entry>()
  readonly rows = new Map<string, Row>()
  fault: MemoryWorldOptions['fault']
  readonly #runtime: Runtime
  readonly #latency: Stream
  readonly #sortedSets: boolean

  constructor(runtime: Runtime, options: MemoryWorldOptions = {}) {
    this.#runtime = runtime
    this.#latency = runtime.chance.stream('memory world')
    this.#sortedSets = options.sortedSets ?? true
    this.fault = options.fault
  }

  load(rows: Iterable<{ readonly key: string; readonly value: Uint8Array }>): void {
    for (const { key, value } of rows) this.rows.set(key, { key, value, version: 1, writer: 0 })
  }

  /** What one operation is given. */
  worldOf(task: Task, operation: number): World {
    return {
      cache: this.#cache(task, operation),
      database: {
        read: (_, key) => this.#databaseCall(task, operation, 'read', key, () => this.rows.get(key) ?? null),
        write: (_, key, value) =>
          this.#databaseCall(task, operation, 'write', key, () => {
            const version = (this.rows.get(key)?.version ?? 0) + 1
            const row = { key, version, writer: 1, value: value(version) }
            this.rows.set(key, row)
            return row
          }),
      },
      now: () => this.#runtime.now(),
      sleep: (nanos) => task.sleep(nanos),
      probe: (row) => void this.probes.push(row),
    }
  }

  #cache(task: Task, operation: number): Cache {
    const call = <T>(fn: string, key: CacheKey, apply: () => T, ttlMillis?: number, detail = '') =>
      this.#call(task, { operation, layer: 'cache', fn, key: key.name, ttlMillis, detail }, 100 * MICROSECOND, apply)
    const put = (key: CacheKey, value: Entry['value'], ttlMillis: number): true => {
      this.entries.set(key.name, { value, expiresAt: this.#runtime.now() + ttlMillis * MILLISECOND })
      return true
    }
    const restart = (key: CacheKey, ttlMillis: number): boolean => {
      const entry = this.#live(key.name)
      if (entry) entry.expiresAt = this.#runtime.now() + ttlMillis * MILLISECOND
      return entry !== undefined
    }
    return {
      capabilities: new Set(this.#sortedSets ? (['ttl', 'sorted-set'] as const) : (['ttl'] as const)),
      get: (key) => call('get', key, () => this.#bytes(key.name)),
      set: (key, value, ttlMillis) => call('set', key, () => void put(key, value, ttlMillis), ttlMillis),
      add: (key, value, ttlMillis) => call('add', key, () => !this.#live(key.name) && put(key, value, ttlMillis), ttlMillis),
      replace: (key, value, ttlMillis) => call('replace', key, () => !!this.#live(key.name) && put(key, value, ttlMillis), ttlMillis),
      delete: (key) => call('delete', key, () => this.#live(key.name) !== undefined && this.entries.delete(key.name)),
      touch: (key, ttlMillis) => call('touch', key, () => restart(key, ttlMillis), ttlMillis),
      getAndTouch: (key, ttlMillis) => call('getAndTouch', key, () => (restart(key, ttlMillis) ? this.#bytes(key.name) : null), ttlMillis),
      sortedSet: this.#sortedSets ? this.#sortedSet(call, restart) : undefined,
    }
  }

  #sortedSet(
    call: <T>(fn: string, key: CacheKey, apply: () => T, ttlMillis?: number, detail?: string) => Promise<CacheResult<T>>,
    restart: (key: CacheKey, ttlMillis: number) => boolean,
  ): SortedSetCache {
    const scores = (key: CacheKey) => (this.#live(key.name)?.value as Map<string, number> | undefined) ?? new Map<string, number>()
    const made = (key: CacheKey) => {
      if (!this.#live(key.name)) this.entries.set(key.name, { value: new Map<string, number>(), expiresAt: Number.POSITIVE_INFINITY })
      return scores(key)
    }
    const ranked = (key: CacheKey): RankedMember[] =>
      [...scores(key)].map(([member, score]) => ({ member, score })).sort((a, b) => b.score - a.score || (a.member < b.member ? 1 : -1))
    return {
      incrementScore: (key, member, delta) =>
        call(
          'incrementScore',
          key,
          () => {
            const score = (made(key).get(member) ?? 0) + delta
            made(key).set(member, score)
            return score
          },
          undefined,
          `${member} ${delta}`,
        ),
      setScores: (key, entries, ttlMillis) =>
        call('setScores', key, () => {
          for (const { member, score } of entries) made(key).set(member, score)
          restart(key, ttlMillis)
        }),
      score: (key, member) => call('score', key, () => scores(key).get(member) ?? null, undefined, member),
      rank: (key, member) =>
        call(
          'rank',
          key,
          () => {
            const rank = ranked(key).findIndex((one) => one.member === member)
            return rank < 0 ? null : rank
          },
          undefined,
          member,
        ),
      range: (key, first, last) => call('range', key, () => ranked(key).slice(first, last + 1), undefined, `${first}..${last}`),
      size: (key) => call('size', key, () => scores(key).size),
      expire: (key, ttlMillis) => call('expire', key, () => restart(key, ttlMillis), ttlMillis),
      deleteAll: (key) => call('deleteAll', key, () => this.entries.delete(key.name)),
    }
  }

  #live(name: string): Entry | undefined {
    const entry = this.entries.get(name)
    if (!entry || entry.expiresAt > this.#runtime.now()) return entry
    this.entries.delete(name)
    return undefined
  }

  #bytes(name: string): Uint8Array | null {
    return (this.#live(name)?.value as Uint8Array | undefined) ?? null
  }

  #databaseCall<T>(task: Task, operation: number, fn: string, key: string, apply: () => T): Promise<DatabaseResult<T>> {
    const made: MemoryCall = { operation, layer: 'database', fn, key, ttlMillis: undefined, detail: '' }
    return this.#call(task, made, 2 * MILLISECOND, apply)
  }

  #call<T>(task: Task, made: MemoryCall, usualNanos: number, apply: () => T) {
    const number = this.calls.push(made) - 1
    const half = usualNanos * (0.5 + this.#latency.uniform(number))
    const fault = this.fault?.(made, number)
    type Result = { readonly status: 'ok'; readonly value: T } | { readonly status: 'fail' | 'info'; readonly failure: Failed }
    return task.wait<Result>(`memory ${made.layer} ${made.fn}`, (settle) => {
      this.#runtime.after(half, () => {
        if (!fault) {
          const value = apply()
          this.#runtime.after(half, () => settle({ status: 'ok', value }))
          return
        }
        if (fault.applied) apply()
        const failure: Failed = { status: fault.status, code: fault.status === 'fail' ? 'refused' : 'timeout', message: 'as planned' }
        this.#runtime.after(half, () => settle({ status: fault.status, failure }))
      })
    })
  }
}

interface Failed {
  readonly status: 'fail' | 'info'
  readonly code: 'refused' | 'timeout'
  readonly message: string
}
