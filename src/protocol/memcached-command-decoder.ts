import type { Command } from './command.ts'
import { InputWindow } from './input-window.ts'
import { parseInt32, parseUint32, parseUint64 } from './memcached-numbers.ts'
import { MEMCACHED_MAX_KEY_BYTES, type MemcachedVerb, memcachedVerb, NOREPLY, verbText } from './memcached-verbs.ts'

export interface MemcachedCommandLimits {
  /** Longest data block that is handed on; a longer one is answered and swallowed here. 64 MiB, far above any item size. */
  readonly maxValueBytes: number
  /** Longest line of a multi-key get, which memcached itself does not bound: 1 MiB. */
  readonly maxLineBytes: number
  /** Since 1.6.45 the data block behind a key of more than 250 bytes is swallowed; before, it is read as commands. */
  readonly swallowOverlongKey: boolean
}

export const MEMCACHED_COMMAND_LIMITS: MemcachedCommandLimits = {
  maxValueBytes: 67_108_864,
  maxLineBytes: 1_048_576,
  swallowOverlongKey: false,
}

export interface MemcachedCommandSink {
  /** One whole command; the data block, if the verb has one, is the last word and was well-formed. The words are copies. */
  command(command: Command): void
  /** The line or its data block is refused before the engine sees it: answer this line and go on. */
  refused(text: string): void
  /** The peer can't be understood at all: close without an answer. Called at most once. */
  broken(): void
}

/** Without a line end in this many bytes, memcached closes the connection unless a multi-key get is on its way. */
const LINE_PATIENCE_BYTES = 2_048
const INT_MAX = 2_147_483_647
const BAD_LINE = 'CLIENT_ERROR bad command line format'

/**
 * Bytes -> commands of the text and meta protocols, for servers, any chunking. Follows `try_read_command_ascii`,
 * `process_update_command`, `process_mset_command` and `complete_nread_ascii` of memcached 1.6.18: what is wrong
 * with a storage line before its byte count is trusted is answered here, and its data block is then read as
 * commands, as there; everything else is the engine's to answer.
 *
 * The binary protocol (first byte 0x80) is not spoken: such a connection is closed.
 */
export class MemcachedCommandDecoder {
  /** While set, input is kept and nothing comes out; to go on, unset it and `feed` an empty chunk. */
  paused = false
  readonly #input = new InputWindow()
  readonly #sink: MemcachedCommandSink
  readonly #limits: MemcachedCommandLimits
  /** The words of the line whose data block is awaited. */
  #line: Buffer[] | undefined
  #blockBytes = 0
  #swallowBytes = 0
  #silent = false
  #fresh = true
  #closed = false

  constructor(sink: MemcachedCommandSink, limits: MemcachedCommandLimits = MEMCACHED_COMMAND_LIMITS) {
    this.#sink = sink
    this.#limits = limits
  }

  /** Chunks after `broken` or `stop` are ignored. */
  feed(chunk: Buffer): void {
    if (this.#closed) return
    if (this.#fresh && chunk.length > 0) {
      this.#fresh = false
      if (chunk[0] === 0x80) {
        this.#break()
        return
      }
    }
    const input = this.#input
    if (!input.offer(chunk)) return
    while (input.start < input.end && !this.#closed && !this.paused && this.#next()) {}
    if (this.#closed) input.discard()
    else input.keep()
  }

  /** No command comes out any more. May be called from within `command`. */
  stop(): void {
    this.#closed = true
  }

  #next(): boolean {
    const input = this.#input
    if (this.#swallowBytes > 0) {
      const step = Math.min(this.#swallowBytes, input.end - input.start)
      input.start += step
      this.#swallowBytes -= step
      return true
    }
    return this.#line ? this.#block(this.#line) : this.#readLine()
  }

  #readLine(): boolean {
    const input = this.#input
    const { bytes, start, end } = input
    const newline = lineLength(bytes, start, end)
    if (newline < 0) {
      if (end - start > LINE_PATIENCE_BYTES && !(isMultiGet(bytes, start, end) && end - start <= this.#limits.maxLineBytes)) this.#break()
      return false
    }
    let stop = start + newline
    input.start = stop + 1
    if (newline > 1 && bytes[stop - 1] === 13) stop--
    this.#interpret(split(bytes, start, stop))
    return true
  }

  #interpret(words: Buffer[]): void {
    // There are no valid commands of less than two bytes; such a line says ERROR before anything is looked up.
    if (words.length === 0 || words[0]!.length < 2) {
      this.#sink.refused('ERROR')
      return
    }
    const name = verbText(words[0]!)
    const verb = memcachedVerb(name)
    if (verb.countAt === undefined) {
      this.#sink.command(words)
      return
    }
    const silent = verb.noreply && isNoreply(words[words.length - 1]!)
    if (name === 'ms') {
      if (words.length === 1) this.#sink.command(words)
      else if (words[1]!.length > MEMCACHED_MAX_KEY_BYTES || words.length === 2) this.#sink.refused(BAD_LINE)
      else if (words.length > verb.maxWords!) this.#sink.refused('CLIENT_ERROR options flags too long')
      else this.#expectBlock(words, verb, false)
      return
    }
    if (words.length < verb.minWords! || words.length > verb.maxWords!) {
      this.#sink.command(words)
      return
    }
    const count = toCount(words[verb.countAt]!)
    if (words[1]!.length > MEMCACHED_MAX_KEY_BYTES) {
      if (this.#limits.swallowOverlongKey && count !== undefined) this.#swallowBytes = count + 2
      if (!silent) this.#sink.refused(BAD_LINE)
    } else if (
      parseUint32(words[2]!) === undefined ||
      parseInt32(words[3]!) === undefined ||
      (name === 'cas' && parseUint64(words[5]!) === undefined)
    ) {
      if (!silent) this.#sink.refused(BAD_LINE)
    } else {
      this.#expectBlock(words, verb, silent)
    }
  }

  #expectBlock(words: Buffer[], verb: MemcachedVerb, silent: boolean): void {
    const count = toCount(words[verb.countAt!]!)
    if (count === undefined) {
      if (!silent) this.#sink.refused(BAD_LINE)
      return
    }
    if (count > this.#limits.maxValueBytes) {
      this.#swallowBytes = count + 2
      if (!silent) this.#sink.refused('SERVER_ERROR object too large for cache')
      return
    }
    words.splice(verb.countAt!, 1)
    this.#line = words
    this.#blockBytes = count
    this.#silent = silent
  }

  #block(words: Buffer[]): boolean {
    const input = this.#input
    const { bytes, start, end } = input
    const stop = start + this.#blockBytes
    if (stop + 2 > end) {
      input.needBytes = this.#blockBytes + 2
      return false
    }
    input.start = stop + 2
    this.#line = undefined
    if (bytes[stop] !== 13 || bytes[stop + 1] !== 10) {
      if (!this.#silent) this.#sink.refused('CLIENT_ERROR bad data chunk')
      return true
    }
    words.push(copy(bytes, start, stop))
    this.#sink.command(words)
    return true
  }

  #break(): void {
    this.#closed = true
    this.#sink.broken()
  }
}

/** Words between blanks; a NUL ends the line, as it ends a C string. */
function split(bytes: Buffer, start: number, stop: number): Buffer[] {
  const words: Buffer[] = []
  let from = -1
  let at = start
  for (; at < stop && bytes[at] !== 0; at++) {
    if (bytes[at] === 32) {
      if (from >= 0) words.push(copy(bytes, from, at))
      from = -1
    } else if (from < 0) {
      from = at
    }
  }
  if (from >= 0) words.push(copy(bytes, from, at))
  return words
}

/** Bytes before the next LF, or -1. */
function lineLength(bytes: Buffer, start: number, end: number): number {
  const near = Math.min(end, start + 64)
  for (let at = start; at < near; at++) if (bytes[at] === 10) return at - start
  const far = near === end ? -1 : bytes.indexOf(10, near)
  // Behind `end` lies what an earlier, longer input left in the buffer.
  return far < 0 || far >= end ? -1 : far - start
}

function copy(bytes: Buffer, from: number, to: number): Buffer {
  const made = Buffer.allocUnsafe(to - from)
  if (to - from < 32) for (let i = 0; i < made.length; i++) made[i] = bytes[from + i]!
  else bytes.copy(made, 0, from, to)
  return made
}

function isNoreply(word: Buffer): boolean {
  return word.length === NOREPLY.length && word.toString('latin1') === NOREPLY
}

function isMultiGet(bytes: Buffer, start: number, end: number): boolean {
  let at = start
  while (at < end && bytes[at] === 32) at++
  if (at - start > 100) return false
  const head = bytes.toString('latin1', at, Math.min(at + 5, end))
  return head === 'gets ' || head.startsWith('get ')
}

/** The byte count, or undefined when the line is refused for it. */
function toCount(word: Buffer): number | undefined {
  const count = parseInt32(word)
  return count === undefined || count < 0 || count > INT_MAX - 2 ? undefined : count
}
