import type { MemcachedCache, Refused } from './cache.ts'
import { hashKey } from './hash-table.ts'
import { BINARY_KEY, type Item, STALE, TOKEN_SENT } from './item.ts'

export type StoreMode = 'set' | 'add' | 'replace' | 'append' | 'prepend' | 'cas'
export type StoreOutcome = 'stored' | 'exists' | 'not found' | 'not stored'

export interface StoreRequest {
  readonly mode: StoreMode
  readonly key: Uint8Array
  readonly flags: number
  /** On memcached's axis; 0 = never. */
  readonly exptime: number
  readonly value: Uint8Array
  /** The cas id the old item must have; 0 = none asked for. */
  readonly cas: bigint
  /** `ms ... I`: an older cas id than the item's stores the value, marked stale. */
  readonly allowStale: boolean
  readonly binaryKey: boolean
  /** The cas id it is to have; the next one unless told. */
  readonly newCas?: bigint | undefined
}

/** What happened, and the cas id of what was stored (0 when nothing was). */
export interface StoreResult {
  readonly outcome: StoreOutcome | Refused
  readonly cas: bigint
}

const refusals: Record<StoreOutcome | Refused, StoreResult> = {
  stored: { outcome: 'stored', cas: 0n },
  exists: { outcome: 'exists', cas: 0n },
  'not found': { outcome: 'not found', cas: 0n },
  'not stored': { outcome: 'not stored', cas: 0n },
  'too large': { outcome: 'too large', cas: 0n },
  'no memory': { outcome: 'no memory', cas: 0n },
}

/**
 * Every way to store, as process_update_command and do_store_item do it: memory for the new item is found before
 * the old one is looked at, so that storing may evict even when it then refuses.
 */
export function store(cache: MemcachedCache, request: StoreRequest): StoreResult {
  const hash = hashKey(request.key)
  const allocated = cache.allocate(request.key, hash, request.flags, request.exptime, request.value.length)
  if (typeof allocated === 'string') {
    if (allocated === 'too large') cache.counters.storeTooLarge++
    else cache.counters.storeNoMemory++
    return refusals[allocated]
  }
  allocated.write(request.value)
  if (request.binaryKey) allocated.marks |= BINARY_KEY
  cache.counters.cmdSet++
  cache.classes[allocated.slabClass]!.cmdSet++
  const old = cache.find(request.key, hash)
  const outcome = old === null ? storeNew(cache, request, allocated) : storeOver(cache, request, old, allocated)
  if (typeof outcome !== 'string') return outcome
  cache.release(allocated)
  return refusals[outcome]
}

function stored(item: Item): StoreResult {
  return { outcome: 'stored', cas: item.cas }
}

function storeNew(cache: MemcachedCache, request: StoreRequest, item: Item): StoreResult | StoreOutcome {
  if (request.mode === 'cas') {
    cache.counters.casMisses++
    return 'not found'
  }
  if (request.mode !== 'set' && request.mode !== 'add') return 'not stored'
  cache.link(item, request.newCas)
  return stored(item)
}

function storeOver(cache: MemcachedCache, request: StoreRequest, old: Item, item: Item): StoreResult | StoreOutcome {
  const matches = request.cas === old.cas
  switch (request.mode) {
    case 'add':
      // It is not stored, but the item that is there counts as used.
      cache.update(old)
      return 'not stored'
    case 'cas':
      if (request.cas !== 0n && !matches && request.allowStale && request.cas < old.cas) {
        item.exptime = old.exptime
        item.marks |= STALE | (old.marks & TOKEN_SENT)
      } else if (!matches || request.cas === 0n) {
        cache.counters.casBadval++
        cache.classes[old.slabClass]!.casBadval++
        return 'exists'
      } else {
        cache.counters.casHits++
        cache.classes[old.slabClass]!.casHits++
      }
      break
    case 'append':
    case 'prepend': {
      if (request.cas !== 0n && !matches) return 'exists'
      const joined = join(cache, request, old)
      if (joined === null) return 'not stored'
      cache.release(item)
      cache.replace(old, joined, request.newCas)
      return stored(joined)
    }
    default:
      break
  }
  cache.replace(old, item, request.newCas)
  return stored(item)
}

/** The old value with the new one at its end: with the flags and the exptime of the old item. */
function join(cache: MemcachedCache, request: StoreRequest, old: Item): Item | null {
  // A copy, taken before: making room may evict the very item, and its chunk be the new one's.
  const before = old.value()
  const joined = cache.allocate(old.key(), old.hash, old.flags, old.exptime, old.valueLength + request.value.length)
  if (typeof joined === 'string') return null
  const [first, second] = request.mode === 'append' ? [before, request.value] : [request.value, before]
  joined.write(first)
  joined.write(second, first.length)
  return joined
}
