import { MetaReply, type Reply, ReplyError } from '../../../protocol/reply.ts'
import { base64Decode, base64Encode } from '../base64.ts'
import { BAD_LINE, type Call, type CommandEntry, ERROR, MAX_KEY_BYTES } from '../command-entry.ts'
import { hashKey } from '../hash-table.ts'
import { BINARY_KEY, FETCHED, type Item, STALE, TOKEN_SENT } from '../item.ts'
import { latin1, MAX_META_WORDS, type MetaFlags, OPAQUE_TOO_LONG, opaqueOf, parseMetaFlags, pushKey } from '../meta-flags.ts'
import { bytesOf, isText } from '../words.ts'
import { countRead } from './retrieval.ts'

const ANY = Number.POSITIVE_INFINITY

/** `mg <key> <flags>*`, `me <key>`, `mn`: doc/protocol.txt, "Meta Commands". */
export const META_GET_COMMANDS: readonly CommandEntry[] = [
  { name: 'mg', carriesData: false, minWords: 1, maxWords: ANY, reach: 'own keys', noreply: false, since: '1.6.0', run: metaGet },
  { name: 'me', carriesData: false, minWords: 1, maxWords: ANY, reach: 'own keys', noreply: false, since: '1.6.0', run: metaDebug },
  { name: 'mn', carriesData: false, minWords: 1, maxWords: ANY, reach: 'connection', noreply: false, since: '1.6.0', run: () => NOOP },
]

const NOOP = new MetaReply('MN', [], null)
const MISS = new MetaReply('EN', [], null)
const FLAGS_TOO_LONG = new ReplyError('CLIENT_ERROR options flags are too long')

function metaGet(call: Call): Reply | undefined {
  const { cache, words } = call
  if (words.length < 2) return call.profile.arityError === ERROR.text ? ERROR : BAD_LINE
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  if (words.length > MAX_META_WORDS) return FLAGS_TOO_LONG
  const flags = parseMetaFlags(key, words, 2, words.length, cache.clock, call.profile.metaExplicitCas)
  if (typeof flags === 'string') return new ReplyError(flags)
  const hash = hashKey(flags.key)
  let item = cache.find(flags.key, hash)
  if (item !== null && !flags.delaysBump && !flags.noUpdate) cache.bump(item)
  const created = item === null && flags.vivify
  if (created) item = vivify(call, flags, hash)
  if (item === null) return miss(call, flags)
  const reply = hit(call, flags, item, created)
  // A mistake found while answering ends it there: what came before has happened, the read doesn't count.
  if (flags.delaysBump && !flags.noUpdate && reply instanceof MetaReply) cache.bump(item)
  return reply
}

/** An empty item, so that one client at a time fills a missing key. */
function vivify(call: Call, flags: MetaFlags, hash: number): Item | null {
  const item = call.cache.allocate(flags.key, hash, 0, 0, 0)
  if (typeof item === 'string') return null
  call.cache.link(item, flags.explicitCas)
  return item
}

function miss(call: Call, flags: MetaFlags): Reply | undefined {
  countRead(call, null, false)
  if (flags.letters === '') return MISS
  const out: string[] = []
  for (let i = 0; i < flags.letters.length; i++) {
    if (flags.letters[i] === 'k') {
      pushKey(out, flags.key, flags.binaryKey)
    } else if (flags.letters[i] === 'O') {
      const opaque = opaqueOf(flags.tokens[i]!)
      if (opaque === undefined) return new ReplyError(OPAQUE_TOO_LONG)
      out.push(opaque)
    }
  }
  return flags.quiet ? undefined : new MetaReply('EN', out, null)
}

function hit(call: Call, flags: MetaFlags, item: Item, created: boolean): Reply {
  const { cache } = call
  const now = cache.clock.now
  const out: string[] = []
  let won = false
  for (let i = 0; i < flags.letters.length; i++) {
    switch (flags.letters[i]) {
      case 'T':
        cache.setExptime(item, flags.expiry)
        break
      case 'N':
        if (created) {
          cache.setExptime(item, flags.vivifyExpiry)
          won = true
        }
        break
      case 'R':
        if ((item.marks & TOKEN_SENT) === 0 && !created && item.exptime !== 0 && item.exptime < flags.recache) won = true
        break
      case 's':
        out.push(`s${item.valueLength}`)
        break
      case 't':
        out.push(timeLeft(item, now))
        break
      case 'c':
        out.push(`c${item.cas}`)
        break
      case 'f':
        out.push(`f${item.flags}`)
        break
      case 'l':
        out.push(`l${now - item.time}`)
        break
      case 'h':
        out.push((item.marks & FETCHED) !== 0 ? 'h1' : 'h0')
        break
      case 'O': {
        const opaque = opaqueOf(flags.tokens[i]!)
        if (opaque === undefined) return new ReplyError(OPAQUE_TOO_LONG)
        out.push(opaque)
        break
      }
      case 'k':
        pushKey(out, item.key(), (item.marks & BINARY_KEY) !== 0)
        break
    }
  }
  // Z: another client has been told to recache it. X: it is stale. W: this client is told to recache it.
  if ((item.marks & TOKEN_SENT) !== 0) out.push('Z')
  if ((item.marks & STALE) !== 0) {
    out.push('X')
    if ((item.marks & TOKEN_SENT) === 0) won = true
  }
  if (won) {
    out.push('W')
    item.marks |= TOKEN_SENT
  }
  countRead(call, item, flags.newTtl)
  return new MetaReply(flags.value ? 'VA' : 'HD', out, flags.value ? item.value() : null)
}

/** `t<seconds>`; an unsigned number of 32 bits, so that one that is over is far away. */
export function timeLeft(item: Item, now: number): string {
  return item.exptime === 0 ? 't-1' : `t${(item.exptime - now) >>> 0}`
}

/** `me <key>`: what the server knows of an item, for people. */
function metaDebug(call: Call): Reply {
  const { cache, words } = call
  if (words.length < 2) return BAD_LINE
  let key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  if (isText(words[2], 'b')) {
    const decoded = base64Decode(key)
    if (decoded === undefined) return BAD_LINE
    key = decoded
  }
  const item = cache.find(key)
  cache.counters.cmdMeta++
  if (item === null) return MISS
  const left = item.exptime - cache.clock.now
  const expiry = item.exptime === 0 ? -1 : call.profile.metaDebugNegatesExpiry ? -left : left
  return new MetaReply(
    'ME',
    [
      (item.marks & BINARY_KEY) !== 0 ? base64Encode(item.key()) : latin1(item.key()),
      `exp=${expiry}`,
      `la=${cache.clock.now - item.time}`,
      `cas=${item.cas}`,
      `fetch=${(item.marks & FETCHED) !== 0 ? 'yes' : 'no'}`,
      `cls=${item.slabClass}`,
      `size=${item.totalBytes}`,
    ],
    null,
  )
}
