import { ProtocolError } from '../../protocol/protocol-error.ts'
import { NullArray, type Reply, ReplyError, SimpleString } from '../../protocol/reply.ts'
import { RESP_REPLY_LIMITS, RespReplyDecoder } from '../../protocol/resp-reply-decoder.ts'
import { LONGEST_ANSWER_BYTES, type ProbeEndpoint, ProbeError, SocketProbe } from './socket-probe.ts'

/** A RESP2 reply as a probe needs it: errors by their text, bulk strings as text. */
export type ProbeReply = string | number | null | ProbeReplyError | ProbeReply[]

export class ProbeReplyError {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const LIMITS = { ...RESP_REPLY_LIMITS, maxBulkBytes: LONGEST_ANSWER_BYTES, maxElements: 1_048_576 }

export interface RespProbeEndpoint extends ProbeEndpoint {
  readonly username?: string
  readonly password?: string
  readonly database?: number
}

/** A Redis or Valkey connection for a handful of commands before and after a run. Speaks RESP2, which every version does. */
export class RespProbe {
  private readonly socket: SocketProbe

  private constructor(socket: SocketProbe) {
    this.socket = socket
  }

  /** Connects only; `login` authenticates. */
  static async open(endpoint: ProbeEndpoint, timeoutMillis: number): Promise<RespProbe> {
    return new RespProbe(await SocketProbe.open(endpoint, timeoutMillis))
  }

  /** AUTH and SELECT as the endpoint says. The server's error, if it refuses. */
  async login(endpoint: RespProbeEndpoint): Promise<ProbeReplyError | undefined> {
    if (endpoint.password !== undefined) {
      const words = endpoint.username === undefined ? [endpoint.password] : [endpoint.username, endpoint.password]
      const reply = await this.call('AUTH', ...words)
      if (reply instanceof ProbeReplyError) return reply
    }
    if (endpoint.database !== undefined && endpoint.database !== 0) {
      const reply = await this.call('SELECT', String(endpoint.database))
      if (reply instanceof ProbeReplyError) return reply
    }
    return undefined
  }

  /** Throws `ProbeError` with code NOT_RESP when the answer is no RESP or breaks a limit (see `leftover`). */
  call(...words: readonly string[]): Promise<ProbeReply> {
    const request = `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
    let answer: { readonly value: ProbeReply; readonly length: number } | undefined
    const decoder = new RespReplyDecoder((reply) => {
      answer ??= { value: plain(reply), length: decoder.position }
    }, LIMITS)
    let fed = 0
    return this.socket.exchange(request, (received) => {
      const news = received.subarray(fed)
      fed = received.length
      try {
        decoder.feed(news)
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
        // What follows a whole answer is the next exchange's to understand.
        if (answer === undefined) throw new ProbeError('NOT_RESP', `its answer is no RESP: ${error.message}`)
      }
      return answer
    })
  }

  leftover(): Buffer {
    return this.socket.leftover()
  }

  close(): void {
    this.socket.close()
  }
}

/** As a probe needs it. Only as deep as the decoder lets it be. */
function plain(reply: Reply): ProbeReply {
  if (reply instanceof Uint8Array) return Buffer.from(reply).toString('utf8')
  if (reply instanceof SimpleString) return utf8(reply.text)
  if (reply instanceof ReplyError) return new ProbeReplyError(utf8(reply.text))
  if (reply === null || reply instanceof NullArray) return null
  if (typeof reply === 'number' || typeof reply === 'bigint') return Number(reply)
  if (Array.isArray(reply)) return reply.map(plain)
  throw new ProtocolError('a type of RESP3, which nobody asked for')
}

/** Lines come as one character a byte. */
function utf8(line: string): string {
  return Buffer.from(line, 'latin1').toString('utf8')
}
