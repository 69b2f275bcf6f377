import { parseUint64 } from '../../protocol/memcached-numbers.ts'
import type { MemcachedCache } from './cache.ts'
import type { Item } from './item.ts'
import { ascii } from './words.ts'

/** The item that held the number (it still does, unless the number grew), or why there is none. */
export type DeltaOutcome = { readonly item: Item; readonly value: bigint } | 'missing' | 'non-numeric' | 'mismatch' | 'no memory'

const BLANK = 0x20

/**
 * do_add_delta: adds (wrapping at 2^64) or subtracts (not below 0). A result that is not longer than the old value
 * is written over it and padded with blanks, so decr keeps the length: "10" becomes "9 ". A longer one takes a new
 * item with the old flags and exptime, and without marks.
 */
export function addDelta(
  cache: MemcachedCache,
  key: Uint8Array,
  hash: number,
  increase: boolean,
  delta: bigint,
  cas: bigint,
  newCas?: bigint,
): DeltaOutcome {
  const item = cache.find(key, hash)
  if (item === null) return 'missing'
  if (item.valueLength === 0 || item.chunks !== null) return 'non-numeric'
  if (cas !== 0n && cas !== item.cas) return 'mismatch'
  const before = parseUint64(item.value())
  if (before === undefined) return 'non-numeric'
  const value = increase ? BigInt.asUintN(64, before + delta) : before > delta ? before - delta : 0n
  const counters = cache.classes[item.slabClass]!
  if (increase) {
    cache.counters.incrHits++
    counters.incrHits++
  } else {
    cache.counters.decrHits++
    counters.decrHits++
  }
  const text = ascii(value.toString())
  if (text.length <= item.valueLength) {
    item.cas = newCas ?? cache.nextCas()
    item.write(text)
    item.pad(BLANK, text.length)
    cache.update(item)
    return { item, value }
  }
  const longer = cache.allocate(key, item.hash, item.flags, item.exptime, text.length)
  if (typeof longer === 'string') return 'no memory'
  longer.write(text)
  cache.replace(item, longer, newCas)
  // memcached goes on with the old item, which only has been given the new cas id: what `ma ... T` then does to it
  // is shown by `t` and has no effect.
  item.cas = longer.cas
  return { item, value }
}
