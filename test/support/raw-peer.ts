import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A test that waits for what never comes is told what did. */
const PATIENCE_MILLIS = 5_000

/** A bare socket, to see with one's own eyes what a server sends and when. */
export class RawPeer {
  readonly socket: Socket
  /** All that came, one character a byte. */
  text = ''
  /** When each piece came: milliseconds since the connection was asked for. */
  readonly arrivals: { readonly millis: number; readonly bytes: number }[] = []
  /** How the other side ended it. */
  ended: 'open' | 'end' | 'reset' | 'refused' = 'open'
  readonly #beganNanos = process.hrtime.bigint()
  #wake: () => void = () => {}

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true })
    this.socket.on('data', (chunk: Buffer) => {
      this.text += chunk.toString('latin1')
      this.arrivals.push({ millis: this.#millis(), bytes: chunk.length })
      this.#wake()
    })
    this.socket.on('end', () => this.#over('end'))
    this.socket.on('error', (error: NodeJS.ErrnoException) => this.#over(error.code === 'ECONNREFUSED' ? 'refused' : 'reset'))
  }

  send(text: string): this {
    this.socket.write(text, 'latin1')
    return this
  }

  /** What came by the time that it was as long as this, or matched it, or the connection ended, or nothing more came. */
  async heard(until: string | number | RegExp): Promise<string> {
    const isEnough = () => (until instanceof RegExp ? until.test(this.text) : this.text.length >= (typeof until === 'string' ? until.length : until))
    const began = this.#millis()
    while (!isEnough() && this.ended === 'open' && this.#millis() - began < PATIENCE_MILLIS)
      await Promise.race([this.#next(), pause(PATIENCE_MILLIS)])
    return this.text
  }

  async over(): Promise<RawPeer['ended']> {
    while (this.ended === 'open') await this.#next()
    return this.ended
  }

  /** What came within that time. */
  async within(millis: number): Promise<string> {
    await pause(millis)
    return this.text
  }

  /** Milliseconds from sending this to its answer of so many characters. */
  async timed(text: string, characters: number): Promise<number> {
    const before = this.#millis()
    const due = this.text.length + characters
    this.send(text)
    await this.heard(due)
    return this.#millis() - before
  }

  close(): void {
    this.socket.destroy()
  }

  #over(how: RawPeer['ended']): void {
    if (this.ended === 'open') this.ended = how
    this.#wake()
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  #millis(): number {
    return Number(process.hrtime.bigint() - this.#beganNanos) / 1e6
  }
}
