import { ByteSlab } from './byte-slab.ts'
import { InputWindow } from './input-window.ts'
import { ANSWER, type Answer } from './memcached-verbs.ts'
import { ProtocolError } from './protocol-error.ts'
import { type MemcachedItem, MemcachedValues, MetaReply, type Reply, ReplyError, SimpleString } from './reply.ts'

export interface MemcachedReplyLimits {
  /** Largest value, refused by its header: 64 MiB, above any item size in use (memcached's own is 1 MiB). */
  readonly maxValueBytes: number
  /** The values of one answer together, which the keys asked for do not bound when a server misbehaves: 512 MiB. */
  readonly maxAnswerBytes: number
  readonly maxLineBytes: number
  /** Values or statistics in one answer. */
  readonly maxItems: number
}

export const MEMCACHED_REPLY_LIMITS: MemcachedReplyLimits = {
  maxValueBytes: 67_108_864,
  maxAnswerBytes: 536_870_912,
  maxLineBytes: 65_536,
  maxItems: 1_048_576,
}

const CR = 13
const LF = 10

/**
 * Bytes -> replies of the text and meta protocols, for clients, any chunking. The protocol does not say where an
 * answer ends without knowing the question, so `expect` queues what `encodeMemcachedCommand` returned, in order.
 * Values are copies. Throws `ProtocolError` when an answer can't be understood or nobody asked for it.
 */
export class MemcachedReplyDecoder {
  readonly #slab = new ByteSlab()
  readonly #input = new InputWindow()
  readonly #limits: MemcachedReplyLimits
  readonly #onReply: (reply: Reply) => void
  /** Ring of expected answers; the capacity is a power of two. */
  #expected = new Uint8Array(256)
  #head = 0
  #tail = 0
  #items: MemcachedItem[] = []
  #kind: MemcachedValues['kind'] = 'values'
  /** The header of the value whose bytes are awaited. */
  #pending: { readonly key: Buffer; readonly flags: number; readonly cas: bigint | undefined; readonly meta: MetaReply | undefined } | undefined
  #valueBytes = 0
  /** Values of the answer under way, the awaited one included. */
  #answerBytes = 0

  constructor(onReply: (reply: Reply) => void, limits: MemcachedReplyLimits = MEMCACHED_REPLY_LIMITS) {
    this.#onReply = onReply
    this.#limits = limits
  }

  /** Bytes of the stream consumed so far; within `onReply`, up to the end of that reply. */
  get position(): number {
    return this.#input.position
  }

  get midReply(): boolean {
    return this.#input.keptBytes > 0 || this.#items.length > 0 || this.#pending !== undefined
  }

  expect(answer: Answer): void {
    const ring = this.#expected
    if (this.#tail - this.#head === ring.length) {
      const grown = new Uint8Array(ring.length * 2)
      for (let i = this.#head; i < this.#tail; i++) grown[i & (grown.length - 1)] = ring[i & (ring.length - 1)]!
      this.#expected = grown
    }
    this.#expected[this.#tail++ & (this.#expected.length - 1)] = answer
  }

  feed(chunk: Buffer): void {
    const input = this.#input
    if (!input.offer(chunk)) return
    while (input.start < input.end && this.#next()) {}
    input.keep()
  }

  #next(): boolean {
    const input = this.#input
    const { bytes, start, end } = input
    if (this.#pending) return this.#value()
    const lf = lineEnd(bytes, start, end)
    if (lf < 0) {
      if (end - start > this.#limits.maxLineBytes) throw new ProtocolError(`a line is longer than ${this.#limits.maxLineBytes} bytes`)
      return false
    }
    if (this.#head === this.#tail) throw new ProtocolError('an answer came that nobody asked for')
    if (lf - start > this.#limits.maxLineBytes) throw new ProtocolError(`a line is longer than ${this.#limits.maxLineBytes} bytes`)
    input.start = lf + 1
    const answer = this.#expected[this.#head & (this.#expected.length - 1)]!
    if (answer === ANSWER.values) this.#valuesLine(start, lf - 1)
    else this.#oneLine(answer, bytes.toString('latin1', start, lf - 1))
    return true
  }

  #oneLine(answer: number, text: string): void {
    if (isError(text)) {
      this.#answer(new ReplyError(text))
    } else if (answer === ANSWER.meta) {
      this.#metaLine(text)
    } else if (answer === ANSWER.number && /^\d{1,20} *$/.test(text)) {
      const value = Number(text)
      this.#answer(Number.isSafeInteger(value) ? value : BigInt(text.trimEnd()))
    } else if (text.charCodeAt(0) >= 65 && text.charCodeAt(0) <= 90) {
      this.#answer(text === 'OK' ? SimpleString.ok : new SimpleString(text))
    } else {
      throw new ProtocolError(`not a memcached answer: ${JSON.stringify(text.slice(0, 40))}`)
    }
  }

  #metaLine(text: string): void {
    const words = text.trimEnd().split(' ')
    const code = words[0]!
    if (!/^[A-Z]{2}$/.test(code)) throw new ProtocolError(`not a meta answer: ${JSON.stringify(text.slice(0, 40))}`)
    if (code !== 'VA') {
      this.#answer(new MetaReply(code, words.slice(1), null))
      return
    }
    this.#await(this.#count(words[1]))
    this.#pending = { key: EMPTY, flags: 0, cas: undefined, meta: new MetaReply(code, words.slice(2), null) }
  }

  #valuesLine(start: number, stop: number): void {
    const { bytes } = this.#input
    if (stop - start === 3 && bytes[start] === 69 && bytes[start + 1] === 78 && bytes[start + 2] === 68) {
      const items = this.#items
      const kind = this.#kind
      this.#items = []
      this.#kind = 'values'
      this.#answer(new MemcachedValues(items, kind))
      return
    }
    if (this.#plainValue(start, stop)) return
    const text = bytes.toString('latin1', start, stop)
    if (text.startsWith('VALUE ') || text.startsWith('CONFIG ')) {
      const words = text.split(' ')
      if (words[0] === 'CONFIG') this.#kind = 'config'
      const cas = words[4] === undefined || words[4] === '' ? undefined : words[4]
      if (words.length > 6 || !/^\d+$/.test(words[2] ?? '') || (cas !== undefined && !/^\d{1,20}$/.test(cas))) {
        throw new ProtocolError(`not a value header: ${JSON.stringify(text.slice(0, 60))}`)
      }
      this.#await(this.#count(words[3]))
      const key = Buffer.from(words[1]!, 'latin1')
      this.#pending = { key, flags: Number(words[2]), cas: cas === undefined ? undefined : BigInt(cas), meta: undefined }
    } else if (text.startsWith('STAT ')) {
      const blank = text.indexOf(' ', 5)
      const name = blank < 0 ? text.slice(5) : text.slice(5, blank)
      const value = blank < 0 ? '' : text.slice(blank + 1)
      this.#kind = 'stats'
      this.#weigh(text.length)
      this.#push({ key: Buffer.from(name, 'latin1'), flags: 0, value: Buffer.from(value, 'latin1') })
    } else {
      this.#items = []
      this.#kind = 'values'
      this.#oneLine(ANSWER.line, text)
    }
  }

  /** `VALUE key flags bytes`, the header that makes up nearly all traffic, without a string. False: it is something else. */
  #plainValue(start: number, stop: number): boolean {
    const { bytes } = this.#input
    for (let i = 0; i < VALUE.length; i++) if (bytes[start + i] !== VALUE[i]) return false
    let at = start + VALUE.length
    while (at < stop && bytes[at] !== 32) at++
    const keyEnd = at
    let flags = 0
    let digits = 0
    for (at++; at < stop && bytes[at] !== 32; at++, digits++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) return false
      flags = flags * 10 + digit
    }
    if (digits < 1 || digits > 10) return false
    let count = 0
    digits = 0
    for (at++; at < stop; at++, digits++) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) return false
      count = count * 10 + digit
    }
    if (digits < 1 || digits > 9 || count > this.#limits.maxValueBytes) return false
    const key = this.#slab.take(keyEnd - start - 6)
    for (let i = 0; i < key.length; i++) key[i] = bytes[start + 6 + i]!
    this.#await(count)
    this.#pending = { key, flags, cas: undefined, meta: undefined }
    return true
  }

  #value(): boolean {
    const input = this.#input
    const { bytes, start, end } = input
    const { key, flags, cas, meta } = this.#pending!
    const stop = start + this.#valueBytes
    if (stop + 2 > end) {
      input.needBytes = this.#valueBytes + 2
      return false
    }
    if (bytes[stop] !== CR || bytes[stop + 1] !== LF) throw new ProtocolError('a value does not end with CR LF')
    const value = this.#slab.take(this.#valueBytes)
    bytes.copy(value, 0, start, stop)
    input.start = stop + 2
    this.#pending = undefined
    if (meta) this.#answer(new MetaReply(meta.code, meta.flags, value))
    else this.#push(cas === undefined ? { key, flags, value } : { key, flags, value, cas })
    return true
  }

  #await(count: number): void {
    this.#valueBytes = count
    this.#weigh(count)
  }

  #weigh(count: number): void {
    this.#answerBytes += count
    if (this.#answerBytes > this.#limits.maxAnswerBytes) {
      throw new ProtocolError(`the values of an answer are above the limit of ${this.#limits.maxAnswerBytes} bytes`)
    }
  }

  #push(item: MemcachedItem): void {
    if (this.#items.length >= this.#limits.maxItems) throw new ProtocolError(`an answer holds more than ${this.#limits.maxItems} items`)
    this.#items.push(item)
  }

  #count(word: string | undefined): number {
    if (word === undefined || !/^\d{1,12}$/.test(word)) throw new ProtocolError('not a byte count')
    const count = Number(word)
    if (count > this.#limits.maxValueBytes) throw new ProtocolError(`a value of ${count} bytes is above the limit of ${this.#limits.maxValueBytes}`)
    return count
  }

  #answer(reply: Reply): void {
    this.#head++
    this.#answerBytes = 0
    this.#onReply(reply)
  }
}

const EMPTY = Buffer.alloc(0)
const VALUE = Buffer.from('VALUE ')

/** Where the LF of the next CR LF is, or -1. */
function lineEnd(bytes: Buffer, start: number, end: number): number {
  const near = Math.min(end, start + 96)
  for (let at = start + 1; at < near; at++) if (bytes[at] === LF && bytes[at - 1] === CR) return at
  if (near === end) return -1
  let at = bytes.indexOf(LF, near)
  while (at >= 0 && at < end && bytes[at - 1] !== CR) at = bytes.indexOf(LF, at + 1)
  // Behind `end` lies what an earlier, longer input left in the buffer.
  return at < 0 || at >= end ? -1 : at
}

function isError(text: string): boolean {
  const first = text.charCodeAt(0)
  if (first !== 67 && first !== 69 && first !== 83) return false
  return text.startsWith('ERROR') || text.startsWith('CLIENT_ERROR') || text.startsWith('SERVER_ERROR')
}
