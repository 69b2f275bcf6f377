import { type MemcachedItem, MemcachedValues, type Reply, ReplyError, SimpleString } from '../../../protocol/reply.ts'
import type { MemcachedCache } from '../cache.ts'
import type { Call, CommandEntry } from '../command-entry.ts'
import { ERROR } from '../command-entry.ts'
import type { ClassCounters } from '../counters.ts'
import { COLD, HOT, type Segment, WARM } from '../item.ts'
import { PAGE_BYTES } from '../slab-allocator.ts'
import { ascii, textOf } from '../words.ts'

/** `stats [settings | items | slabs | sizes | detail ... | reset]`: names and order as 1.6.18 prints them; what needs a process (pid, rusage, buffers) is left out. */
export const STATS_COMMANDS: readonly CommandEntry[] = [
  { name: 'stats', carriesData: false, minWords: 1, maxWords: Number.POSITIVE_INFINITY, reach: 'server', noreply: false, run: stats },
]

type Rows = [name: string, value: string | number][]

const RESET = new SimpleString('RESET')
const OK = new SimpleString('OK')
const DETAIL_USAGE = new ReplyError('CLIENT_ERROR usage: stats detail on|off|dump')

function stats(call: Call): Reply {
  if (call.words.length === 1) return answer(general(call))
  switch (textOf(call.words[1]!)) {
    case 'settings':
      return answer(settings(call))
    case 'items':
      return answer(items(call.cache))
    case 'slabs':
      return answer(slabs(call.cache))
    case 'sizes':
      return answer([['sizes_status', 'disabled']])
    case 'reset':
      call.cache.resetCounters()
      return RESET
    case 'detail':
      // Counting by key prefix can be asked for; without -D nothing is told apart by it.
      return call.words.length > 2 && ['on', 'off'].includes(textOf(call.words[2]!)) ? OK : DETAIL_USAGE
    default:
      return ERROR
  }
}

function answer(rows: Rows): MemcachedValues {
  const encoded: MemcachedItem[] = rows.map(([name, value]) => ({ key: ascii(name), flags: 0, value: ascii(String(value)) }))
  return new MemcachedValues(encoded, 'stats')
}

function general(call: Call): Rows {
  const { cache, server } = call
  const { counters: c, slabs, table, clock } = cache
  const sum = (pick: (counters: ClassCounters) => number) => cache.classes.reduce((total, own) => total + pick(own), 0)
  return [
    ['uptime', clock.uptimeSeconds],
    ['time', clock.unixSeconds],
    ['version', call.profile.version],
    ['pointer_size', 64],
    ['max_connections', 1024],
    ['curr_connections', server.sessions],
    ['total_connections', server.totalConnections],
    ['cmd_get', c.cmdGet],
    ['cmd_set', c.cmdSet],
    ['cmd_flush', c.cmdFlush],
    ['cmd_touch', c.cmdTouch],
    ['cmd_meta', c.cmdMeta],
    ['get_hits', c.getHits],
    ['get_misses', c.getMisses],
    ['get_expired', c.getExpired],
    ['get_flushed', c.getFlushed],
    ['delete_misses', c.deleteMisses],
    ['delete_hits', c.deleteHits],
    ['incr_misses', c.incrMisses],
    ['incr_hits', c.incrHits],
    ['decr_misses', c.decrMisses],
    ['decr_hits', c.decrHits],
    ['cas_misses', c.casMisses],
    ['cas_hits', c.casHits],
    ['cas_badval', c.casBadval],
    ['touch_hits', c.touchHits],
    ['touch_misses', c.touchMisses],
    ['store_too_large', c.storeTooLarge],
    ['store_no_memory', c.storeNoMemory],
    ['limit_maxbytes', slabs.limitBytes],
    ['accepting_conns', 1],
    ['threads', 1],
    ['hash_power_level', table.power],
    ['hash_bytes', 2 ** table.power * 8],
    ['hash_is_expanding', table.growing ? 1 : 0],
    ['lru_crawler_running', 0],
    ['lru_crawler_starts', c.crawlerStarts],
    ['lru_maintainer_juggles', c.maintainerJuggles],
    ['malloc_fails', 0],
    ['bytes', cache.bytes],
    ['curr_items', table.size],
    ['total_items', c.totalItems],
    ['slab_global_page_pool', 0],
    ['expired_unfetched', sum((own) => own.expiredUnfetched)],
    ['evicted_unfetched', sum((own) => own.evictedUnfetched)],
    ['evicted_active', sum((own) => own.evictedActive)],
    ['evictions', sum((own) => own.evicted)],
    ['reclaimed', sum((own) => own.reclaimed)],
    ['crawler_reclaimed', sum((own) => own.crawlerReclaimed)],
    ['crawler_items_checked', sum((own) => own.crawlerItemsChecked)],
    ['lrutail_reflocked', 0],
    ['moves_to_cold', sum((own) => own.movesToCold)],
    ['moves_to_warm', sum((own) => own.movesToWarm)],
    ['moves_within_lru', sum((own) => own.movesWithinLru)],
    ['direct_reclaims', sum((own) => own.directReclaims)],
    ['lru_bumps_dropped', 0],
  ]
}

function settings(call: Call): Rows {
  const { server, cache } = call
  return [
    ['maxbytes', cache.slabs.limitBytes],
    ['maxconns', 1024],
    ['verbosity', server.verbosity],
    ['oldest', Math.max(0, cache.oldestLive)],
    ['evictions', server.evict ? 'on' : 'off'],
    ['growth_factor', '1.25'],
    ['chunk_size', 48],
    ['num_threads', 1],
    ['stat_key_prefix', ':'],
    ['detail_enabled', 'no'],
    ['cas_enabled', 'yes'],
    ['binding_protocol', 'auto-negotiate'],
    ['auth_enabled_sasl', 'no'],
    ['auth_enabled_ascii', 'no'],
    ['item_size_max', server.itemLimitBytes],
    ['slab_reassign', 'no'],
    ['slab_automove', 0],
    ['slab_chunk_max', PAGE_BYTES / 2],
    ['lru_crawler', 'yes'],
    ['flush_enabled', 'yes'],
    ['lru_maintainer_thread', 'yes'],
    ['lru_segmented', 'yes'],
    ['hot_lru_pct', 20],
    ['warm_lru_pct', 40],
    ['hot_max_factor', '0.20'],
    ['warm_max_factor', '2.00'],
    ['temp_lru', 'no'],
    ['ssl_enabled', 'no'],
  ]
}

function items(cache: MemcachedCache): Rows {
  const rows: Rows = []
  const age = (slabClass: number, segment: Segment) => {
    const oldest = cache.lru.oldest(slabClass, segment)
    return oldest === null ? 0 : cache.clock.now - oldest.time
  }
  for (let slabClass = 1; slabClass <= cache.slabs.largestClass; slabClass++) {
    const number = cache.lru.items(slabClass)
    if (number === 0) continue
    const own = cache.classes[slabClass]!
    const values: Rows = [
      ['number', number],
      ['number_hot', cache.lru.count(slabClass, HOT)],
      ['number_warm', cache.lru.count(slabClass, WARM)],
      ['number_cold', cache.lru.count(slabClass, COLD)],
      ['age_hot', age(slabClass, HOT)],
      ['age_warm', age(slabClass, WARM)],
      ['age', age(slabClass, COLD)],
      ['mem_requested', cache.lru.totalBytes(slabClass)],
      ['evicted', own.evicted],
      ['evicted_nonzero', own.evictedNonzero],
      ['evicted_time', own.evictedTime],
      ['outofmemory', own.outOfMemory],
      ['tailrepairs', 0],
      ['reclaimed', own.reclaimed],
      ['expired_unfetched', own.expiredUnfetched],
      ['evicted_unfetched', own.evictedUnfetched],
      ['evicted_active', own.evictedActive],
      ['crawler_reclaimed', own.crawlerReclaimed],
      ['crawler_items_checked', own.crawlerItemsChecked],
      ['lrutail_reflocked', 0],
      ['moves_to_cold', own.movesToCold],
      ['moves_to_warm', own.movesToWarm],
      ['moves_within_lru', own.movesWithinLru],
      ['direct_reclaims', own.directReclaims],
      ['hits_to_hot', own.hitsToHot],
      ['hits_to_warm', own.hitsToWarm],
      ['hits_to_cold', own.hitsToCold],
      ['hits_to_temp', 0],
    ]
    for (const [name, value] of values) rows.push([`items:${slabClass}:${name}`, value])
  }
  return rows
}

function slabs(cache: MemcachedCache): Rows {
  const rows: Rows = []
  const { slabs: memory } = cache
  let active = 0
  for (let slabClass = 1; slabClass <= memory.largestClass; slabClass++) {
    const pages = memory.pages[slabClass]!
    if (pages === 0) continue
    active++
    const own = cache.classes[slabClass]!
    const values: Rows = [
      ['chunk_size', memory.chunkBytes[slabClass]!],
      ['chunks_per_page', memory.chunksPerPage(slabClass)],
      ['total_pages', pages],
      ['total_chunks', pages * memory.chunksPerPage(slabClass)],
      ['used_chunks', memory.usedChunks[slabClass]!],
      ['free_chunks', memory.freeChunks(slabClass)],
      ['free_chunks_end', 0],
      ['get_hits', own.getHits],
      ['cmd_set', own.cmdSet],
      ['delete_hits', own.deleteHits],
      ['incr_hits', own.incrHits],
      ['decr_hits', own.decrHits],
      ['cas_hits', own.casHits],
      ['cas_badval', own.casBadval],
      ['touch_hits', own.touchHits],
    ]
    for (const [name, value] of values) rows.push([`${slabClass}:${name}`, value])
  }
  rows.push(['active_slabs', active], ['total_malloced', memory.mallocedBytes])
  return rows
}
