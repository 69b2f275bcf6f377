import { parseInt32, parseUint32 } from '../../../protocol/memcached-numbers.ts'
import { type Reply, ReplyError, SimpleString } from '../../../protocol/reply.ts'
import { BAD_LINE, type Call, type CommandEntry, ERROR } from '../command-entry.ts'
import { bytesOf, isText } from '../words.ts'
import { BAD_EXPTIME } from './retrieval.ts'

const ANY = Number.POSITIVE_INFINITY
const MEBIBYTE = 1024 * 1024

/** Commands about the server and the connection. */
export const SERVER_COMMANDS: readonly CommandEntry[] = [
  { name: 'version', carriesData: false, minWords: 1, maxWords: ANY, reach: 'connection', noreply: false, run: version },
  { name: 'quit', carriesData: false, minWords: 1, maxWords: ANY, reach: 'connection', noreply: false, run: quit },
  { name: 'verbosity', carriesData: false, minWords: 2, maxWords: 3, reach: 'server', noreply: true, run: verbosity },
  { name: 'flush_all', carriesData: false, minWords: 1, maxWords: 3, reach: 'server', noreply: true, run: flushAll },
  { name: 'cache_memlimit', carriesData: false, minWords: 2, maxWords: 3, reach: 'server', noreply: true, since: '1.4.25', run: memoryLimit },
  { name: 'shutdown', carriesData: false, minWords: 1, maxWords: ANY, reach: 'server', noreply: false, run: shutdown },
]

const OK = new SimpleString('OK')
/** `flush_all` may be turned off; ours is on, as by default. */
const TOO_SMALL = new ReplyError('MEMLIMIT_TOO_SMALL cannot set maxbytes to less than 8m')
const NOT_MEGABYTES = new ReplyError('MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes')

function version(call: Call): Reply {
  return new SimpleString(`VERSION ${call.profile.version}`)
}

function quit(call: Call): undefined {
  call.server.close()
}

function verbosity(call: Call): Reply {
  const level = parseUint32(bytesOf(call.words[1]!))
  if (level === undefined) return BAD_LINE
  call.server.verbosity = Math.min(level, 4)
  return OK
}

/** `flush_all [delay]`: at once, or for everything stored until `delay` is over. A negative delay is none. */
function flushAll(call: Call): Reply {
  const { cache, words } = call
  cache.counters.cmdFlush++
  const silent = isText(words[words.length - 1], 'noreply')
  let delay = 0
  if (words.length !== (silent ? 2 : 1)) {
    const given = parseInt32(bytesOf(words[1]!))
    if (given === undefined) return BAD_EXPTIME
    delay = given
  }
  cache.flush(delay > 0 ? cache.clock.expiry(delay) : cache.clock.now)
  return OK
}

/** `cache_memlimit <MiB>`: what is stored stays; new pages come up to the new limit. */
function memoryLimit(call: Call): Reply {
  const mebibytes = parseUint32(bytesOf(call.words[1]!))
  if (mebibytes === undefined) return ERROR
  if (mebibytes < 8) return TOO_SMALL
  if (mebibytes > 1_000_000_000) return NOT_MEGABYTES
  call.cache.slabs.limitBytes = mebibytes * MEBIBYTE
  return OK
}

/** Only with `-A`, which an engine without a process does not have. */
function shutdown(call: Call): Reply {
  return new ReplyError(call.profile.shutdownError)
}
