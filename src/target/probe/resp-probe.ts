import { type ProbeEndpoint, ProbeError, SocketProbe } from './socket-probe.ts'

/** A RESP2 reply as a probe needs it: errors by their text, bulk strings as text. */
export type ProbeReply = string | number | null | ProbeReplyError | ProbeReply[]

export class ProbeReplyError {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

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

  /** Throws `ProbeError` with code NOT_RESP when the answer is no RESP (see `leftover`). */
  call(...words: readonly string[]): Promise<ProbeReply> {
    const request = `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
    return this.socket.exchange(request, (received) => parseReply(received, 0))
  }

  leftover(): Buffer {
    return this.socket.leftover()
  }

  close(): void {
    this.socket.close()
  }
}

/** Reads one reply at `start`; undefined when it is not whole yet. */
function parseReply(bytes: Buffer, start: number): { value: ProbeReply; length: number } | undefined {
  const type = String.fromCharCode(bytes[start] ?? 0)
  if (!'+-:$*'.includes(type)) {
    if (bytes.length <= start) return undefined
    throw new ProbeError('NOT_RESP', 'the answer is not RESP')
  }
  const lineEnd = bytes.indexOf('\r\n', start)
  if (lineEnd < 0) return undefined
  const line = bytes.toString('utf8', start + 1, lineEnd)
  const next = lineEnd + 2
  if (type === '+') return { value: line, length: next }
  if (type === '-') return { value: new ProbeReplyError(line), length: next }
  const number = Number(line)
  if (!Number.isInteger(number)) throw new ProbeError('NOT_RESP', 'the answer is not RESP')
  if (type === ':') return { value: number, length: next }
  if (number < 0) return { value: null, length: next }
  if (type === '$') {
    const end = next + number
    return bytes.length < end + 2 ? undefined : { value: bytes.toString('utf8', next, end), length: end + 2 }
  }
  const items: ProbeReply[] = []
  let at = next
  for (let index = 0; index < number; index++) {
    const item = parseReply(bytes, at)
    if (item === undefined) return undefined
    items.push(item.value)
    at = item.length
  }
  return { value: items, length: at }
}
