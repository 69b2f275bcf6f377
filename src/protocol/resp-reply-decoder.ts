import { ByteSlab } from './byte-slab.ts'
import { InputWindow } from './input-window.ts'
import { ProtocolError, showByte } from './protocol-error.ts'
import {
  BigNumberReply,
  DoubleReply,
  MapReply,
  NullArray,
  PushReply,
  type Reply,
  ReplyError,
  SetReply,
  SimpleString,
  VerbatimReply,
} from './reply.ts'

export interface RespReplyLimits {
  /** Largest bulk string, error blob or verbatim string. Default 512 MiB, the servers' own `proto-max-bulk-len`. */
  readonly maxBulkBytes: number
  /** Longest line: lengths, simple strings, errors. Default 64 KiB. */
  readonly maxLineBytes: number
  /** Elements of one aggregate, default 2^26. */
  readonly maxElements: number
  /** Nesting, default 64. */
  readonly maxDepth: number
}

export const RESP_REPLY_LIMITS: RespReplyLimits = {
  maxBulkBytes: 536_870_912,
  maxLineBytes: 65_536,
  maxElements: 67_108_864,
  maxDepth: 64,
}

const CR = 13
const LF = 10

/** Stands for a bulk string that was there and that nobody looks at. */
export const UNREAD = Buffer.alloc(0)

function always(): boolean {
  return true
}

/** An aggregate under construction. */
interface Frame {
  readonly type: number
  readonly items: Reply[]
  missing: number
}

/**
 * Bytes -> replies, RESP2 and RESP3, for clients. `feed` takes chunks of any size and calls `onReply` once for
 * each whole reply, in order; pushes (`>`) come as `PushReply` through the same callback. Bulk strings are copies,
 * so the chunk may be reused. Attributes (`|`) are read and dropped.
 *
 * Throws `ProtocolError` when the bytes are no RESP or break a limit; the decoder is of no use afterwards.
 * What `onReply` throws passes through and leaves the decoder unusable too.
 */
export class RespReplyDecoder {
  readonly #input = new InputWindow()
  readonly #stack: Frame[] = []
  readonly #slab = new ByteSlab()
  readonly #limits: RespReplyLimits
  readonly #onReply: (reply: Reply) => void
  readonly #isRead: () => boolean

  /** `isRead`: whether whoever gets the next reply looks at the bytes of a bulk string; else it comes as `UNREAD`, which saves the copy. */
  constructor(onReply: (reply: Reply) => void, limits: RespReplyLimits = RESP_REPLY_LIMITS, isRead: () => boolean = always) {
    this.#onReply = onReply
    this.#limits = limits
    this.#isRead = isRead
  }

  /** Bytes of the stream consumed so far; within `onReply`, up to the end of that reply. */
  get position(): number {
    return this.#input.position
  }

  /** True when the stream stands inside a reply. */
  get midReply(): boolean {
    return this.#stack.length > 0 || this.#input.keptBytes > 0
  }

  feed(chunk: Buffer): void {
    const input = this.#input
    if (!input.offer(chunk)) return
    while (input.start < input.end && this.#next()) {}
    input.keep()
  }

  /** Reads one header with its payload. False: more input is needed. */
  #next(): boolean {
    const input = this.#input
    const { bytes, start, end } = input
    const type = bytes[start]!
    let at = start + 1
    if (type === 36 || type === 58 || type === 42) {
      // The three headers that make up nearly all traffic, with a plain integer of up to 15 digits.
      let value = 0
      let negative = false
      if (at < end && bytes[at] === 45) {
        negative = true
        at++
      }
      const from = at
      for (; at < end; at++) {
        const digit = bytes[at]! - 48
        if (digit < 0 || digit > 9) break
        value = value * 10 + digit
      }
      if (at + 1 < end && at > from && at - from < 16 && bytes[at] === CR && bytes[at + 1] === LF) {
        at += 2
        if (negative) value = 0 - value
        if (type === 58) {
          input.start = at
          this.#emit(value)
          return true
        }
        return type === 36 ? this.#bulk(type, value, at) : this.#aggregate(type, value, at)
      }
      at = start + 1
    } else if (type === 43 && start + 4 < end && bytes[at] === 79 && bytes[start + 2] === 75 && bytes[start + 3] === CR && bytes[start + 4] === LF) {
      // +OK, what every SET is answered.
      input.start = start + 5
      this.#emit(SimpleString.ok)
      return true
    }
    return this.#line(type, at)
  }

  #line(type: number, from: number): boolean {
    const input = this.#input
    const { bytes, end } = input
    let cr = bytes.indexOf(CR, from)
    while (cr >= 0 && cr + 1 < end && bytes[cr + 1] !== LF) cr = bytes.indexOf(CR, cr + 1)
    if (cr < 0 || cr + 1 >= end) {
      if (!KNOWN_TYPES.has(type)) throw new ProtocolError(`expected a RESP type, got ${showByte(type)}`)
      if (end - from > this.#limits.maxLineBytes) throw new ProtocolError(`a line is longer than ${this.#limits.maxLineBytes} bytes`)
      return false
    }
    if (cr - from > this.#limits.maxLineBytes) throw new ProtocolError(`a line is longer than ${this.#limits.maxLineBytes} bytes`)
    const text = bytes.toString('latin1', from, cr)
    const at = cr + 2
    switch (type) {
      case 43: // +
        input.start = at
        this.#emit(text === 'OK' ? SimpleString.ok : new SimpleString(text))
        return true
      case 45: // -
        input.start = at
        this.#emit(new ReplyError(text))
        return true
      case 58: // :
        input.start = at
        this.#emit(integer(text))
        return true
      case 95: // _
        if (text !== '') throw new ProtocolError('a null carries no text')
        input.start = at
        this.#emit(null)
        return true
      case 35: // #
        if (text !== 't' && text !== 'f') throw new ProtocolError('a boolean is t or f')
        input.start = at
        this.#emit(text === 't')
        return true
      case 44: // ,
        if (!/^(?:[-+]?(?:inf|nan)|[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)$/.test(text)) throw new ProtocolError('not a double')
        input.start = at
        this.#emit(new DoubleReply(text))
        return true
      case 40: // (
        if (!/^[-+]?\d+$/.test(text)) throw new ProtocolError('not a big number')
        input.start = at
        this.#emit(new BigNumberReply(text))
        return true
      case 36: // $
      case 33: // !
      case 61: // =
        return this.#bulk(type, length(text), at)
      case 42: // *
      case 37: // %
      case 126: // ~
      case 62: // >
      case 124: // |
        return this.#aggregate(type, length(text), at)
      default:
        throw new ProtocolError(`expected a RESP type, got ${showByte(type)}`)
    }
  }

  #bulk(type: number, count: number, at: number): boolean {
    const input = this.#input
    if (count < 0) {
      if (count !== -1 || type !== 36) throw new ProtocolError(`invalid bulk length ${count}`)
      input.start = at
      this.#emit(null)
      return true
    }
    if (count > this.#limits.maxBulkBytes)
      throw new ProtocolError(`a bulk string of ${count} bytes is above the limit of ${this.#limits.maxBulkBytes}`)
    const { bytes, end } = input
    const stop = at + count
    if (stop + 2 > end) {
      input.needBytes = stop + 2 - input.start
      return false
    }
    if (bytes[stop] !== CR || bytes[stop + 1] !== LF) throw new ProtocolError('a bulk string does not end with CR LF')
    input.start = stop + 2
    if (type === 36) {
      if (this.#stack.length === 0 && !this.#isRead()) {
        this.#emit(UNREAD)
        return true
      }
      const copy = this.#slab.take(count)
      if (count < 32) for (let i = 0; i < count; i++) copy[i] = bytes[at + i]!
      else bytes.copy(copy, 0, at, stop)
      this.#emit(copy)
    } else if (type === 33) {
      this.#emit(new ReplyError(bytes.toString('latin1', at, stop)))
    } else {
      if (count < 4 || bytes[at + 3] !== 58) throw new ProtocolError('a verbatim string does not name its format')
      this.#emit(new VerbatimReply(bytes.toString('latin1', at, at + 3), Buffer.from(bytes.subarray(at + 4, stop))))
    }
    return true
  }

  #aggregate(type: number, count: number, at: number): boolean {
    const input = this.#input
    if (count < 0) {
      if (count !== -1 || type !== 42) throw new ProtocolError(`invalid aggregate length ${count}`)
      input.start = at
      this.#emit(NullArray.value)
      return true
    }
    if (count > this.#limits.maxElements)
      throw new ProtocolError(`an aggregate of ${count} elements is above the limit of ${this.#limits.maxElements}`)
    if (this.#stack.length >= this.#limits.maxDepth) throw new ProtocolError(`replies are nested deeper than ${this.#limits.maxDepth}`)
    input.start = at
    const missing = type === 37 || type === 124 ? count * 2 : count
    const frame: Frame = { type, items: [], missing }
    if (missing > 0) {
      this.#stack.push(frame)
      return true
    }
    if (type !== 124) this.#emit(close(frame))
    return true
  }

  /** Puts a finished value where it belongs: into the innermost open aggregate, or out. */
  #emit(value: Reply): void {
    const stack = this.#stack
    let reply = value
    while (stack.length > 0) {
      const frame = stack[stack.length - 1]!
      frame.items.push(reply)
      if (--frame.missing > 0) return
      stack.pop()
      // An attribute is a prefix of the value that follows and no value of its own.
      if (frame.type === 124) return
      reply = close(frame)
    }
    this.#onReply(reply)
  }
}

function close(frame: Frame): Reply {
  switch (frame.type) {
    case 37:
      return new MapReply(frame.items)
    case 126:
      return new SetReply(frame.items)
    case 62:
      return new PushReply(frame.items)
    default:
      return frame.items
  }
}

function integer(text: string): number | bigint {
  if (!/^[-+]?\d{1,20}$/.test(text)) throw new ProtocolError('not an integer')
  const value = Number(text)
  return Number.isSafeInteger(value) ? value + 0 : BigInt(text[0] === '+' ? text.slice(1) : text)
}

function length(text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new ProtocolError('not a length')
  return Number(text)
}

const KNOWN_TYPES: ReadonlySet<number> = new Set([...'+-:$*_#,(!=%~>|'].map((type) => type.charCodeAt(0)))
