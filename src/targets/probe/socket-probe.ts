import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { type ProbeTls, tlsOptions } from '../../client/tls-options.ts'

/** Where to knock, and how. PEM texts, not file names. */
export interface ProbeEndpoint {
  readonly host: string
  readonly port: number
  readonly tls?: ProbeTls
}

/** A page of SCAN or the text of INFO is far below. */
export const LONGEST_ANSWER_BYTES = 16_777_216

/** What went wrong below the protocol. `code` is Node's: ECONNREFUSED, ENOTFOUND, DEPTH_ZERO_SELF_SIGNED_CERT, ... */
export class ProbeError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/**
 * A plain connection for the few exchanges before a run: finding out what answers at an endpoint, describing it,
 * sweeping keys. Control plane: one exchange at a time, promises, no reconnection. Throws `ProbeError`.
 */
export class SocketProbe {
  private received: Buffer = Buffer.alloc(0)
  private ended: ProbeError | undefined
  private wake: (() => void) | undefined
  private readonly socket: Socket
  private readonly timeoutMillis: number

  private constructor(socket: Socket, timeoutMillis: number) {
    this.socket = socket
    this.timeoutMillis = timeoutMillis
    socket.on('data', (chunk: Buffer) => {
      this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk])
      this.wake?.()
    })
    const end = (error: ProbeError) => {
      this.ended ??= error
      this.wake?.()
    }
    socket.on('error', (error: NodeJS.ErrnoException) => end(asProbeError(error)))
    socket.on('close', () => end(new ProbeError('CLOSED', 'the connection was closed')))
  }

  /** Connects (and completes the TLS handshake); each later exchange has the same time limit. */
  static open(endpoint: ProbeEndpoint, timeoutMillis: number): Promise<SocketProbe> {
    return new Promise((resolve, reject) => {
      const { host, port, tls } = endpoint
      const ready = () => {
        clearTimeout(timer)
        socket.off('error', failed)
        resolve(new SocketProbe(socket, timeoutMillis))
      }
      const failed = (error: NodeJS.ErrnoException) => {
        clearTimeout(timer)
        socket.destroy()
        reject(asProbeError(error))
      }
      const socket = tls === undefined ? connectTcp({ host, port }, ready) : connectTls({ host, port, ...tlsOptions(host, tls) }, ready)
      socket.setNoDelay(true)
      const timer = setTimeout(() => failed(new ProbeError('ETIMEDOUT', `no connection within ${timeoutMillis} ms`)), timeoutMillis)
      socket.once('error', failed)
    })
  }

  /**
   * Sends `bytes` and waits until `parse` finds a whole answer in what was received: it returns the answer and how
   * many bytes it took, or undefined when more is needed. May throw what makes sense to the caller.
   */
  async exchange<T>(bytes: string | Uint8Array, parse: (received: Buffer) => { value: T; length: number } | undefined): Promise<T> {
    if (this.ended !== undefined) throw this.ended
    if (bytes.length > 0) this.socket.write(bytes)
    const deadline = Date.now() + this.timeoutMillis
    for (;;) {
      const found = this.received.length > 0 ? parse(this.received) : undefined
      if (found !== undefined) {
        this.received = this.received.subarray(found.length)
        return found.value
      }
      if (this.ended !== undefined) throw this.ended
      if (this.received.length > LONGEST_ANSWER_BYTES) {
        throw this.refuse('TOO_LONG', `its answer is longer than the ${LONGEST_ANSWER_BYTES / 1_048_576} MiB that any answer needs`)
      }
      const left = deadline - Date.now()
      if (left <= 0) throw new ProbeError('ETIMEDOUT', `no answer within ${this.timeoutMillis} ms`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
      this.wake = undefined
    }
  }

  /** The rest of an answer of no end is not kept while somebody thinks about it. */
  private refuse(code: string, message: string): ProbeError {
    this.ended = new ProbeError(code, message)
    this.socket.destroy()
    return this.ended
  }

  /** What came and was not taken by an exchange: shows what answers when it isn't what was expected. */
  leftover(): Buffer {
    return this.received
  }

  close(): void {
    this.socket.destroy()
  }
}

function asProbeError(error: NodeJS.ErrnoException): ProbeError {
  if (error instanceof ProbeError) return error
  // A name with several addresses fails with one error that holds one error an address.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error
  return new ProbeError(first.code ?? 'UNKNOWN', first.message)
}
