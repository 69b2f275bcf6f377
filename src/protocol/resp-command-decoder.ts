import { ByteSlab } from './byte-slab.ts'
import type { Command } from './command.ts'
import { splitInlineArguments } from './inline-arguments.ts'
import { InputWindow } from './input-window.ts'

export interface RespCommandLimits {
  /** `proto-max-bulk-len`, default 512 MiB. */
  readonly maxBulkBytes: number
  /**
   * All words of a command together: 1 GiB. Servers have such a limit for what they have read and not yet understood
   * (`client-query-buffer-limit`), and take any number of the largest words; all of those would be in our memory.
   */
  readonly maxCommandBytes: number
  /** Longest inline request or length line, 64 KiB (`PROTO_INLINE_MAX_SIZE`). */
  readonly maxInlineBytes: number
  /** Words of a command: INT_MAX. */
  readonly maxWords: number
}

export const RESP_COMMAND_LIMITS: RespCommandLimits = {
  maxBulkBytes: 536_870_912,
  maxCommandBytes: 1_073_741_824,
  maxInlineBytes: 65_536,
  maxWords: 2_147_483_647,
}

export interface RespCommandSink {
  /** One whole command of at least one word. The words are copies. */
  command(command: Command): void
  /** The peer broke the protocol: `text` is the error to answer ("ERR Protocol error: ..."), then the connection closes. Called at most once. */
  broken(text: string): void
}

const CR = 13
const LF = 10

/**
 * Bytes -> commands, for servers: multibulk and inline, any chunking. Does what `processMultibulkBuffer` and
 * `processInlineBuffer` of redis-server 7.0 do, down to what they do not check: the bytes after a length's CR and
 * after a payload are skipped unseen, `*0`, `*-5` and empty lines are no commands, and a NUL hides what follows
 * it from the search for a line's end (they are C strings).
 */
export class RespCommandDecoder {
  /** Until a client has authenticated, redis-server takes at most 10 words of 16 KiB each from it. Set by the driver. */
  unauthenticated = false
  /** While set, input is kept and nothing comes out; to go on, unset it and `feed` an empty chunk. */
  paused = false
  readonly #slab = new ByteSlab()
  readonly #input = new InputWindow()
  readonly #sink: RespCommandSink
  readonly #limits: RespCommandLimits
  #words: Buffer[] = []
  #missingWords = 0
  #bulkBytes = -1
  /** Of the command under way, the awaited word included. */
  #commandBytes = 0
  #closed = false

  constructor(sink: RespCommandSink, limits: RespCommandLimits = RESP_COMMAND_LIMITS) {
    this.#sink = sink
    this.#limits = limits
  }

  /** Chunks after `broken` or `stop` are ignored. */
  feed(chunk: Buffer): void {
    if (this.#closed) return
    const input = this.#input
    if (!input.offer(chunk)) return
    while (input.start < input.end && !this.#closed && !this.paused && this.#next()) {}
    if (this.#closed) input.discard()
    else input.keep()
  }

  /** No command comes out any more: the connection is closing. May be called from within `command`. */
  stop(): void {
    this.#closed = true
  }

  /** True when something was consumed. */
  #next(): boolean {
    if (this.#missingWords > 0) return this.#word()
    const { bytes, start } = this.#input
    return bytes[start] === 42 ? this.#multibulk() : this.#inline()
  }

  #multibulk(): boolean {
    const input = this.#input
    const cr = this.#lineEnd(CR, 'too big mbulk count string')
    if (cr < 0) return false
    const count = parseLength(input.bytes, input.start + 1, cr)
    if (count === undefined || count > this.#limits.maxWords) return this.#break('invalid multibulk length')
    if (count > 10 && this.unauthenticated) return this.#break('unauthenticated multibulk length')
    input.start = cr + 2
    if (count <= 0) return true
    this.#missingWords = count
    this.#words = []
    this.#commandBytes = 0
    return true
  }

  #word(): boolean {
    const input = this.#input
    if (this.#bulkBytes < 0) {
      const { bytes, start } = input
      const cr = this.#lineEnd(CR, 'too big bulk count string')
      if (cr < 0) return false
      const type = bytes[start]!
      if (type !== 36) {
        const shown = type === CR || type === LF ? ' ' : String.fromCharCode(type)
        return this.#break(`expected '$', got '${shown}'`)
      }
      const count = parseLength(bytes, start + 1, cr)
      if (count === undefined || count < 0 || count > this.#limits.maxBulkBytes) return this.#break('invalid bulk length')
      if (count > 16_384 && this.unauthenticated) return this.#break('unauthenticated bulk length')
      this.#commandBytes += count
      if (this.#commandBytes > this.#limits.maxCommandBytes) return this.#break(`a command of more than ${this.#limits.maxCommandBytes} bytes`)
      input.start = cr + 2
      this.#bulkBytes = count
    }
    const { bytes, start, end } = input
    const count = this.#bulkBytes
    if (end - start < count + 2) {
      input.needBytes = count + 2
      return false
    }
    const copy = this.#slab.take(count)
    if (count < 32) for (let i = 0; i < count; i++) copy[i] = bytes[start + i]!
    else bytes.copy(copy, 0, start, start + count)
    this.#words.push(copy)
    input.start = start + count + 2
    this.#bulkBytes = -1
    if (--this.#missingWords === 0) {
      const words = this.#words
      this.#words = []
      this.#sink.command(words)
    }
    return true
  }

  #inline(): boolean {
    const input = this.#input
    const { bytes, start } = input
    const newline = this.#lineEnd(LF, 'too big inline request')
    if (newline < 0) return false
    const stop = newline > start && bytes[newline - 1] === CR ? newline - 1 : newline
    const words = splitInlineArguments(bytes.subarray(start, stop))
    if (!words) return this.#break('unbalanced quotes in request')
    input.start = newline + 1
    if (words.length > 0) this.#sink.command(words)
    return true
  }

  /** Where the mark is (for CR: with a byte behind it); -1 when it hasn't come, or when the search broke a limit. */
  #lineEnd(mark: number, tooBig: string): number {
    const { bytes, start, end } = this.#input
    const seen = end - start
    for (let at = start; at < end; at++) {
      const byte = bytes[at]
      if (byte === mark) return mark === LF || at + 1 < end ? at : -1
      if (byte === 0) break
    }
    if (seen > this.#limits.maxInlineBytes) this.#break(tooBig)
    return -1
  }

  #break(text: string): false {
    this.#closed = true
    this.#sink.broken(`ERR Protocol error: ${text}`)
    return false
  }
}

/** As `string2ll`: no blanks, no plus, no leading zeros, no "-0"; undefined for anything else. Beyond 15 digits every limit is broken anyway. */
function parseLength(bytes: Uint8Array, from: number, to: number): number | undefined {
  let at = from
  const negative = bytes[at] === 45
  if (negative) at++
  const digits = to - at
  if (digits < 1 || digits > 19) return undefined
  if (bytes[at] === 48) return digits === 1 && !negative ? 0 : undefined
  let value = 0
  for (; at < to; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return negative ? -value : value
}
