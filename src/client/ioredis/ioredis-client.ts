import type { Redis, RedisOptions } from 'ioredis'
import { hostPort } from '../../network/address.ts'
import { ByteWriter } from '../../protocol/byte-writer.ts'
import type { Command } from '../../protocol/command.ts'
import { ProtocolError } from '../../protocol/protocol-error.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import { encodeRespReply } from '../../protocol/resp-reply-encoder.ts'
import type { Runtime, Timer } from '../../runtime/runtime.ts'
import type { Client, ClientOptions, Failure, ReplySink } from '../client.ts'
import { keepLoggedIn } from '../keep-logged-in.ts'
import { type Call, Calls } from '../library/call.ts'
import type { Login } from '../login.ts'
import { TargetError } from '../target-error.ts'
import { type ProbeTls, tlsOptions } from '../tls-options.ts'
import { isAnsweredInOrder, notInOrder } from '../wire/answered-in-order.ts'
import { fromIoredis } from './from-ioredis.ts'
import { answersWithStatus } from './status-replies.ts'
import { dropOnSurplusReply } from './surplus-reply.ts'

export interface IoredisEndpoint {
  readonly host: string
  readonly port: number
  readonly database: number
  readonly login: Login
  readonly tls?: ProbeTls
}

/** Between two attempts to connect again. The library's own pause grows to 5 s, which would be measured as the server's outage. */
const RECONNECT_MILLIS = 50

/**
 * Settings under which ioredis neither sends a command twice nor keeps one for later, so that each outcome is known
 * for what it is. The library's defaults resend after a cut connection: an INCR is then applied twice.
 */
function measuringOptions(options: ClientOptions): Settings {
  return {
    protocol: 2,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: Math.max(1000, options.deadlineNanos / 1e6),
    retryStrategy: () => RECONNECT_MILLIS,
  }
}

/** In words, for the report. */
export function ioredisSettings(defaults: boolean): Record<string, string> {
  if (defaults) return { library: 'ioredis 6', settings: "the library's own defaults: 20 retries, commands are sent again after a cut connection" }
  return {
    library: 'ioredis 6',
    protocol: 'RESP2',
    autoResendUnfulfilledCommands: 'false',
    maxRetriesPerRequest: '0',
    enableOfflineQueue: 'false',
    reconnectEvery: `${RECONNECT_MILLIS} ms`,
  }
}

/** Connects by ioredis; resolves when all connections are ready. Throws `TargetError` when they don't get so. */
export async function connectIoredis(endpoint: IoredisEndpoint, options: ClientOptions, runtime: Runtime, defaults: boolean): Promise<Client> {
  const library = await import('ioredis')
  const { host, port, database, tls } = endpoint
  const settings: Settings = {
    host,
    port,
    db: database,
    lazyConnect: true,
    ...(tls === undefined ? {} : { tls: tlsOptions(host, tls) }),
    ...(defaults ? {} : measuringOptions(options)),
  }
  const connections = Array.from({ length: options.connections }, () => new library.Redis(settings))
  const client = new IoredisClient(library, connections, endpoint, options, runtime, defaults)
  try {
    await Promise.all(connections.map((connection) => connection.connect()))
  } catch (error) {
    await client.close()
    throw new TargetError(
      'TARGET_UNREACHABLE',
      `ioredis could not connect to ${hostPort(host, port)}: ${client.lastTrouble ?? (error as Error).message}`,
    )
  }
  return client
}

/** Which reply shapes are asked for decides the type of a connection; we ask for none. */
type Settings = Omit<RedisOptions, 'replyMapping'>

type Library = Pick<typeof import('ioredis'), 'Redis' | 'Command'>

class IoredisClient implements Client {
  readonly name: string
  /** What was last wrong with a connection, in Node's or the server's words. */
  lastTrouble: string | undefined
  private lastTroubleCode: string | undefined
  private readonly connections: readonly Redis[]
  private readonly calls: Calls
  private readonly node: string
  private readonly deadlineNanos: number
  private readonly scratch = new ByteWriter(4096)
  private readonly CountedCommand: CountedCommandClass
  private readonly renewals: Timer[] = []
  private closed: Promise<void> | undefined

  constructor(
    library: Library,
    connections: readonly Redis[],
    endpoint: IoredisEndpoint,
    options: ClientOptions,
    runtime: Runtime,
    defaults: boolean,
  ) {
    this.name = defaults ? 'ioredis:defaults' : 'ioredis'
    this.CountedCommand = countedCommand(library)
    this.connections = connections
    this.calls = new Calls(runtime)
    this.node = hostPort(endpoint.host, endpoint.port)
    this.deadlineNanos = options.deadlineNanos
    for (const connection of connections) {
      dropOnSurplusReply(connection)
      this.logInAs(connection, endpoint.login)
      connection.on('error', (error: NodeJS.ErrnoException) => {
        this.lastTrouble = error.message
        this.lastTroubleCode = error.code
      })
      connection.on('ready', () => {
        this.lastTroubleCode = undefined
      })
    }
  }

  get openConnections(): number {
    return this.connections.reduce((open, { status }) => (status === 'ready' ? open + 1 : open), 0)
  }

  submit(command: Command, token: number, sink: ReplySink, lane = 0): void {
    const connection = this.connections[lane % this.connections.length]!
    const call = this.calls.begin(this.node, token, sink)
    if (!isAnsweredInOrder(command)) {
      // The library would make of it a connection that only listens, for everybody who shares it.
      setImmediate(() => call.fail({ status: 'fail', code: 'client', message: notInOrder(command) }))
      return
    }
    call.startDeadline(this.deadlineNanos)
    const isStatus = answersWithStatus(command)
    const counted = new this.CountedCommand(call, command)
    connection.sendCommand(counted)
    counted.promise.then(
      (value) => this.answered(call, value, isStatus),
      (error: Error) => this.rejected(call, error),
    )
  }

  close(): Promise<void> {
    this.closed ??= (async () => {
      const ends = this.connections.map((connection) => ended(connection))
      for (const connection of this.connections) connection.disconnect()
      for (const renewal of this.renewals) renewal.cancel()
      this.calls.failAll()
      await Promise.all(ends)
    })()
    return this.closed
  }

  private answered(call: Call, value: unknown, isStatus: boolean): void {
    if (!call.open) return
    let reply: Reply
    try {
      reply = fromIoredis(value, isStatus)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      call.fail({ status: 'info', code: 'protocol', message: error.message })
      return
    }
    this.scratch.reset()
    encodeRespReply(this.scratch, reply, 2)
    call.bytesIn = this.scratch.length
    call.reply(reply)
  }

  private rejected(call: Call, error: Error): void {
    if (error.name === 'ReplyError') {
      call.bytesIn = error.message.length + 3
      call.reply(new ReplyError(error.message))
    } else call.fail(this.failureOf(call, error))
  }

  private failureOf(call: Call, error: Error): Failure {
    // The library names the setting by which it does not send again, which is ours.
    const said = error.name === 'MaxRetriesPerRequestError' ? `the connection to ${this.node} ended before the answer` : error.message
    const message = this.lastTrouble === undefined || said.includes(this.lastTrouble) ? said : `${said} (${this.lastTrouble})`
    if (call.attempts === 0)
      return { status: 'fail', code: this.closed === undefined && CONNECT_CODES.has(this.lastTroubleCode ?? '') ? 'refused' : 'not-sent', message }
    if (/Please report this|Unknown RESP type/.test(error.message)) return { status: 'info', code: 'protocol', message }
    return { status: 'info', code: 'closed', message }
  }

  /** ioredis reads the password from its options at each connection; this makes it ask us. */
  private logInAs(connection: Redis, login: Login): void {
    let last = login.words()
    const ask = () => {
      try {
        last = login.words()
      } catch (error) {
        // The credentials' source fails for now; the old ones may still do.
        this.lastTrouble = (error as Error).message
      }
      return last
    }
    // Asked for the name first and the password right after it, so both are of one login.
    Object.defineProperty(connection.options, 'username', { get: () => ask().username, enumerable: true, configurable: true })
    Object.defineProperty(connection.options, 'password', { get: () => last.password ?? null, enumerable: true, configurable: true })
    this.renewals.push(
      keepLoggedIn(this.calls.runtime, login, async ({ username, password }) => {
        if (connection.status !== 'ready' || password === undefined) return
        await connection.call('AUTH', ...(username === undefined ? [] : [username]), password)
      }),
    )
  }
}

const CONNECT_CODES = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])

type IoredisCommand = InstanceType<Library['Command']>
type CountedCommandClass = new (call: Call, command: Command) => IoredisCommand

/** ioredis' own command, which tells the call each time the library writes it: what it sends again is seen. */
function countedCommand({ Command: Base }: Library): CountedCommandClass {
  return class extends Base {
    private readonly call: Call

    constructor(call: Call, command: Command) {
      // In upper case the library's reply transformers, which it finds by lower-case name, stay out of the way.
      super(asText(command[0]!).toUpperCase(), command.slice(1).map(copyOf))
      this.call = call
    }

    override toWritable(socket: object): string | Buffer {
      const bytes = super.toWritable(socket)
      this.call.wrote(typeof bytes === 'string' ? Buffer.byteLength(bytes) : bytes.length)
      return bytes
    }
  }
}

function asText(word: string | Uint8Array): string {
  return typeof word === 'string' ? word : Buffer.from(word.buffer, word.byteOffset, word.length).toString('latin1')
}

/** ioredis keeps the words until the answer, to send them again; the caller may change its bytes by then. */
function copyOf(word: string | Uint8Array): string | Buffer {
  return typeof word === 'string' ? word : Buffer.from(word)
}

/** Resolves when the connection has ended; one that pauses before it connects again has no socket and never says so. */
function ended(connection: Redis): Promise<void> {
  if (!['connecting', 'connect', 'ready', 'disconnecting'].includes(connection.status)) return Promise.resolve()
  return new Promise((resolve) => {
    connection.once('end', () => resolve())
    connection.once('close', () => resolve())
  })
}
