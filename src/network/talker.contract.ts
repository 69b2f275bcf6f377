import type { Task } from '../runtime/runtime.ts'
import type { Address } from './address.ts'
import type { Closed, NetworkFailure } from './closed.ts'
import type { Connection, ConnectionEvents, DialOptions, Listener, Listening, ListenOptions, Network } from './network.ts'

/** One end of a connection under test: writes down what it is told, and a task can wait for it. */
export class Talker implements ConnectionEvents {
  readonly quiet: boolean
  connection!: Connection
  /** What it was told, without the bytes: consecutive `data` once. */
  readonly told: string[] = []
  reason: Closed | undefined
  receivedBytes = 0
  /** Told something while one of our own calls was under way. */
  toldWithinCall = false
  inCall = false
  /** What the test adds to an event, after it was written down. */
  readonly also: {
    accepted?: (talker: Talker) => void
    connected?: () => void
    data?: (chunk: Buffer) => void
    drained?: () => void
    ended?: () => void
  }
  readonly #chunks: Buffer[] = []
  readonly #waiting: { readonly holds: () => boolean; readonly settle: () => void }[] = []

  constructor(also: Talker['also'] = {}, quiet = false) {
    this.also = also
    this.quiet = quiet
  }

  static dial(network: Network, address: Address, options?: DialOptions, also?: Talker['also']): Talker {
    const talker = new Talker(also)
    talker.inCall = true
    talker.connection = network.dial(address, talker, options)
    talker.inCall = false
    return talker
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks)
  }

  get text(): string {
    return this.received.toString('latin1')
  }

  write(content: string | Uint8Array): boolean {
    return this.#call(() => this.connection.write(typeof content === 'string' ? Buffer.from(content, 'latin1') : content))
  }

  end(): void {
    this.#call(() => this.connection.end())
  }

  destroy(): void {
    this.#call(() => this.connection.destroy())
  }

  pause(): void {
    this.#call(() => this.connection.pause())
  }

  resume(): void {
    this.#call(() => this.connection.resume())
  }

  connected(): void {
    this.#tell('connected')
    this.also.connected?.()
    this.#wake()
  }

  data(chunk: Buffer): void {
    this.#tell('data')
    this.receivedBytes += chunk.length
    this.#chunks.push(Buffer.from(chunk))
    this.also.data?.(chunk)
    this.#wake()
  }

  drained(): void {
    this.#tell('drained')
    this.also.drained?.()
    this.#wake()
  }

  ended(): void {
    this.#tell('ended')
    this.also.ended?.()
    this.#wake()
  }

  closed(reason: Closed): void {
    this.#tell('closed')
    this.reason = reason
    this.#wake()
  }

  until(task: Task, what: string, holds: () => boolean): Promise<void> {
    return task.wait<void>(what, (settle) => {
      if (holds()) settle()
      else this.#waiting.push({ holds, settle })
    })
  }

  untilTold(task: Task, event: string): Promise<void> {
    return this.until(task, event, () => this.told.includes(event))
  }

  async untilClosed(task: Task): Promise<string> {
    await this.untilTold(task, 'closed')
    const reason = this.reason!
    return 'by' in reason ? `ended by ${reason.by}` : reason.why
  }

  #tell(event: string): void {
    if (this.inCall) this.toldWithinCall = true
    if (event !== 'data' || this.told.at(-1) !== 'data') this.told.push(event)
  }

  #call<T>(call: () => T): T {
    const outer = this.inCall
    this.inCall = true
    try {
      return call()
    } finally {
      this.inCall = outer
    }
  }

  #wake(): void {
    for (const { holds, settle } of this.#waiting) if (holds()) settle()
  }
}

/** A listener under test, with a talker for each that it accepts. */
export class Host {
  readonly accepted: Talker[] = []
  readonly listener: Listener
  result: Listening | NetworkFailure | undefined
  readonly #make: () => Talker
  #settle: () => void = () => {}

  constructor(network: Network, address: Address, options?: ListenOptions, make: () => Talker = () => new Talker()) {
    this.#make = make
    this.listener = network.listen(
      address,
      (connection) => this.#accept(connection),
      (result) => {
        this.result = result
        this.#settle()
      },
      options,
    )
  }

  /** Waits until it listens; where. */
  async address(task: Task): Promise<Address> {
    await task.wait<void>('listening', (settle) => {
      this.#settle = settle
      if (this.result) settle()
    })
    if (this.result!.why !== undefined) throw new Error(`${this.result!.why}: ${this.result!.message}`)
    return this.result!.address
  }

  close(task: Task): Promise<void> {
    return task.wait<void>('the listener closes', (settle) => this.listener.close(settle))
  }

  /** Waits until so many were accepted; the last of them. */
  async nth(task: Task, count = 1): Promise<Talker> {
    await task.wait<void>('accepted', (settle) => {
      this.#settle = () => this.accepted.length >= count && settle()
      this.#settle()
    })
    return this.accepted[count - 1]!
  }

  #accept(connection: Connection): ConnectionEvents {
    const talker = this.#make()
    talker.connection = connection
    this.accepted.push(talker)
    talker.also.accepted?.(talker)
    this.#settle()
    return talker
  }
}

/** Says again what it hears, and waits for its turn when told to; ends when its peer has. */
export function echoing(): Talker {
  const talker: Talker = new Talker({
    data: (chunk) => {
      // The chunk is not ours, and what is written may stay with the network.
      if (!talker.write(Buffer.from(chunk))) talker.pause()
    },
    drained: () => talker.resume(),
    ended: () => talker.end(),
  })
  return talker
}
