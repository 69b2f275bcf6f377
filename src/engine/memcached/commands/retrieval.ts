import { parseInt32 } from '../../../protocol/memcached-numbers.ts'
import { type MemcachedItem, MemcachedValues, type Reply, ReplyError } from '../../../protocol/reply.ts'
import { BAD_LINE, type Call, type CommandEntry, MAX_KEY_BYTES } from '../command-entry.ts'
import { COLD, HOT, type Item } from '../item.ts'
import { bytesOf } from '../words.ts'

/** `get k...`, `gets k...`, `gat <exptime> k...`, `gats <exptime> k...`; bget is get by its oldest name. */
export const RETRIEVAL_COMMANDS: readonly CommandEntry[] = [
  retrieval('get', false, false),
  retrieval('gets', true, false),
  retrieval('bget', false, false),
  retrieval('gat', false, true, '1.5.3'),
  retrieval('gats', true, true, '1.5.3'),
]

function retrieval(name: string, withCas: boolean, touches: boolean, since?: string): CommandEntry {
  const run = (call: Call) => read(call, withCas, touches)
  const entry: CommandEntry = { name, carriesData: false, minWords: 2, maxWords: Number.POSITIVE_INFINITY, reach: 'own keys', noreply: false, run }
  return since === undefined ? entry : { ...entry, since }
}

export const BAD_EXPTIME = new ReplyError('CLIENT_ERROR invalid exptime argument')
const NOTHING = new MemcachedValues([])

function read(call: Call, withCas: boolean, touches: boolean): Reply {
  const { cache, words } = call
  let first = 1
  let expiry = 0
  if (touches) {
    const exptime = parseInt32(bytesOf(words[1]!))
    if (exptime === undefined) return BAD_EXPTIME
    expiry = cache.clock.expiry(exptime)
    first = 2
  }
  let found: MemcachedItem[] | undefined
  for (let i = first; i < words.length; i++) {
    const key = bytesOf(words[i]!)
    // Keys before it have been read and count as used all the same.
    if (key.length > MAX_KEY_BYTES) return BAD_LINE
    const item = cache.find(key)
    countRead(call, item, touches)
    if (item === null) continue
    cache.bump(item)
    if (touches) cache.setExptime(item, expiry)
    found ??= []
    found.push(
      withCas
        ? { key: item.key(), flags: item.flags, value: item.value(), cas: item.cas }
        : { key: item.key(), flags: item.flags, value: item.value() },
    )
  }
  return found === undefined ? NOTHING : new MemcachedValues(found)
}

/** What a read, found or not, adds to the counters. */
export function countRead(call: Call, item: Item | null, touches: boolean): void {
  const { counters, classes } = call.cache
  if (touches) {
    counters.cmdTouch++
    if (item === null) {
      counters.touchMisses++
    } else {
      counters.touchHits++
      classes[item.slabClass]!.touchHits++
    }
    return
  }
  counters.cmdGet++
  if (item === null) {
    counters.getMisses++
    return
  }
  counters.getHits++
  const own = classes[item.slabClass]!
  own.getHits++
  if (item.segment === HOT) own.hitsToHot++
  else if (item.segment === COLD) own.hitsToCold++
  else own.hitsToWarm++
}
