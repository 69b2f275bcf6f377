import { MetaReply, type Reply, ReplyError } from '../../../protocol/reply.ts'
import { BAD_LINE, type Call, type CommandEntry, ERROR, MAX_KEY_BYTES, NO_MEMORY, NON_NUMERIC, TOO_LARGE } from '../command-entry.ts'
import { addDelta } from '../delta.ts'
import { hashKey } from '../hash-table.ts'
import { type Item, STALE, TOKEN_SENT } from '../item.ts'
import { MAX_META_WORDS, type MetaFlags, OPAQUE_TOO_LONG, opaqueOf, parseMetaFlags, pushKey } from '../meta-flags.ts'
import { type StoreMode, store } from '../store.ts'
import { ascii, bytesOf } from '../words.ts'
import { timeLeft } from './meta-get.ts'

const ANY = Number.POSITIVE_INFINITY

/** `ms <key> <size> <flags>*` and a data block, `md <key> <flags>*`, `ma <key> <flags>*`: doc/protocol.txt, "Meta Commands". */
export const META_CHANGE_COMMANDS: readonly CommandEntry[] = [
  { name: 'ms', carriesData: true, minWords: 1, maxWords: ANY, reach: 'own keys', noreply: false, since: '1.6.0', run: metaSet },
  { name: 'md', carriesData: false, minWords: 1, maxWords: ANY, reach: 'own keys', noreply: false, since: '1.6.0', run: metaDelete },
  { name: 'ma', carriesData: false, minWords: 1, maxWords: ANY, reach: 'own keys', noreply: false, since: '1.6.8', run: metaArithmetic },
]

const SET_MODES: Readonly<Record<string, StoreMode>> = { '': 'set', S: 'set', E: 'add', A: 'append', P: 'prepend', R: 'replace' }
const SET_CODES = { stored: 'HD', exists: 'EX', 'not found': 'NF', 'not stored': 'NS' } as const
const FLAGS_TOO_LONG = new ReplyError('CLIENT_ERROR options flags too long')
const BAD_FLAG = new ReplyError('CLIENT_ERROR invalid or duplicate flag')

function metaSet(call: Call): Reply | undefined {
  const { cache, words, lineWords } = call
  if (lineWords < 1 || words.length < 3) return words.length < 2 ? arityError(call) : BAD_LINE
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  // The byte count is a word of the line.
  if (lineWords + 1 > MAX_META_WORDS) return FLAGS_TOO_LONG
  const flags = parseMetaFlags(key, words, 2, lineWords, cache.clock, call.profile.metaExplicitCas)
  if (typeof flags === 'string') return new ReplyError(flags)
  const opaqueFits = opaquesFit(flags)
  let mode = SET_MODES[flags.mode]
  if (mode === undefined) return new ReplyError('CLIENT_ERROR invalid mode for ms M token')
  if (!opaqueFits) return new ReplyError(OPAQUE_TOO_LONG)
  if (flags.hasCas && (mode === 'set' || mode === 'replace')) mode = 'cas'
  const result = store(cache, {
    mode,
    key: flags.key,
    flags: flags.clientFlags,
    exptime: flags.expiry,
    value: bytesOf(words[lineWords]!),
    cas: flags.cas,
    allowStale: flags.stale && mode === 'cas',
    binaryKey: flags.binaryKey,
    newCas: flags.explicitCas,
  })
  if (result.outcome === 'too large' || result.outcome === 'no memory') {
    const old = cache.find(flags.key)
    if (old !== null) cache.unlink(old)
    return result.outcome === 'too large' ? TOO_LARGE : NO_MEMORY
  }
  if (result.outcome === 'stored' && flags.quiet) return undefined
  return new MetaReply(SET_CODES[result.outcome], echoes(flags, result.cas), null)
}

function metaDelete(call: Call): Reply | undefined {
  const { cache } = call
  const flags = parseLine(call)
  if (flags instanceof ReplyError) return flags
  if (!opaquesFit(flags)) return new ReplyError(OPAQUE_TOO_LONG)
  const item = cache.find(flags.key)
  const code = deleteOrMark(call, flags, item)
  if (code === 'no memory') return new ReplyError('SERVER_ERROR out of memory')
  return code === 'HD' && flags.quiet ? undefined : new MetaReply(code, echoes(flags, undefined), null)
}

function deleteOrMark(call: Call, flags: MetaFlags, item: Item | null): 'HD' | 'EX' | 'NF' | 'no memory' {
  const { cache } = call
  if (item === null || (flags.hasCas && item.cas !== flags.cas)) {
    cache.counters.deleteMisses++
    return item === null ? 'NF' : 'EX'
  }
  let marked = item
  if (flags.removeValue) {
    const empty = cache.allocate(flags.key, item.hash, flags.clientFlags, flags.expiry, 0)
    if (typeof empty === 'string') return 'no memory'
    cache.replace(item, empty, flags.explicitCas)
    marked = empty
  }
  if (flags.stale) {
    if (flags.newTtl) cache.setExptime(marked, flags.expiry)
    marked.marks = (marked.marks | STALE) & ~TOKEN_SENT
    marked.cas = flags.explicitCas ?? cache.nextCas()
  } else if (!flags.removeValue) {
    cache.counters.deleteHits++
    cache.classes[item.slabClass]!.deleteHits++
    cache.unlink(item)
  }
  return 'HD'
}

function metaArithmetic(call: Call): Reply | undefined {
  const { cache } = call
  const flags = parseLine(call)
  if (flags instanceof ReplyError) return flags
  if (!['', 'I', '+', 'D', '-'].includes(flags.mode)) return new ReplyError('CLIENT_ERROR invalid mode for ma M token')
  const increase = flags.mode !== 'D' && flags.mode !== '-'
  const hash = hashKey(flags.key)
  const outcome = addDelta(cache, flags.key, hash, increase, flags.delta, flags.cas, flags.explicitCas)
  switch (outcome) {
    case 'non-numeric':
      return NON_NUMERIC
    case 'no memory':
      return new ReplyError('SERVER_ERROR out of memory')
    case 'mismatch':
      return opaquesFit(flags) ? new MetaReply('EX', echoes(flags, undefined), null) : new ReplyError(OPAQUE_TOO_LONG)
    case 'missing':
      return arithmeticMiss(call, flags, hash, increase)
    default: {
      const reply = arithmeticReply(call, flags, outcome.item, outcome.value, false)
      return flags.quiet && reply instanceof MetaReply ? undefined : reply
    }
  }
}

function arithmeticMiss(call: Call, flags: MetaFlags, hash: number, increase: boolean): Reply {
  const { cache } = call
  if (!flags.vivify) {
    if (increase) cache.counters.incrMisses++
    else cache.counters.decrMisses++
    return opaquesFit(flags) ? new MetaReply('NF', echoes(flags, undefined), null) : new ReplyError(OPAQUE_TOO_LONG)
  }
  const digits = ascii(flags.initial.toString())
  const item = cache.allocate(flags.key, hash, 0, 0, digits.length)
  if (typeof item === 'string') return new ReplyError('SERVER_ERROR Out of memory allocating new item')
  item.write(digits)
  cache.link(item, flags.explicitCas)
  return arithmeticReply(call, flags, item, flags.initial, true)
}

/** `HD` or `VA` with what the flags ask for, in their order; T and N take effect where they stand. */
function arithmeticReply(call: Call, flags: MetaFlags, item: Item, value: bigint, created: boolean): Reply {
  const { cache } = call
  const out: string[] = []
  for (let i = 0; i < flags.letters.length; i++) {
    switch (flags.letters[i]) {
      case 'c':
        out.push(`c${item.cas}`)
        break
      case 't':
        out.push(timeLeft(item, cache.clock.now))
        break
      case 'T':
        cache.setExptime(item, flags.expiry)
        break
      case 'N':
        if (created) cache.setExptime(item, flags.vivifyExpiry)
        break
      case 'O': {
        const opaque = opaqueOf(flags.tokens[i]!)
        if (opaque === undefined) return new ReplyError(OPAQUE_TOO_LONG)
        out.push(opaque)
        break
      }
      case 'k':
        pushKey(out, flags.key, flags.binaryKey)
        break
    }
  }
  return new MetaReply(flags.value ? 'VA' : 'HD', out, flags.value ? ascii(value.toString()) : null)
}

/** The line of md and ma; every mistake in a flag is one error there. */
function parseLine(call: Call): MetaFlags | ReplyError {
  const { cache, words } = call
  if (words.length < 2) return arityError(call)
  const key = bytesOf(words[1]!)
  if (key.length > MAX_KEY_BYTES) return BAD_LINE
  if (words.length > MAX_META_WORDS) return FLAGS_TOO_LONG
  const flags = parseMetaFlags(key, words, 2, words.length, cache.clock, call.profile.metaExplicitCas)
  return typeof flags === 'string' ? BAD_FLAG : flags
}

function arityError(call: Call): ReplyError {
  return call.profile.arityError === ERROR.text ? ERROR : BAD_LINE
}

function opaquesFit(flags: MetaFlags): boolean {
  const at = flags.letters.indexOf('O')
  return at < 0 || opaqueOf(flags.tokens[at]!) !== undefined
}

/** O, k and, where there is one, c: in the order of the request. */
function echoes(flags: MetaFlags, cas: bigint | undefined): string[] {
  const out: string[] = []
  for (let i = 0; i < flags.letters.length; i++) {
    const letter = flags.letters[i]
    if (letter === 'O') out.push(opaqueOf(flags.tokens[i]!) ?? '')
    else if (letter === 'k') pushKey(out, flags.key, flags.binaryKey)
    else if (letter === 'c' && cas !== undefined) out.push(`c${cas}`)
  }
  return out
}
