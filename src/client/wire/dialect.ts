import type { ByteWriter } from '../../protocol/byte-writer.ts'
import type { Command } from '../../protocol/command.ts'
import { CommandError } from '../../protocol/command-error.ts'
import { encodeMemcachedCommand, NO_ANSWER } from '../../protocol/memcached-command-encoder.ts'
import { MemcachedReplyDecoder } from '../../protocol/memcached-reply-decoder.ts'
import type { Reply } from '../../protocol/reply.ts'
import { encodeRespCommand } from '../../protocol/resp-command-encoder.ts'
import { RESP_REPLY_LIMITS, RespReplyDecoder } from '../../protocol/resp-reply-decoder.ts'
import { isAnsweredInOrder, notInOrder } from './answered-in-order.ts'

/** The language of one connection: a pair of codecs with their state. One for each life of a socket. */
export interface Dialect {
  /** Appends the command. False: no answer will come. Throws `CommandError` when it can't be sent; then nothing was appended. */
  encode(out: ByteWriter, command: Command): boolean
  /** Throws `ProtocolError`. */
  feed(chunk: Buffer): void
  /** Bytes consumed, up to the end of the reply that is being delivered. */
  readonly position: number
}

/** `isRead`: whether whoever gets the next reply looks at the bytes of its value. */
export function createDialect(family: 'redis' | 'memcached', onReply: (reply: Reply) => void, isRead?: () => boolean): Dialect {
  return family === 'redis' ? new RespDialect(onReply, isRead) : new MemcachedDialect(onReply)
}

class RespDialect implements Dialect {
  readonly #decoder: RespReplyDecoder

  constructor(onReply: (reply: Reply) => void, isRead: (() => boolean) | undefined) {
    this.#decoder = new RespReplyDecoder(onReply, RESP_REPLY_LIMITS, isRead)
  }

  encode(out: ByteWriter, command: Command): boolean {
    if (!isAnsweredInOrder(command)) throw new CommandError(notInOrder(command))
    encodeRespCommand(out, command)
    return true
  }

  feed(chunk: Buffer): void {
    this.#decoder.feed(chunk)
  }

  get position(): number {
    return this.#decoder.position
  }
}

class MemcachedDialect implements Dialect {
  readonly #decoder: MemcachedReplyDecoder

  constructor(onReply: (reply: Reply) => void) {
    this.#decoder = new MemcachedReplyDecoder(onReply)
  }

  encode(out: ByteWriter, command: Command): boolean {
    const expectation = encodeMemcachedCommand(out, command)
    if (expectation === NO_ANSWER) return false
    this.#decoder.expect(expectation)
    return true
  }

  feed(chunk: Buffer): void {
    this.#decoder.feed(chunk)
  }

  get position(): number {
    return this.#decoder.position
  }
}
