import type { Client } from '../client/client.ts'
import { MemcachedValues, type Reply, SimpleString, VerbatimReply } from '../protocol/reply.ts'
import { parseInfo } from './probe/parse-info.ts'

/** What a cache says of itself: all of its items, whoever stored them, and how many it has evicted so far. */
export interface CacheState {
  readonly items: number
  readonly evictions: number
  /** For data, with what the engine needs to keep it: used_memory; of Memcached, the bytes of its items. */
  readonly usedBytes: number
}

/** Asks over the client, which reaches beyond its own keys; calls back once, with undefined where the cache does not tell. */
export function readCacheState(client: Client, family: 'redis' | 'memcached', done: (state: CacheState | undefined) => void): void {
  client.submit(family === 'redis' ? ['INFO'] : ['stats'], 0, {
    reply: (_token, reply) => done(family === 'redis' ? stateOfInfo(textOf(reply)) : stateOfStats(reply)),
    failed: () => done(undefined),
  })
}

function stateOfInfo(text: string): CacheState | undefined {
  const facts = parseInfo(text)
  const evictions = Number(facts.get('evicted_keys'))
  const usedBytes = Number(facts.get('used_memory'))
  if (!Number.isFinite(evictions) || !Number.isFinite(usedBytes)) return undefined
  let items = 0
  for (const [name, value] of facts) if (/^db\d+$/.test(name)) items += Number(/keys=(\d+)/.exec(value)?.[1] ?? 0)
  return { items, evictions, usedBytes }
}

function stateOfStats(reply: Reply): CacheState | undefined {
  if (!(reply instanceof MemcachedValues)) return undefined
  const stats = new Map(reply.items.map(({ key, value }) => [textOf(key), Number(textOf(value ?? null))]))
  const items = stats.get('curr_items')
  const evictions = stats.get('evictions')
  const usedBytes = stats.get('bytes')
  return items === undefined || evictions === undefined || usedBytes === undefined ? undefined : { items, evictions, usedBytes }
}

function textOf(reply: Reply): string {
  const bytes = reply instanceof VerbatimReply ? reply.bytes : reply
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('latin1')
  return reply instanceof SimpleString ? reply.text : ''
}
