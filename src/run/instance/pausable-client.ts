import type { Client, Failure, ReplySink } from '../../client/client.ts'
import { TargetError } from '../../client/target-error.ts'
import { DeferredFailures } from '../../client/wire/deferred-failures.ts'
import type { Command } from '../../protocol/command.ts'
import type { Runtime } from '../../runtime/runtime.ts'

/**
 * A client that is connected only while it is needed: the process that prepares and verifies holds no connection to the
 * cache while others make the load. What is submitted meanwhile is not sent; and where the endpoint can't be reached
 * any more when it is needed again, commands are refused as those of a client are whose server has gone.
 */
export class PausableClient implements Client {
  readonly name: string
  readonly #connect: () => Promise<Client>
  readonly #deferred: DeferredFailures
  #client: Client | undefined
  #failure: Failure = PAUSED

  private constructor(connect: () => Promise<Client>, runtime: Runtime, client: Client) {
    this.#connect = connect
    this.#deferred = new DeferredFailures(() => runtime.now())
    this.#client = client
    this.name = client.name
  }

  /** Rejects as `connect` does. */
  static async open(connect: () => Promise<Client>, runtime: Runtime): Promise<PausableClient> {
    return new PausableClient(connect, runtime, await connect())
  }

  get openConnections(): number {
    return this.#client?.openConnections ?? 0
  }

  submit(command: Command, token: number, sink: ReplySink, lane?: number): void {
    if (this.#client) this.#client.submit(command, token, sink, lane)
    else this.#deferred.add(token, sink, this.#failure, '')
  }

  /** Ends its connections. Idempotent. */
  async pause(): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#failure = PAUSED
    await client?.close()
  }

  /** Connects again; idempotent. That there is nobody to connect to is no error: then commands are refused. */
  async resume(): Promise<void> {
    if (this.#client) return
    try {
      this.#client = await this.#connect()
    } catch (error) {
      if (!(error instanceof TargetError)) throw error
      this.#failure = { status: 'fail', code: 'refused', message: error.message }
    }
  }

  close(): Promise<void> {
    return this.pause()
  }
}

const PAUSED: Failure = { status: 'fail', code: 'not-sent', message: 'the client is not connected' }
