import type { Client, Failure, ReplySink, WireFacts } from '../client/client.ts'
import type { Service } from '../measure/run-result.ts'
import { ReplyError } from '../protocol/reply.ts'
import { MILLISECOND, type Nanos, type Runtime, type Timer } from '../runtime/runtime.ts'
import type { Target } from '../targets/target.ts'
import { AwaySpans } from './away-spans.ts'

const EVERY_NANOS = 5 * MILLISECOND
/** Long enough for a scheduler's hiccup, short enough to tell a server that stands still. */
const DEADLINE_NANOS = 100 * MILLISECOND
/**
 * A deadline that passes while our own clock stood still says little of the server: its answer may lie in the socket. With
 * fewer attempts than this meanwhile it is doubtful, and counts only where attempts went on failing for half a deadline:
 * those that a pause of ours catches under way were made within a few milliseconds.
 */
const WATCHFUL_ATTEMPTS = DEADLINE_NANOS / EVERY_NANOS / 2
const READ = 0
const WRITE = 1
const TTL_SECONDS = '3600'

export interface ServiceProbeOptions {
  readonly runtime: Runtime
  readonly family: 'redis' | 'memcached'
  /** A key of our own, to be read and written. */
  readonly key: string
}

/**
 * Asks the server itself while faults strike: a read and a write every 5 ms over a connection of its own, made again as
 * soon as it is lost. What the application's client waits for besides (its deadline, its pause before it connects again)
 * is not in it: that is the client's recovery, which the application's operations show.
 */
export class ServiceProbe implements ReplySink {
  readonly #options: ServiceProbeOptions
  readonly #client: Client
  readonly #spans = [new AwaySpans(DEADLINE_NANOS / 2), new AwaySpans(DEADLINE_NANOS / 2)] as const
  /** When attempt `token` was made, a ring as long as any can be under way. */
  readonly #madeAt = new Float64Array(1024)
  readonly #commands: readonly (readonly string[])[]
  #attempts = 0
  #originNanos: Nanos = 0
  #timer: Timer | undefined

  /** Opens the probe's connection; undefined where the target has no server of ours. Rejects as `connect` does. */
  static async open(target: Target, options: ServiceProbeOptions): Promise<ServiceProbe | undefined> {
    const client = await target.connectOwn?.({ deadlineNanos: DEADLINE_NANOS, connections: 1, id: PROBE_ID, reconnectEveryNanos: EVERY_NANOS })
    return client && new ServiceProbe(client, options)
  }

  private constructor(client: Client, options: ServiceProbeOptions) {
    const { family, key } = options
    this.#client = client
    this.#options = options
    this.#commands =
      family === 'redis'
        ? [
            ['GET', key],
            ['SET', key, '1', 'EX', TTL_SECONDS],
          ]
        : [
            ['get', key],
            ['set', key, '0', TTL_SECONDS, '1'],
          ]
  }

  /** `originNanos`: what the instants it tells count from. */
  start(originNanos: Nanos): void {
    this.#originNanos = originNanos
    this.#ask()
  }

  /** Ends the probe, and tells when the service was away. */
  async stop(): Promise<Service> {
    this.#timer?.cancel()
    this.#timer = undefined
    const spans = this.#spans.map((one) => one.spans())
    await this.#client.close()
    return { everyNanos: EVERY_NANOS, deadlineNanos: DEADLINE_NANOS, attempts: this.#attempts, readsAway: spans[READ]!, writesAway: spans[WRITE]! }
  }

  reply(token: number, reply: unknown, { doneNanos }: WireFacts): void {
    if (this.#timer === undefined) return
    // A server that is up and refuses (it loads its data, it is full) does not serve.
    if (reply instanceof ReplyError) this.#failed(token)
    else this.#spansOf(token).succeeded(this.#sentAt(token), doneNanos - this.#originNanos)
  }

  failed(token: number, { code }: Failure): void {
    if (this.#timer === undefined) return
    this.#failed(token, code === 'timeout' && (this.#attempts - token) / 2 < WATCHFUL_ATTEMPTS)
  }

  #ask(): void {
    const { runtime } = this.#options
    this.#timer = runtime.after(EVERY_NANOS, () => this.#ask())
    for (const command of this.#commands) {
      const token = this.#attempts++
      this.#madeAt[token % this.#madeAt.length] = runtime.now() - this.#originNanos
      this.#client.submit([...command], token, this)
    }
  }

  #failed(token: number, doubtful = false): void {
    this.#spansOf(token).failed(this.#sentAt(token), doubtful)
  }

  #sentAt(token: number): Nanos {
    return this.#madeAt[token % this.#madeAt.length]!
  }

  #spansOf(token: number): AwaySpans {
    return this.#spans[(token % 2) as 0 | 1]
  }
}

/** No instance has it. */
const PROBE_ID = 1_000_000
