import type { Word } from '../../protocol/command.ts'
import { parseInt32, parseUint32, parseUint64 } from '../../protocol/memcached-numbers.ts'
import { base64Decode, base64Encode } from './base64.ts'
import type { MemcachedClock } from './clock.ts'
import { bytesOf } from './words.ts'

/** Longest opaque token, its letter included. */
const MAX_OPAQUE_BYTES = 32
/** Most words of a meta command, byte count included. */
export const MAX_META_WORDS = 19

export const OPAQUE_TOO_LONG = 'CLIENT_ERROR opaque token too long'
const BAD_TOKEN = 'CLIENT_ERROR bad token in command line format'

/**
 * The flags of one meta command, read as `_meta_flag_preparse` reads them. `letters` and `tokens` keep their order,
 * which is the order of the answer.
 */
export interface MetaFlags {
  key: Uint8Array
  readonly letters: string
  readonly tokens: readonly Uint8Array[]
  binaryKey: boolean
  vivify: boolean
  vivifyExpiry: number
  newTtl: boolean
  expiry: number
  recache: number
  /** Has to see an item's state from before this read: bumps it at the end. */
  delaysBump: boolean
  value: boolean
  noUpdate: boolean
  quiet: boolean
  clientFlags: number
  hasCas: boolean
  cas: bigint
  explicitCas: bigint | undefined
  mode: string
  initial: bigint
  delta: bigint
  stale: boolean
  removeValue: boolean
}

/** The flags, or the error line. `words` from the first flag to the last. */
export function parseMetaFlags(
  key: Uint8Array,
  words: readonly Word[],
  from: number,
  to: number,
  clock: MemcachedClock,
  explicitCas: boolean,
): MetaFlags | string {
  const tokens: Uint8Array[] = []
  let letters = ''
  const flags: MetaFlags = {
    key,
    letters,
    tokens,
    binaryKey: false,
    vivify: false,
    vivifyExpiry: 0,
    newTtl: false,
    expiry: 0,
    recache: 0,
    delaysBump: false,
    value: false,
    noUpdate: false,
    quiet: false,
    clientFlags: 0,
    hasCas: false,
    cas: 0n,
    explicitCas: undefined,
    mode: '',
    initial: 0n,
    delta: 1n,
    stale: false,
    removeValue: false,
  }
  let error: string | undefined
  let failed = false
  for (let i = from; i < to; i++) {
    const token = bytesOf(words[i]!)
    const code = token[0] ?? 0
    const letter = String.fromCharCode(code)
    if (code >= 127 || letters.includes(letter)) return 'CLIENT_ERROR duplicate flag'
    letters += letter
    tokens.push(token)
    const problem = readFlag(flags, letter, token, clock, explicitCas)
    if (problem === 'CLIENT_ERROR invalid flag') return problem
    if (problem !== undefined) {
      failed = true
      if (problem !== '') error = problem
    }
  }
  if (failed) return error ?? 'CLIENT_ERROR bad command line format'
  return { ...flags, letters }
}

/** Undefined when all is well; an empty text for a mistake without words of its own. */
function readFlag(flags: MetaFlags, letter: string, token: Uint8Array, clock: MemcachedClock, explicitCas: boolean): string | undefined {
  switch (letter) {
    case 'b': {
      const key = base64Decode(flags.key)
      flags.binaryKey = true
      if (key === undefined) return 'CLIENT_ERROR error decoding key'
      flags.key = key
      return undefined
    }
    case 'N':
    case 'T':
    case 'R': {
      flags.delaysBump = true
      if (letter === 'N') flags.vivify = true
      const exptime = parseInt32(token, 1)
      if (exptime === undefined) return BAD_TOKEN
      const expiry = clock.expiry(exptime)
      if (letter === 'N') flags.vivifyExpiry = expiry
      else if (letter === 'R') flags.recache = expiry
      else flags.expiry = expiry
      if (letter === 'T') flags.newTtl = true
      return undefined
    }
    case 'l':
    case 'h':
      flags.delaysBump = true
      return undefined
    case 'v':
      flags.value = true
      return undefined
    case 'u':
      flags.noUpdate = true
      return undefined
    case 'q':
      flags.quiet = true
      return undefined
    case 'I':
      flags.stale = true
      return undefined
    case 'F': {
      const clientFlags = parseUint32(token, 1)
      if (clientFlags === undefined) return ''
      flags.clientFlags = clientFlags
      return undefined
    }
    case 'C': {
      const cas = parseUint64(token, 1)
      if (cas === undefined) return BAD_TOKEN
      flags.cas = cas
      flags.hasCas = true
      return undefined
    }
    case 'M':
      if (token.length !== 2) return 'CLIENT_ERROR incorrect length for M token'
      flags.mode = String.fromCharCode(token[1]!)
      return undefined
    case 'J':
    case 'D': {
      const number = parseUint64(token, 1)
      if (number === undefined) return letter === 'J' ? 'CLIENT_ERROR invalid numeric initial value' : 'CLIENT_ERROR invalid numeric delta value'
      if (letter === 'J') flags.initial = number
      else flags.delta = number
      return undefined
    }
    case 'E': {
      if (!explicitCas) return 'CLIENT_ERROR invalid flag'
      flags.explicitCas = parseUint64(token, 1)
      return flags.explicitCas === undefined ? BAD_TOKEN : undefined
    }
    case 'x':
      if (!explicitCas) return 'CLIENT_ERROR invalid flag'
      flags.removeValue = true
      return undefined
    default:
      return 'OPLkstcf'.includes(letter) ? undefined : 'CLIENT_ERROR invalid flag'
  }
}

/** An opaque token as it goes back, or undefined when it is too long. */
export function opaqueOf(token: Uint8Array): string | undefined {
  return token.length > MAX_OPAQUE_BYTES ? undefined : latin1(token)
}

/** `k<key>`, and behind it `b` when the key is in base64. */
export function pushKey(out: string[], key: Uint8Array, binary: boolean): void {
  if (binary) out.push(`k${base64Encode(key)}`, 'b')
  else out.push(`k${latin1(key)}`)
}

/** One character a byte: meta flags may hold any bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
