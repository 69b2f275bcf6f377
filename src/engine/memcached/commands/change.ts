import { parseInt32, parseUint64 } from '../../../protocol/memcached-numbers.ts'
import { type Reply, ReplyError, SimpleString } from '../../../protocol/reply.ts'
import { BAD_LINE, type Call, type CommandEntry, MAX_KEY_BYTES, NON_NUMERIC } from '../command-entry.ts'
import { addDelta } from '../delta.ts'
import { hashKey } from '../hash-table.ts'
import { bytesOf, isText } from '../words.ts'
import { BAD_EXPTIME, countRead } from './retrieval.ts'

/** `delete k`, `incr k <delta>`, `decr k <delta>`, `touch k <exptime>`, each with `[noreply]`. */
export const CHANGE_COMMANDS: readonly CommandEntry[] = [
  { name: 'delete', carriesData: false, minWords: 2, maxWords: 4, reach: 'own keys', noreply: true, run: remove },
  { name: 'incr', carriesData: false, minWords: 3, maxWords: 4, reach: 'own keys', noreply: true, run: (call) => change(call, true) },
  { name: 'decr', carriesData: false, minWords: 3, maxWords: 4, reach: 'own keys', noreply: true, run: (call) => change(call, false) },
  { name: 'touch', carriesData: false, minWords: 3, maxWords: 4, reach: 'own keys', noreply: true, since: '1.4.8', run: touch },
]

const DELETED = new SimpleString('DELETED')
const TOUCHED = new SimpleString('TOUCHED')
const NOT_FOUND = new SimpleString('NOT_FOUND')
const BAD_DELTA = new ReplyError('CLIENT_ERROR invalid numeric delta argument')
const NO_MEMORY = new ReplyError('SERVER_ERROR out of memory')
const DELETE_USAGE = new ReplyError('CLIENT_ERROR bad command line format.  Usage: delete <key> [noreply]')

function remove(call: Call): Reply {
  const { cache, words } = call
  if (words.length > 2 && !call.profile.deleteTakesHold) {
    // A time to hold the key, from before 2008, is let through when it is 0.
    const zero = isText(words[2], '0')
    const silent = isText(words[words.length - 1], 'noreply')
    if (!(words.length === 3 ? zero || silent : zero && silent)) return DELETE_USAGE
  }
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  const item = cache.find(key)
  if (item === null) {
    cache.counters.deleteMisses++
    return NOT_FOUND
  }
  cache.counters.deleteHits++
  cache.classes[item.slabClass]!.deleteHits++
  cache.unlink(item)
  return DELETED
}

function change(call: Call, increase: boolean): Reply {
  const { cache, words } = call
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  const delta = parseUint64(bytesOf(words[2]!))
  if (delta === undefined) return BAD_DELTA
  const outcome = addDelta(cache, key, hashKey(key), increase, delta, 0n)
  switch (outcome) {
    case 'missing':
      if (increase) cache.counters.incrMisses++
      else cache.counters.decrMisses++
      return NOT_FOUND
    case 'no memory':
      return NO_MEMORY
    case 'non-numeric':
    case 'mismatch':
      return NON_NUMERIC
    default:
      return outcome.value <= Number.MAX_SAFE_INTEGER ? Number(outcome.value) : outcome.value
  }
}

function touch(call: Call): Reply {
  const { cache, words } = call
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  const exptime = parseInt32(bytesOf(words[2]!))
  if (exptime === undefined) return BAD_EXPTIME
  const item = cache.find(key)
  countRead(call, item, true)
  if (item === null) return NOT_FOUND
  cache.bump(item)
  cache.setExptime(item, cache.clock.expiry(exptime))
  return TOUCHED
}
