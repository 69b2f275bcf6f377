import { parseInt32, parseUint32, parseUint64 } from '../../../protocol/memcached-numbers.ts'
import { type Reply, SimpleString } from '../../../protocol/reply.ts'
import { BAD_LINE, type Call, type CommandEntry, MAX_KEY_BYTES, NO_MEMORY, TOO_LARGE } from '../command-entry.ts'
import { hashKey } from '../hash-table.ts'
import { type StoreMode, store } from '../store.ts'
import { bytesOf } from '../words.ts'

const ANSWERS = {
  stored: new SimpleString('STORED'),
  exists: new SimpleString('EXISTS'),
  'not found': new SimpleString('NOT_FOUND'),
  'not stored': new SimpleString('NOT_STORED'),
  'too large': TOO_LARGE,
  'no memory': NO_MEMORY,
} as const

/** set, add, replace, append, prepend: `<name> <key> <flags> <exptime> [noreply]` and a data block; cas has the cas id before `noreply`. */
export const STORAGE_COMMANDS: readonly CommandEntry[] = [
  storage('set'),
  storage('add'),
  storage('replace'),
  storage('append'),
  storage('prepend'),
  storage('cas'),
]

function storage(mode: StoreMode): CommandEntry {
  const minWords = mode === 'cas' ? 5 : 4
  const run = (call: Call) => storeAs(call, mode)
  return { name: mode, carriesData: true, minWords, maxWords: minWords + 1, reach: 'own keys', noreply: true, run }
}

function storeAs(call: Call, mode: StoreMode): Reply {
  const { cache, words } = call
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  const flags = parseUint32(bytesOf(words[2]!))
  const exptime = parseInt32(bytesOf(words[3]!))
  if (flags === undefined || exptime === undefined) return BAD_LINE
  const cas = mode === 'cas' ? parseUint64(bytesOf(words[4]!)) : 0n
  if (cas === undefined) return BAD_LINE
  const value = bytesOf(words[call.lineWords]!)
  const request = { mode, key, flags, exptime: cache.clock.expiry(exptime), value, cas, allowStale: false, binaryKey: false }
  const { outcome } = store(cache, request)
  // A set that fails must not leave the old value to be read as if it were the new one.
  if (mode === 'set' && (outcome === 'too large' || outcome === 'no memory')) {
    const old = cache.find(key, hashKey(key))
    if (old !== null) cache.unlink(old)
  }
  return ANSWERS[outcome]
}
