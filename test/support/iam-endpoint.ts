import { createHash, createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { ByteWriter } from '../../src/protocol/byte-writer.ts'
import { type Reply, ReplyError, SimpleString } from '../../src/protocol/reply.ts'
import { RespCommandDecoder } from '../../src/protocol/resp-command-decoder.ts'
import { encodeRespReply } from '../../src/protocol/resp-reply-encoder.ts'
import type { ServerTls } from '../../src/targets/local/server-arguments.ts'

export interface IamEndpointOptions {
  readonly tls: ServerTls
  readonly cache: string
  readonly user: string
  readonly region: string
  readonly secretOf: (accessKeyId: string) => string | undefined
  /** The endpoint's time of day, in milliseconds. */
  readonly clockMillis: () => number
}

/** A TLS endpoint that speaks just enough RESP and lets in who has a valid IAM token, as ElastiCache does. */
export class IamEndpoint {
  readonly port: number
  /** Why each AUTH was refused, "" for those that were not. */
  readonly verdicts: string[] = []
  /** Successful AUTHs of each connection, in the order in which connections came. */
  readonly logins: number[] = []
  private readonly sockets = new Set<TLSSocket>()
  private readonly stop: () => void

  private constructor(port: number, stop: () => void) {
    this.port = port
    this.stop = stop
  }

  static async start(options: IamEndpointOptions): Promise<IamEndpoint> {
    const { certFile, keyFile } = options.tls
    const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile) }, (socket) => endpoint.accept(socket, options))
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const endpoint: IamEndpoint = new IamEndpoint((server.address() as AddressInfo).port, () => server.close())
    return endpoint
  }

  /** Ends every connection, as a failover would. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy()
  }

  close(): void {
    this.cut()
    this.stop()
  }

  private accept(socket: TLSSocket, options: IamEndpointOptions): void {
    this.sockets.add(socket)
    const connection = this.logins.push(0) - 1
    socket.on('error', () => undefined)
    socket.on('close', () => this.sockets.delete(socket))
    const decoder = new RespCommandDecoder({
      command: (command) => {
        const words = command.map((word) => Buffer.from(word).toString())
        const out = new ByteWriter()
        encodeRespReply(out, this.answer(words, connection, options), 2)
        socket.write(out.detach())
      },
      broken: () => socket.destroy(),
    })
    socket.on('data', (chunk) => decoder.feed(chunk))
  }

  private answer(words: readonly string[], connection: number, options: IamEndpointOptions): Reply {
    const name = words[0]!.toUpperCase()
    if (name === 'AUTH') {
      const problem = whyRefused(words, options)
      this.verdicts.push(problem)
      if (problem !== '') return new ReplyError('WRONGPASS invalid username-password pair or user is disabled.')
      this.logins[connection]!++
      return SimpleString.ok
    }
    if (this.logins[connection] === 0) return new ReplyError('NOAUTH Authentication required.')
    if (name === 'PING') return new SimpleString('PONG')
    if (name === 'INFO') return Buffer.from('# Server\r\nredis_version:7.1.0\r\nrole:master\r\nmaxmemory:0\r\n')
    return SimpleString.ok
  }
}

/** The checks of AWS Signature Version 4 on a presigned URL, written from its description and not from our signer. */
function whyRefused(words: readonly string[], options: IamEndpointOptions): string {
  const [, user, token] = words
  if (words.length !== 3 || user !== options.user) return 'user'
  const url = new URL(`https://${token}`)
  if (url.host !== options.cache.toLowerCase() || url.pathname !== '/') return 'host'
  const parameters = url.searchParams
  if (parameters.get('Action') !== 'connect' || parameters.get('User') !== user) return 'action or user of the token'
  const date = parameters.get('X-Amz-Date')!
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  const age = options.clockMillis() - signedAt
  if (!(age >= -5_000 && age <= Number(parameters.get('X-Amz-Expires')) * 1000)) return 'expired'
  if (Number(parameters.get('X-Amz-Expires')) > 900) return 'lifetime'
  const [keyId, ...scope] = parameters.get('X-Amz-Credential')!.split('/')
  if (scope.join('/') !== `${date.slice(0, 8)}/${options.region}/elasticache/aws4_request`) return 'scope'
  const secret = options.secretOf(keyId!)
  if (secret === undefined) return 'access key'
  const pairs = token!
    .slice(token!.indexOf('?') + 1)
    .split('&')
    .filter((pair) => !pair.startsWith('X-Amz-Signature='))
    .sort()
  const canonical = `GET\n/\n${pairs.join('&')}\nhost:${url.host}\n\nhost\n${createHash('sha256').digest('hex')}`
  const hash = createHash('sha256').update(canonical).digest('hex')
  let key = Buffer.from(`AWS4${secret}`)
  for (const part of scope) key = createHmac('sha256', key).update(part).digest()
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n${date}\n${scope.join('/')}\n${hash}`)
    .digest('hex')
  return signature === parameters.get('X-Amz-Signature') ? '' : 'signature'
}
