/**
 * What both sides of the memcached text protocol must know of a command before they can find its end: whether a
 * data block follows, where its byte count stands, whether `noreply` is honoured, and what kind of answer comes.
 * https://github.com/memcached/memcached/blob/1.6.18/doc/protocol.txt and proto_text.c
 */
export interface MemcachedVerb {
  /** Index of the byte count among the words of the line; absent when no data block follows. */
  readonly countAt?: number
  /** Number of words of the line (verb and byte count included) for which a data block is expected. */
  readonly minWords?: number
  readonly maxWords?: number
  /** A last word "noreply" asks for silence. Elsewhere it is a word like any other (`get z noreply` asks for two keys). */
  readonly noreply: boolean
  /**
   * Fewest and most words of a command whose last word "noreply" is honoured (the data block counts, its byte count
   * does not). Shorter, it stands for an obligatory word; longer, the line is refused before it is looked for. Both
   * are answered (observed on memcached 1.6.18).
   */
  readonly silentWords?: readonly [number, number]
  readonly answer: Answer
}

export type Answer = (typeof ANSWER)[keyof typeof ANSWER]

/** Small integers, so that the queue of expectations is a byte array. */
export const ANSWER = { line: 0, number: 1, values: 2, meta: 3 } as const

const storage: MemcachedVerb = { countAt: 4, minWords: 5, maxWords: 6, noreply: true, silentWords: [6, 6], answer: ANSWER.line }
const cas: MemcachedVerb = { countAt: 4, minWords: 6, maxWords: 7, noreply: true, silentWords: [7, 7], answer: ANSWER.line }
const arithmetic: MemcachedVerb = { noreply: true, silentWords: [3, 4], answer: ANSWER.number }
const silenceable: MemcachedVerb = { noreply: true, silentWords: [3, 4], answer: ANSWER.line }
const administration: MemcachedVerb = { noreply: true, silentWords: [2, 3], answer: ANSWER.line }
const retrieval: MemcachedVerb = { noreply: false, answer: ANSWER.values }
const meta: MemcachedVerb = { noreply: false, answer: ANSWER.meta }
const metaSet: MemcachedVerb = { countAt: 2, minWords: 3, maxWords: 19, noreply: false, answer: ANSWER.meta }
const line: MemcachedVerb = { noreply: false, answer: ANSWER.line }

const VERBS: ReadonlyMap<string, MemcachedVerb> = new Map([
  ['set', storage],
  ['add', storage],
  ['replace', storage],
  ['append', storage],
  ['prepend', storage],
  ['cas', cas],
  ['incr', arithmetic],
  ['decr', arithmetic],
  ['delete', silenceable],
  ['touch', silenceable],
  ['flush_all', administration],
  ['verbosity', administration],
  ['cache_memlimit', administration],
  ['get', retrieval],
  ['gets', retrieval],
  ['bget', retrieval],
  ['gat', retrieval],
  ['gats', retrieval],
  ['stats', retrieval],
  ['config', retrieval],
  ['mg', meta],
  ['md', meta],
  ['ma', meta],
  ['mn', meta],
  ['me', meta],
  ['ms', metaSet],
])

/** Verbs are lower case only; an unknown one is answered by one line. */
export function memcachedVerb(name: string): MemcachedVerb {
  return VERBS.get(name) ?? line
}

/**
 * The text of a word that is probably a verb, without making a string of known ones: decoding names was a tenth of
 * the cost of a command (bench/protocol.bench.ts).
 */
export function verbText(word: Uint8Array): string {
  const code = verbCode(word)
  const known = code === undefined ? undefined : NAMES.get(code)
  return known ?? Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
}

/** Up to 8 printable characters as one safe integer (97^8 < 2^53). */
function verbCode(word: Uint8Array): number | undefined {
  const { length } = word
  if (length > 8) return undefined
  let code = 0
  for (let i = 0; i < length; i++) {
    const byte = word[i]!
    if (byte < 33 || byte > 126) return undefined
    code = code * 97 + (byte - 32)
  }
  return code
}

const NAMES: ReadonlyMap<number, string> = new Map(
  [...VERBS.keys()].flatMap((name) => {
    const code = verbCode(Buffer.from(name))
    return code === undefined ? [] : [[code, name] as const]
  }),
)

/** Longest key in bytes. */
export const MEMCACHED_MAX_KEY_BYTES = 250

export const NOREPLY = 'noreply'
